"""The two invented agencies: their boundaries, streets, numbers and holidays."""

import json
from datetime import date, datetime
from pathlib import Path

from concerns.actions.categories import store_categories
from engagement.audit.actors import Actor
from engagement.places.actions import (
    create_agency,
    store_addresses,
    store_boundaries,
    store_streets,
)
from engagement.places.importing.boundaries import read_areas
from engagement.places.importing.geojson import read_geojson
from engagement.places.importing.refusal import AREA_LIMITS, STREET_LIMITS
from engagement.places.importing.source import Source
from engagement.places.importing.streets import read_streets
from engagement.places.models import Agency, Holiday, Hotline
from engagement.places.wording import Wording
from portal.demonstration.city import City, Feature, cedar_bend, eastfield
from portal.demonstration.houses import houses

SOURCE = "invented for the demonstration"
# Fixed days of a year and its Mondays and Thursdays that move; enough for the clocks to show.
HOLIDAYS = (
    (1, 1, "New Year's Day"),
    (6, 19, "Juneteenth"),
    (7, 4, "Independence Day"),
    (11, 11, "Veterans Day"),
    (12, 25, "Christmas Day"),
)


def build_agencies(*, by: Actor, now: datetime) -> tuple[Agency, Agency]:
    """Create both agencies with all that a resident's first page needs."""
    home = _agency("cedar-bend", "Cedar Bend Police Department", cedar_bend(), by=by, now=now)
    other = _agency("eastfield", "Eastfield Police Department", eastfield(), by=by, now=now)
    _store_hotlines(now)
    return home, other


def _store_hotlines(now: datetime) -> None:
    """National numbers as their operators publish them; local ones are fictional numbers."""
    lines = json.loads(Path(__file__).with_name("hotlines.json").read_text(encoding="utf-8"))
    for position, line in enumerate(lines):
        Hotline.objects.create(
            agency=None,
            code=line["code"],
            number=line["number"],
            number_href=line["href"],
            label=Wording(line["label"]),
            when=Wording(line["when"]),
            hours=Wording(line.get("hours", {})),
            sort=10 * position,
            last_checked_on=now.date(),
        )


def _agency(slug: str, name: str, city: City, *, by: Actor, now: datetime) -> Agency:
    agency = create_agency(slug=slug, name=name, by=by, now=now)
    agency.short_name = name.removesuffix(" Police Department")
    agency.non_emergency_phone = "555-0100"
    agency.looks_at_reports = Wording(
        {
            "en": "An officer reads new reports every weekday morning at eight.",
            "es": "Un oficial lee los reportes nuevos cada día hábil a las ocho de la mañana.",
        }
    )
    agency.save()
    _store_layer(agency, "district", city.districts, by=by, now=now)
    _store_layer(agency, "neighborhood", city.neighborhoods, by=by, now=now)
    found = read_streets(
        _source(city.streets, streets=True), name_field="name", class_field="class"
    )
    store_streets(agency_id=agency.pk, found=found, by=by, now=now)
    store_addresses(agency_id=agency.pk, found=houses(city.streets), by=by, now=now)
    for month, day, holiday in HOLIDAYS:
        for year in (now.year - 1, now.year, now.year + 1):
            Holiday.objects.create(agency=agency, on=date(year, month, day), name=holiday)
    store_categories(agency=agency, by=by, now=now)
    agency.refresh_from_db()
    return agency


def _store_layer(
    agency: Agency, layer: str, features: list[Feature], *, by: Actor, now: datetime
) -> None:
    areas = read_areas(_source(features), layer=layer, name_field="name", code_field="code")
    store_boundaries(agency_id=agency.pk, layer=layer, areas=areas, source=SOURCE, by=by, now=now)


def _source(features: list[Feature], *, streets: bool = False) -> Source:
    written = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return read_geojson(written, STREET_LIMITS if streets else AREA_LIMITS)
