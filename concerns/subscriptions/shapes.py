"""Shapes that people draw to follow what happens inside. Pure.

A shape that is small, or holds next to no anchor, could be moved about until it names one house;
so it is refused, though it is only ever compared with anchors.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _

from concerns.published.anchors import BLOCK_METRES, METRES_PER_DEGREE, STREET_METRES, nearest

MOST_CORNERS = 100
LONGEST_TEXT = 10_000
LEAST_SQUARE_METRES = 100_000.0
FEWEST_ANCHORS = 3
CIRCLE_CORNERS = 32
DIGITS = 6

REASONS = {
    "unreadable": _("This shape cannot be read. Draw it again."),
    "corners": _("A shape needs three corners or more, and at most 100."),
    "crossed": _("The lines of this shape cross each other. Draw it so that none cross."),
    "outside": _("This shape reaches far outside of the places we look after."),
    "small": _(
        "This shape is too small. It must hold at least 25 acres (10 hectares), about four city "
        "blocks: a smaller one could tell who lives where."
    ),
    "anchors": _(
        "This shape is too narrow. Places are rounded before they are shown, and fewer than three "
        "such rounded places lie inside."
    ),
}


class BadShape(ValueError):
    """`reason` is a key of REASONS; `str()` says it in the reader's language."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(REASONS[self.reason])


@dataclass(frozen=True)
class Box:
    """In degrees, WGS84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Shape:
    """One closed ring without crossings, in degrees (WGS84)."""

    polygon: shapely.Polygon

    @property
    def box(self) -> Box:
        return Box(*map(float, self.polygon.bounds))

    def as_geojson(self) -> dict[str, Any]:
        return {"type": "Polygon", "coordinates": [list(map(list, self.polygon.exterior.coords))]}

    def holds(self, lon: float, lat: float) -> bool:
        """Whether an anchor lies inside or on the border."""
        return bool(shapely.intersects_xy(self.polygon, lon, lat))


def read_shape(text: str, *, bounds: Box | None) -> Shape:
    """The shape that a page sends as GeoJSON, closed if need be. Raises BadShape.

    `bounds` is the box that it must lie in, None where the agency has not said where it is.
    """
    polygon = _polygon(text)
    if not polygon.is_valid:
        raise BadShape("crossed")
    return _checked(Shape(polygon), bounds)


def circle(lon: float, lat: float, *, metres: float, bounds: Box | None) -> Shape:
    """The same around a point, as a polygon of 32 corners. Raises BadShape."""
    up = metres / METRES_PER_DEGREE
    aside = up / _squeeze(lat)
    turns = [2 * math.pi * corner / CIRCLE_CORNERS for corner in range(CIRCLE_CORNERS)]
    corners = [
        (round(lon + aside * math.cos(turn), DIGITS), round(lat + up * math.sin(turn), DIGITS))
        for turn in turns
    ]
    return _checked(Shape(shapely.Polygon(corners)), bounds)


def stored_shape(geojson: dict[str, Any]) -> Shape:
    """A shape as the database has it; it was checked when it came."""
    return Shape(shapely.Polygon(geojson["coordinates"][0]))


def square_metres(polygon: shapely.Polygon) -> float:
    """Its area on the ground, to about a percent for shapes of a city's size."""
    squeeze = _squeeze(polygon.centroid.y)
    return float(polygon.area * METRES_PER_DEGREE**2 * squeeze)


def anchors_inside(found: Shape, *, enough: int) -> int:
    """How many anchors of the fixed grids, fine and coarse, lie inside; counts up to `enough`."""
    anchors: set[tuple[float, float]] = set()
    for metres in (BLOCK_METRES, STREET_METRES):
        for lon, lat in _grid(found.box, metres):
            anchor = nearest(lon, lat, metres=metres)
            if found.holds(*anchor):
                anchors.add(anchor)
            if len(anchors) >= enough:
                return len(anchors)
    return len(anchors)


def _checked(found: Shape, bounds: Box | None) -> Shape:
    box = found.box
    if bounds is not None and not (
        bounds.west <= box.west
        and box.east <= bounds.east
        and bounds.south <= box.south
        and box.north <= bounds.north
    ):
        raise BadShape("outside")
    if square_metres(found.polygon) < LEAST_SQUARE_METRES:
        raise BadShape("small")
    if anchors_inside(found, enough=FEWEST_ANCHORS) < FEWEST_ANCHORS:
        raise BadShape("anchors")
    return found


def _polygon(text: str) -> shapely.Polygon:
    if len(text) > LONGEST_TEXT:
        raise BadShape("corners")
    try:
        sent = json.loads(text)
        (ring,) = sent["coordinates"]
        points = [(round(float(lon), DIGITS), round(float(lat), DIGITS)) for lon, lat in ring]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        raise BadShape("unreadable") from None
    if sent.get("type") != "Polygon" or not all(_on_earth(*point) for point in points):
        raise BadShape("unreadable")
    if points and points[0] == points[-1]:
        points = points[:-1]
    if not 3 <= len(points) <= MOST_CORNERS:
        raise BadShape("corners")
    return shapely.Polygon(points)


def _on_earth(lon: float, lat: float) -> bool:
    return math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -85 <= lat <= 85


def _grid(box: Box, metres: float) -> list[tuple[float, float]]:
    """Points so dense that each anchor in the box is the nearest one of some."""
    step = metres / METRES_PER_DEGREE / 2
    rows = int((box.north - box.south) / step) + 2
    columns = int((box.east - box.west) / step) + 2
    # Shapes as large as a county hold anchors everywhere: every few lines are enough for them.
    down, across = max(1, rows // 200), max(1, columns // 200)
    return [
        (box.west + step * column, box.south + step * row)
        for row in range(0, rows, down)
        for column in range(0, columns, across)
    ]


def _squeeze(lat: float) -> float:
    return max(0.01, math.cos(math.radians(lat)))
