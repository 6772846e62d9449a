"""Where a house number stands on streets that were found by name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engagement.places.models import Address, Agency

# A number that no file has stands between its neighbors, if they are this near.
REACH = 60


class Door(NamedTuple):
    """Where a house number is; `is_known` is False where it was put between its neighbors."""

    lon: float
    lat: float
    is_known: bool


def doors(*, agency: Agency, keys: Sequence[str], number: int) -> dict[str, Door]:
    """Find one house number on several streets, by street key; one indexed query.

    A number that is not in the file is placed between the two nearest on its side of the street.
    """
    rows = Address.objects.filter(
        agency=agency, street_key__in=keys, number__range=(number - REACH, number + REACH)
    ).order_by("number", "suffix")
    by_street: dict[str, list[Address]] = defaultdict(list)
    for row in rows:
        by_street[row.street_key].append(row)
    found = {key: _door(by_street[key], number) for key in keys if key in by_street}
    return {key: door for key, door in found.items() if door is not None}


def _door(houses: list[Address], number: int) -> Door | None:
    for house in houses:
        if house.number == number:
            return Door(house.lon, house.lat, is_known=True)
    below = _nearest((h for h in houses if h.number < number), number)
    above = _nearest((h for h in houses if h.number > number), number)
    if below is None or above is None:
        return None
    part = (number - below.number) / (above.number - below.number)
    return Door(
        round(below.lon + part * (above.lon - below.lon), 6),
        round(below.lat + part * (above.lat - below.lat), 6),
        is_known=False,
    )


def _nearest(houses: Iterable[Address], number: int) -> Address | None:
    """Even numbers stand across the street from odd ones."""
    same_side = (house for house in houses if house.number % 2 == number % 2)
    return min(same_side, key=lambda house: abs(house.number - number), default=None)
