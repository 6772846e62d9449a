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
    """Return the nearest street's name and its distance in metres; None beyond 150 m.

    No query while the process knows the agency's streets.
    """
    squeeze = math.cos(math.radians(lat))
    up = SEARCH_METRES / METRES_PER_DEGREE
    aside = up / max(0.01, squeeze)
    streets = street_map(agency)
    near = streets.tree.query(shapely.box(lon - aside, lat - up, lon + aside, lat + up))
    if not len(near):
        return None
    paths = shapely.transform(streets.lines[near], lambda points: points * (squeeze, 1.0))
    degrees = shapely.distance(paths, shapely.Point(lon * squeeze, lat)).tolist()
    distance, name = min(
        (away * METRES_PER_DEGREE, streets.drawn[place].name)
        for away, place in zip(degrees, near.tolist(), strict=True)
    )
    return None if distance > SEARCH_METRES else (name, distance)


def _name(agency: Agency) -> str:
    return agency.short_name or agency.name
