"""Storing an agency's streets and corners."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.events import STREETS_IMPORTED
from engagement.places.importing.streets import StreetFile, StreetLines
from engagement.places.models import Agency, Corner, Street
from engagement.places.names import parts


@dataclass(frozen=True)
class StreetReport:
    streets: int
    corners: int
    is_nothing_new: bool


@transaction.atomic(durable=True)
def store_streets(*, agency_id: int, found: StreetFile, by: Actor, now: datetime) -> StreetReport:
    """Replace the agency's streets and corners by these; the same again change nothing."""
    # Two imports at once would mix their rows; the second waits here.
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    streets = [_street(agency, street) for street in found.streets]
    corners = [
        Corner(
            agency=agency,
            street_a=corner.street_a,
            street_b=corner.street_b,
            lon=corner.lon,
            lat=corner.lat,
        )
        for corner in found.corners
    ]
    report = StreetReport(len(streets), len(corners), _are_stored(agency, streets, corners))
    if report.is_nothing_new:
        return report
    Corner.objects.filter(agency=agency).delete()
    Street.objects.filter(agency=agency).delete()
    Street.objects.bulk_create(streets, batch_size=1000)
    Corner.objects.bulk_create(corners, batch_size=5000)
    record(
        STREETS_IMPORTED,
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
        payload={"streets": report.streets, "corners": report.corners},
    )
    return report


def _street(agency: Agency, found: StreetLines) -> Street:
    return Street(
        agency=agency,
        name=found.name,
        search_name=parts(found.name).core,
        street_class=found.street_class,
        lines=found.lines,
        min_lon=found.bounds.west,
        min_lat=found.bounds.south,
        max_lon=found.bounds.east,
        max_lat=found.bounds.north,
    )


def _are_stored(agency: Agency, streets: Iterable[Street], corners: Iterable[Corner]) -> bool:
    kept_streets = Street.objects.filter(agency=agency).order_by("id")
    if {street.name: _told(street) for street in kept_streets} != {
        street.name: _told(street) for street in streets
    }:
        return False
    kept_corners = Corner.objects.filter(agency=agency).order_by("id")
    return sorted(map(_place, kept_corners)) == sorted(map(_place, corners))


def _told(street: Street) -> tuple[object, ...]:
    return street.search_name, street.street_class, street.lines


def _place(corner: Corner) -> tuple[str, str, float, float]:
    return corner.street_a, corner.street_b, corner.lon, corner.lat
