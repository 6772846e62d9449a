from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from engagement.places.models import Agency, Area, AreaVersion
from engagement.places.queries import (
    agency_areas,
    agency_bounds,
    area_outlines,
    areas_at,
    is_near_agency,
)
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

IN_MILL_CREEK = {"lon": -91.995, "lat": 38.005}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def fresh(agency: Agency) -> Agency:
    return Agency.objects.get(pk=agency.pk)


@pytest.fixture
def town(agency: Agency, tmp_path: Path) -> Agency:
    import_districts(agency, written(tmp_path, two_districts()))
    return fresh(agency)


def test_a_point_finds_its_area_without_a_query_once_the_process_knows_the_map(
    town: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert areas_at(agency=town, **IN_MILL_CREEK)["district"].name == "Mill Creek"
    again = fresh(town)
    with django_assert_num_queries(0):
        assert areas_at(agency=again, **IN_MILL_CREEK)["district"].code == "1"
        assert areas_at(agency=again, lon=-91.0, lat=38.0) == {}


def test_an_agency_without_areas_costs_one_query_once(
    agency: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert areas_at(agency=agency, **IN_MILL_CREEK) == {}
        assert areas_at(agency=agency, **IN_MILL_CREEK) == {}


def test_a_change_by_any_hand_is_seen_by_the_next_request(
    town: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    areas_at(agency=town, **IN_MILL_CREEK)
    Area.objects.filter(agency=town, code="1").update(name="Old Mill")
    changed = fresh(town)
    assert changed.boundary_revision > town.boundary_revision
    with django_assert_num_queries(1):
        assert areas_at(agency=changed, **IN_MILL_CREEK)["district"].name == "Old Mill"
    AreaVersion.objects.filter(agency=town, area__code="1").delete()
    assert areas_at(agency=fresh(town), **IN_MILL_CREEK) == {}


def test_a_revision_seen_in_a_failed_transaction_never_comes_back(town: Agency) -> None:
    with transaction.atomic():
        Area.objects.filter(agency=town, code="1").update(name="Never")
        seen_inside = fresh(town)
        assert areas_at(agency=seen_inside, **IN_MILL_CREEK)["district"].name == "Never"
        transaction.set_rollback(True)
    Area.objects.filter(agency=town, code="1").update(name="Old Mill")
    assert fresh(town).boundary_revision > seen_inside.boundary_revision
    assert areas_at(agency=fresh(town), **IN_MILL_CREEK)["district"].name == "Old Mill"


def test_agencies_do_not_see_each_other(town: Agency, elsewhere: Agency, tmp_path: Path) -> None:
    before = fresh(town).boundary_revision
    far = collection([feature(polygon(square(300, 0)), NAME="Far", CODE="1")])
    import_districts(elsewhere, written(tmp_path, far))
    assert areas_at(agency=fresh(elsewhere), **IN_MILL_CREEK) == {}
    assert [area.name for area in agency_areas(elsewhere, "district")] == ["Far"]
    assert fresh(town).boundary_revision == before


def test_an_area_ends_and_another_begins_at_midnight_of_the_agency(
    town: Agency, noon: time_machine.Traveller
) -> None:
    old = AreaVersion.objects.get(area__code="1")
    AreaVersion.objects.filter(pk=old.pk).update(
        valid_from=old.valid_from - timedelta(days=9), valid_until=old.valid_from
    )
    merged = Area.objects.get(agency=town, code="2")
    AreaVersion.objects.filter(area=merged).update(
        valid_from=old.valid_from + timedelta(days=1), shape=old.shape
    )
    agency = fresh(town)
    # 5:59 and 6:00 in the morning of Greenwich are the two sides of midnight in Chicago.
    noon.move_to("2026-03-03T05:59:59+00:00")
    assert areas_at(agency=agency, **IN_MILL_CREEK)["district"].code == "1"
    noon.move_to("2026-03-03T06:00:00+00:00")
    assert areas_at(agency=agency, **IN_MILL_CREEK)["district"].code == "2"
    assert [area.code for area in agency_areas(agency, "district")] == ["2"]
    assert [area.code for area in agency_areas(agency, "district", date(2026, 3, 1))] == ["1"]


def test_outlines_are_light_and_name_their_area(
    town: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    outlines = area_outlines(town, "district")
    assert outlines["type"] == "FeatureCollection"
    shapes = {each["properties"]["code"]: each["geometry"] for each in outlines["features"]}
    assert set(shapes) == {"1", "2"}
    assert sorted(shapes["1"]["coordinates"][0])[0] == [-92.0, 38.0]
    with django_assert_num_queries(0):
        assert area_outlines(town, "district") is outlines
        assert area_outlines(town, "ward")["features"] == []


def test_near_means_about_ten_kilometres_around_the_agency(town: Agency, elsewhere: Agency) -> None:
    assert agency_bounds(town) == (-92.0, 38.0, -91.98, 38.01)
    assert is_near_agency(town, -92.1, 38.0)
    assert not is_near_agency(town, -92.3, 38.0)
    assert not is_near_agency(town, 400.0, 38.0)
    assert agency_bounds(elsewhere) is None
    assert is_near_agency(elsewhere, 10.0, 50.0)


def test_a_version_cannot_name_an_area_of_another_agency(town: Agency, elsewhere: Agency) -> None:
    AreaVersion.objects.filter(agency=town).update(agency=elsewhere)
    with pytest.raises(IntegrityError, match="version_belongs_to_an_area_of_its_agency"):
        transaction.get_connection().check_constraints()
