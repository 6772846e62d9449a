"""From what a file holds to shapely geometries in degrees: checked, transformed, turned round."""

import itertools
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from engagement.places.importing.refusal import ImportRefused, Limits, Notices

Coordinates = NDArray[np.float64]
# Nobody polices Antarctica; a latitude below this is a longitude of the Americas.
SOUTHERNMOST = -60
# Larger than any agency; a feature farther off than this has its numbers mixed up.
FARTHEST_DEGREES = 40.0


class Reader:
    """Builds raw geometries of one file and counts their vertices against the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._vertices = 0
        self._feature_vertices = 0

    def polygons(self, number: int, geometry: Any) -> list[BaseGeometry]:
        """Give the polygons of a feature, possibly invalid, in the file's own system."""
        kinds = {"Polygon": 1, "MultiPolygon": 2}
        members = _members(number, geometry, kinds, "polygon")
        if sum(len(_list(number, rings)) for rings in members) > self._limits.rings_per_feature:
            raise ImportRefused("It has too many rings.", feature=number)
        self._feature_vertices = 0
        return [self._polygon(number, rings) for rings in members if rings]

    def lines(self, number: int, geometry: Any) -> list[BaseGeometry]:
        """Give each line of a LineString or MultiLineString that has two points or more."""
        kinds = {"LineString": 1, "MultiLineString": 2}
        self._feature_vertices = 0
        members = _members(number, geometry, kinds, "line")
        read = [self._positions(number, line) for line in members]
        return [shapely.LineString(line) for line in read if len(np.unique(line, axis=0)) > 1]

    def point(self, number: int, geometry: Any) -> BaseGeometry:
        """Give the point of a feature; the first of several."""
        self._feature_vertices = 0
        members = _members(number, geometry, {"Point": 1, "MultiPoint": 2}, "point")
        return shapely.Point(self._positions(number, members[:1])[0])

    def _polygon(self, number: int, rings: list[Any]) -> BaseGeometry:
        read = [self._ring(number, ring) for ring in rings]
        return shapely.Polygon(read[0], read[1:])

    def _ring(self, number: int, ring: Any) -> Coordinates:
        positions = self._positions(number, ring)
        if len(np.unique(positions, axis=0)) < 3:
            raise ImportRefused("It has a ring with fewer than three points.", feature=number)
        if (positions[0] != positions[-1]).any():
            positions = np.vstack([positions, positions[:1]])
        return positions

    def _positions(self, number: int, positions: Any) -> Coordinates:
        points = _list(number, positions)
        self._count(number, len(points))
        flat = [_position(number, point) for point in points]
        read = np.array(flat, dtype=np.float64).reshape(-1, 2)
        if not np.isfinite(read).all():
            raise ImportRefused("It has a coordinate that is not a finite number.", feature=number)
        return read

    def _count(self, number: int, more: int) -> None:
        self._vertices += more
        self._feature_vertices += more
        too_many = self._feature_vertices > self._limits.vertices_per_feature
        if too_many or self._vertices > self._limits.vertices:
            raise ImportRefused("It has too many points.", feature=number)


