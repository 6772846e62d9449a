"""The street map of an agency, read once per revision and process."""

from engagement.places.memory import Memory
from engagement.places.models import Agency, Corner, Street
from engagement.places.streetmap import StreetMap


def street_map(agency: Agency) -> StreetMap:
    """Give the agency's streets in memory. No query while the revision is known, else two."""
    return _maps.of(agency.pk, agency.street_revision)


def _build(agency_id: int, revision: int) -> StreetMap:
    streets = Street.objects.filter(agency_id=agency_id).order_by("name")
    corners = Corner.objects.filter(agency_id=agency_id).order_by("street_a", "street_b", "id")
    return StreetMap.of(
        streets.values_list("name", "lines"),
        corners.values_list("street_a", "street_b", "lon", "lat"),
        revision=revision,
    )


_maps: Memory[StreetMap] = Memory(_build, size=40)
