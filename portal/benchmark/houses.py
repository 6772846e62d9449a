"""House numbers of the largest agency, so that finding one is measured among many."""

from datetime import datetime

import numpy as np

from engagement.audit.actors import Actor
from engagement.places.actions import store_addresses
from engagement.places.importing.addresses import AddressPoint
from engagement.places.models import Agency, Street
from engagement.places.queries import agency_bounds

BY = Actor.task("seed_bench")
MOST = 200_000
# One for so many concerns: a city files about one report a year for each of its houses.
CONCERNS_PER_HOUSE = 5
INVENTED_STREETS = 1_500


def number(agency: Agency, *, concerns: int, now: datetime, chance: np.random.Generator) -> int:
    """Give the agency's streets, and many more that it invents, house numbers; returns how many."""
    wanted = min(MOST, concerns // CONCERNS_PER_HOUSE)
    bounds = agency_bounds(agency)
    assert bounds is not None
    known = Street.objects.filter(agency=agency).order_by("name").values_list("name", flat=True)
    names = [*known, *(f"{place} Bench St" for place in range(1_000, 1_000 + INVENTED_STREETS))]
    lons = chance.uniform(bounds.west, bounds.east, wanted).tolist()
    lats = chance.uniform(bounds.south, bounds.north, wanted).tolist()
    found = (
        AddressPoint(
            number=100 + 2 * (place // len(names)),
            suffix="",
            street=names[place % len(names)],
            lon=round(lon, 6),
            lat=round(lat, 6),
        )
        for place, (lon, lat) in enumerate(zip(lons, lats, strict=True))
    )
    return store_addresses(agency_id=agency.pk, found=found, by=BY, now=now).addresses