def _list(number: int, value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ImportRefused("Its coordinates are not lists of numbers.", feature=number)
    return value


def _members(number: int, geometry: Any, kinds: dict[str, int], wanted: str) -> list[Any]:
    if not isinstance(geometry, dict):
        raise ImportRefused("It has no geometry.", feature=number)
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        raise ImportRefused(f"It is a {str(kind)[:40]}, not a {wanted}.", feature=number)
    coordinates = _list(number, geometry.get("coordinates"))
    if not coordinates:
        raise ImportRefused("It has no geometry.", feature=number)
    return [coordinates] if kinds[kind] == 1 else list(coordinates)


def _position(number: int, point: Any) -> tuple[float, float]:
    if isinstance(point, list | tuple) and 2 <= len(point) <= 4:
        x, y = point[0], point[1]
        if type(x) in (int, float) and type(y) in (int, float):
            try:
                return float(x), float(y)
            except OverflowError:
                return math.inf, math.inf
    raise ImportRefused("Its coordinates are not lists of numbers.", feature=number)


def to_degrees(
    shapes: list[BaseGeometry],
    numbers: list[int],
    crs: pyproj.CRS | None,
    notices: Notices,
) -> list[BaseGeometry]:
    """Turn shapes into degrees (WGS84, longitude first), each shape of feature `numbers[i]`.

    Latitude and longitude in the wrong order are turned round with a notice.
    Raises ImportRefused when the numbers can be no degrees or a shape lies far off the others.
    """
    everything = shapely.get_coordinates(shapes)
    if crs is not None and crs.is_projected and _fits_degrees(everything):
        notices.add(f"The file says {crs.name}, but its numbers are degrees: read as degrees.")
    elif crs is not None and not _is_wgs84(crs):
        shapes = _transformed(shapes, numbers, crs)
        everything = shapely.get_coordinates(shapes)
        notices.add(f"Turned from {crs.name} into degrees (WGS84).")
    if _is_swapped(everything):
        shapes = [shapely.transform(shape, lambda points: points[:, ::-1]) for shape in shapes]
        notices.add("Latitude came before longitude in the file: turned round.")
    _check_range(shapes, numbers)
    _check_together(shapes, numbers)
    return shapes


def _is_wgs84(crs: pyproj.CRS) -> bool:
    return bool(crs.is_geographic) and crs.to_epsg() in (4326, 4979)


def _fits_degrees(points: Coordinates) -> bool:
    return bool((np.abs(points[:, 0]) <= 180).all() and (np.abs(points[:, 1]) <= 90).all())


def _is_swapped(points: Coordinates) -> bool:
    first, second = points[:, 0], points[:, 1]
    if not (np.abs(first) <= 90).all() or not (np.abs(second) <= 180).all():
        return False
    return bool((np.abs(second) > 90).any() or (second < SOUTHERNMOST).all())


def _transformed(
    shapes: list[BaseGeometry], numbers: list[int], crs: pyproj.CRS
) -> list[BaseGeometry]:
    transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def turn(points: Coordinates) -> Coordinates:
        lon, lat = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([lon, lat])

    turned = [shapely.transform(shape, turn) for shape in shapes]
    for shape, number in zip(turned, numbers, strict=True):
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            raise ImportRefused(f"It does not fit on the map of {crs.name}.", feature=number)
    return turned


def _check_range(shapes: Iterable[BaseGeometry], numbers: list[int]) -> None:
    for shape, number in zip(shapes, numbers, strict=True):
        points = shapely.get_coordinates(shape)
        if not _fits_degrees(points):
            x, y = points[np.abs(points).max(axis=1).argmax()]
            raise ImportRefused(
                f"Its coordinates ({x:.6g}, {y:.6g}) are no degrees. If the file uses another"
                " coordinate system, name it: --crs EPSG:2815.",
                feature=number,
            )


def _check_together(shapes: list[BaseGeometry], numbers: list[int]) -> None:
    boxes = shapely.bounds(np.array(shapes, dtype=object))
    middles = np.column_stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]]) / 2
    off = np.abs(middles - np.median(middles, axis=0)).max(axis=1)
    sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    for number, distance, size in zip(numbers, off, sizes, strict=True):
        if distance > FARTHEST_DEGREES or size > 2 * FARTHEST_DEGREES:
            raise ImportRefused("It lies far away from the other features.", feature=number)


def plain(value: Any) -> Any:
    """Write coordinates as lists of numbers with 6 decimals (about 10 cm), as JSON stores them."""
    if isinstance(value, float):
        return round(value, 6)
    return [plain(inner) for inner in value]


def chunks(total: int, size: int) -> Iterable[range]:
    """Cut range(total) into ranges of at most `size`."""
    return itertools.starmap(range, ((at, min(at + size, total)) for at in range(0, total, size)))
