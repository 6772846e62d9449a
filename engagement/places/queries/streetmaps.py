"""The street map of an agency, read once per revision and process."""

from django.db.models import Avg, Min

from engagement.places.memory import Memory
from engagement.places.models import Address, Agency, Corner, Street
from engagement.places.streetmap import StreetMap


def street_map(agency: Agency) -> StreetMap:
    """Give the agency's streets in memory. No query while the revision is known, else three."""
    return _maps.of(agency.pk, agency.street_revision)


def _build(agency_id: int, revision: int) -> StreetMap:
    streets = Street.objects.filter(agency_id=agency_id).order_by("name")
    corners = Corner.objects.filter(agency_id=agency_id).order_by("street_a", "street_b", "id")
    return StreetMap.of(
        streets.values_list("name", "lines"),
        corners.values_list("street_a", "street_b", "lon", "lat"),
        _addressed(agency_id),
        revision=revision,
    )


def _addressed(agency_id: int) -> list[tuple[str, float, float]]:
    """Streets as the addresses name them: (name, longitude, latitude)."""
    streets = Address.objects.filter(agency_id=agency_id).order_by("street_key")
    return list(
        streets.values("street_key")
        .annotate(name=Min("street"), at_lon=Avg("lon"), at_lat=Avg("lat"))
        .values_list("name", "at_lon", "at_lat")
    )


_maps: Memory[StreetMap] = Memory(_build, size=40)
