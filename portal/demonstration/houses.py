"""House numbers along the invented streets: a hundred to the block, even ones on one side."""

import math
from collections.abc import Iterable, Iterator

from shapely.geometry import shape

from engagement.places.importing.addresses import AddressPoint
from portal.demonstration.city import (
    AVENUE_STEP,
    MAIN_STREET,
    METERS_PER_LAT,
    METERS_PER_LON,
    ORIGIN_LAT,
    ORIGIN_LON,
    STREET_STEP,
    Feature,
    lonlat,
)

APART, FROM_THE_MIDDLE = 40.0, 14.0
MAIN = MAIN_STREET * STREET_STEP


def houses(streets: Iterable[Feature]) -> Iterator[AddressPoint]:
    """Give the houses of the grid's streets; slanted roads have none."""
    for street in streets:
        points = [_meters(*point) for point in shape(street["geometry"]).coords]
        (x, y), (end_x, end_y) = points[0], points[-1]
        name = str(street["properties"]["name"])
        if abs(end_x - x) < 1:
            yield from _along(name, min(y, end_y), max(y, end_y), across=x, is_avenue=True)
        elif abs(end_y - y) < 1:
            yield from _along(name, min(x, end_x), max(x, end_x), across=y, is_avenue=False)


def _along(
    name: str, first: float, last: float, *, across: float, is_avenue: bool
) -> Iterator[AddressPoint]:
    """Houses on both sides, at the same places however the line was cut."""
    step = STREET_STEP if is_avenue else AVENUE_STEP
    for place in range(math.ceil(first / APART), math.floor(last / APART) + 1):
        at = place * APART
        away = abs(at - MAIN) if is_avenue else abs(at)
        number = 100 * (1 + int(away // step)) + 2 * int(away % step / step * 45)
        for side in (0, 1):
            off = across + FROM_THE_MIDDLE * (1 - 2 * side)
            lon, lat = lonlat(off, at) if is_avenue else lonlat(at, off)
            yield AddressPoint(number=number + side, suffix="", street=name, lon=lon, lat=lat)


def _meters(lon: float, lat: float) -> tuple[float, float]:
    return (lon - ORIGIN_LON) * METERS_PER_LON, (lat - ORIGIN_LAT) * METERS_PER_LAT
