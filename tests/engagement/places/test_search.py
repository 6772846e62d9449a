from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from engagement.places.models import Agency
from engagement.places.queries import PlaceHit, search_places
from tests.engagement.places.town import (
    collection,
    import_districts,
    import_streets,
    line,
    town_streets,
    two_districts,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(agency: Agency, tmp_path: Path) -> Agency:
    import_districts(agency, written(tmp_path, two_districts()))
    import_streets(agency, written(tmp_path, collection(town_streets())))
    return Agency.objects.get(pk=agency.pk)


def first(town: Agency, text: str) -> PlaceHit:
    return search_places(agency=town, text=text)[0]


@pytest.mark.parametrize(
    "typed",
    [
        "Gravois & S Grand",
        "gravois ave / grand",
        "Gravois Avenue and South Grand Boulevard",
        "GRAVOIS AT GRAND",
        "gravios & garnd",
        "gravois grand",
        "grav & gran",
        "esquina de Gravois y Grand",
        "corner of gravois and grand",
        "3500 S Grand & Gravois",
    ],
)
def test_a_corner_is_found_however_it_is_typed(town: Agency, typed: str) -> None:
    hit = first(town, typed)
    assert set(hit.label.split(" & ")) == {"Gravois Ave", "S Grand Blvd"}
    assert (hit.kind, hit.exact) == ("corner", True)
    assert (hit.lon, hit.lat) == pytest.approx((-91.99, 38.006), abs=2e-5)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("S Grand Blvd", "S Grand Blvd"),
        ("north grand", "N Grand Blvd"),
        ("grandview", "Grandview Pl"),
        ("39 street", "39th St"),
        ("39th", "39th St"),
        ("saint louis", "St Louis Ave"),
        ("St. Louis", "St Louis Ave"),
        ("I-70", "Interstate 70"),
        ("utha", "Utah St"),
    ],
)
def test_a_street_is_found_whatever_its_direction_and_type(
    town: Agency, typed: str, label: str
) -> None:
    hit = first(town, typed)
    assert (hit.label, hit.kind, hit.exact) == (label, "street", False)


def test_a_house_number_gives_the_middle_of_the_street_as_not_exact(town: Agency) -> None:
    hit = first(town, "3500 S Grand")
    assert hit == PlaceHit("S Grand Blvd", "street", -91.99, 38.01, False)


def test_an_area_is_found_by_name(town: Agency) -> None:
    hit = first(town, "mill crek")
    assert (hit.label, hit.kind, hit.exact) == ("Mill Creek", "area", False)
    assert hit.lon == pytest.approx(-91.995, abs=0.005)


def test_corners_of_one_name_are_told_apart_by_their_area(agency: Agency, tmp_path: Path) -> None:
    loop = [line("Main St", (0, 0.5), (2, 0.5)), line("Loop Rd", (0.5, 0), (0.5, 0.9))]
    loop += [line("Loop Rd", (0.5, 0.9), (1.5, 0.9)), line("Loop Rd", (1.5, 0.9), (1.5, 0))]
    import_streets(agency, written(tmp_path, collection(loop)))
    import_districts(agency, written(tmp_path, two_districts()), layer="neighborhood")
    found = search_places(agency=Agency.objects.get(pk=agency.pk), text="main & loop")
    assert {hit.label for hit in found} == {
        "Main St & Loop Rd (Mill Creek)",
        "Main St & Loop Rd (Riverside)",
    }


def test_a_number_is_never_taken_for_a_typing_error(town: Agency) -> None:
    assert [hit.label for hit in search_places(agency=town, text="Interstate 90")] == []


def test_streets_that_never_meet_are_both_offered(town: Agency) -> None:
    found = search_places(agency=town, text="Grandview & 39th")
    assert [hit.label for hit in found] == ["Grandview Pl", "39th St"]
    assert not any(hit.exact for hit in found)


def test_nothing_is_found_for_nothing(town: Agency, elsewhere: Agency) -> None:
    assert search_places(agency=town, text="xqzxqz") == []
    assert search_places(agency=town, text=" & ") == []
    assert search_places(agency=town, text="") == []
    assert search_places(agency=elsewhere, text="Gravois & Grand") == []


def test_searching_asks_the_database_nothing_once_the_map_is_known(
    town: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    search_places(agency=town, text="grand")
    with django_assert_num_queries(0):
        assert len(search_places(agency=town, text="grand", limit=2)) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_whatever_is_typed_gets_an_answer(town: Agency, text: str) -> None:
    for hit in search_places(agency=town, text=text, limit=3):
        assert hit.kind in {"corner", "street", "area"}
