from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from engagement.audit.models import Entry
from engagement.places.actions import BoundaryReport
from engagement.places.models import Agency, Area, AreaVersion
from engagement.places.queries import areas_at
from tests.engagement.places.town import (
    NOON,
    collection,
    feature,
    import_districts,
    polygon,
    square,
    two_districts,
    written,
)

TODAY = date(2026, 3, 2)
NEXT_YEAR = NOON + timedelta(days=365)
pytestmark = pytest.mark.django_db


def moved() -> dict[str, Any]:
    """Mill Creek reaches farther, Riverside is gone, Hilltop is new."""
    return collection(
        [
            feature(polygon(square(0, 0, 0.02)), NAME="Mill Creek", CODE="1"),
            feature(polygon(square(4, 0)), NAME="Hilltop", CODE="3"),
        ]
    )


def versions(code: str) -> list[tuple[date, date | None]]:
    rows = AreaVersion.objects.filter(area__code=code).order_by("valid_from")
    return list(rows.values_list("valid_from", "valid_until"))


def test_the_first_import_is_in_force_from_the_agencys_today(
    agency: Agency, tmp_path: Path
) -> None:
    report = import_districts(agency, written(tmp_path, two_districts()))
    assert report == BoundaryReport(created=2)
    assert versions("1") == [(TODAY, None)]
    entry = Entry.objects.get(event="BOUNDARIES_IMPORTED")
    assert (entry.agency_id, entry.subject_reference) == (agency.pk, "millbrook")


def test_the_same_file_again_changes_nothing(agency: Agency, tmp_path: Path) -> None:
    path = written(tmp_path, two_districts())
    import_districts(agency, path)
    before = Agency.objects.get(pk=agency.pk).boundary_revision
    report = import_districts(agency, path, now=NEXT_YEAR)
    assert report == BoundaryReport(unchanged=2)
    assert report.is_nothing_new
    assert Agency.objects.get(pk=agency.pk).boundary_revision == before
    assert Entry.objects.filter(event="BOUNDARIES_IMPORTED").count() == 1


def test_a_new_map_opens_versions_and_closes_the_old_ones_the_day_before(
    agency: Agency, tmp_path: Path
) -> None:
    import_districts(agency, written(tmp_path, two_districts()))
    identity = Area.objects.get(code="1").pk
    report = import_districts(agency, written(tmp_path, moved()), now=NEXT_YEAR)
    assert report == BoundaryReport(created=1, changed=1, ended=1)
    new_year = TODAY + timedelta(days=365)
    eve = new_year - timedelta(days=1)
    assert versions("1") == [(TODAY, eve), (new_year, None)]
    assert versions("2") == [(TODAY, eve)]
    assert versions("3") == [(new_year, None)]
    assert Area.objects.get(code="1").pk == identity


def test_an_area_that_comes_back_is_the_same_area(agency: Agency, tmp_path: Path) -> None:
    path = written(tmp_path, two_districts())
    import_districts(agency, path)
    identity = Area.objects.get(code="2").pk
    import_districts(agency, written(tmp_path, moved(), "new.geojson"), now=NEXT_YEAR)
    import_districts(agency, path, now=NEXT_YEAR + timedelta(days=30))
    assert Area.objects.get(code="2").pk == identity
    assert len(versions("2")) == 2
    assert versions("2")[1][1] is None


def test_a_second_map_on_the_same_day_replaces_the_first(agency: Agency, tmp_path: Path) -> None:
    path = written(tmp_path, two_districts())
    import_districts(agency, path)
    import_districts(agency, written(tmp_path, moved(), "new.geojson"))
    assert versions("1") == [(TODAY, None)]
    assert versions("2") == []
    import_districts(agency, path)
    assert versions("1") == versions("2") == [(TODAY, None)]
    assert versions("3") == []
    with time_machine.travel(NOON):
        fresh = Agency.objects.get(pk=agency.pk)
        assert areas_at(agency=fresh, lon=-91.985, lat=38.005)["district"].code == "2"


def test_a_renamed_area_keeps_its_polygon_and_its_address(agency: Agency, tmp_path: Path) -> None:
    import_districts(agency, written(tmp_path, two_districts()))
    renamed = two_districts()
    renamed["features"][0]["properties"]["NAME"] = "Old Mill"
    report = import_districts(agency, written(tmp_path, renamed), now=NEXT_YEAR)
    assert report == BoundaryReport(changed=1, unchanged=1)
    area = Area.objects.get(code="1")
    assert (area.name, area.slug) == ("Old Mill", "mill-creek")
    assert versions("1") == [(TODAY, None)]


def test_layers_do_not_disturb_each_other_and_share_no_address(
    agency: Agency, tmp_path: Path
) -> None:
    path = written(tmp_path, two_districts())
    import_districts(agency, path)
    import_districts(agency, path, layer="neighborhood")
    assert set(Area.objects.filter(agency=agency).values_list("layer", "slug")) == {
        ("district", "mill-creek"),
        ("district", "riverside"),
        ("neighborhood", "neighborhood-mill-creek"),
        ("neighborhood", "neighborhood-riverside"),
    }
    assert AreaVersion.objects.filter(valid_until=None).count() == 4
