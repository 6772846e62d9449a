"""What the public calls the place of an anchor. Asks about the anchor, never about the point."""

import math
from dataclasses import dataclass

import shapely

from concerns.published.anchors import AREA, METRES_PER_DEGREE, STREET, Anchor
from engagement.places.models import Agency
from engagement.places.queries import AreaHit, areas_at
from engagement.places.queries.streetmaps import street_map

SEARCH_METRES = 150.0
LONGEST = 200


@dataclass(frozen=True)
class PublicPlace:
    """An anchor with its name and the ids of the areas that hold it."""

    anchor: Anchor
    label: str
    area_ids: tuple[int, ...]


def place_of(anchor: Anchor, *, agency: Agency, areas_of_point: dict[str, AreaHit]) -> PublicPlace:
    """Name an anchor. Where only an area is shown, that is the public layer's around the point,
    else the responsible one; a second layer would tell in which part of the first it lies."""
    if anchor.precision == AREA or anchor.lon is None or anchor.lat is None:
        shown = areas_of_point.get(agency.public_layer) or areas_of_point.get(
            agency.responsible_layer
        )
        return PublicPlace(
            anchor, shown.name if shown else _name(agency), (shown.id,) if shown else ()
        )
    around = areas_at(agency=agency, lon=anchor.lon, lat=anchor.lat)
    known = around.get(agency.public_layer) or around.get(agency.responsible_layer)
    parts = [known.name if known else _name(agency)]
    if anchor.precision == STREET:
        street = nearest_street(agency=agency, lon=anchor.lon, lat=anchor.lat)
        parts = [street[0], *parts] if street else parts
    label = ", ".join(parts)[:LONGEST]
    return PublicPlace(anchor, label, tuple(sorted(hit.id for hit in around.values())))


def nearest_street(*, agency: Agency, lon: float, lat: float) -> tuple[str, float] | None:
    """Return the nearest street's name and its distance in metres; None beyond 150 m. No query
    while the process knows the agency's streets, else two."""
    squeeze = math.cos(math.radians(lat))
    here = shapely.Point(lon * squeeze, lat)
    streets = street_map(agency)
    best: tuple[float, str] | None = None
    for place in streets.tree.query(_around(lon, lat)).tolist():
        path = shapely.LineString(shapely.get_coordinates(streets.lines[place]) * (squeeze, 1.0))
        found = (path.distance(here) * METRES_PER_DEGREE, streets.drawn[place].name)
        best = found if best is None else min(best, found)
    if best is None or best[0] > SEARCH_METRES:
        return None
    return best[1], best[0]


def _around(lon: float, lat: float) -> shapely.Polygon:
    up = SEARCH_METRES / METRES_PER_DEGREE
    aside = up / max(0.01, math.cos(math.radians(lat)))
    return shapely.box(lon - aside, lat - up, lon + aside, lat + up)


def _name(agency: Agency) -> str:
    return agency.short_name or agency.name
