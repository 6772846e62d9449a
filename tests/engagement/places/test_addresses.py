"""House numbers: imported, found as people type them, and the measure of public blocks."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from engagement.audit.models import Entry
from engagement.places.models import Address, Agency, Block
from engagement.places.queries import PlaceHit, blocks_of, search_places
from tests.engagement.places.town import (
    SOUTH,
    WEST,
    collection,
    feature,
    import_districts,
    import_streets,
    town_streets,
    two_districts,
    written,
)

pytestmark = pytest.mark.django_db


def house(number: object, street: str, east: float, north: float) -> dict[str, Any]:
    """A house so many hundredths of a degree east and north of town."""
    place = [round(WEST + east * 0.01, 6), round(SOUTH + north * 0.01, 6)]
    return feature({"type": "Point", "coordinates": place}, NUM=number, STREET=street)


def houses() -> list[dict[str, Any]]:
    """Utah St from 3400 to 3438, even numbers; one house on Grand, one in a lane without line."""
    row = [house(3400 + 2 * n, "UTAH ST", 0.1 + 0.04 * n, 1.01) for n in range(20)]
    return [*row, house("3500", "S Grand Blvd", 1.01, 0.5), house("12", "Cobble Ln", 0.5, 0.5)]


@pytest.fixture
def town(agency: Agency, tmp_path: Path) -> Agency:
    import_districts(agency, written(tmp_path, two_districts()))
    import_streets(agency, written(tmp_path, collection(town_streets())))
    return Agency.objects.get(pk=agency.pk)


def imported(path: Path, *more: str) -> str:
    out = io.StringIO()
    columns = ("--number-field", "num", "--street-field", "street")
    options = more if "--address-field" in more else (*columns, *more)
    call_command("import_addresses", str(path), "--agency", "millbrook", *options, stdout=out)
    return out.getvalue()


def found(text: str) -> list[PlaceHit]:
    return search_places(agency=Agency.objects.get(slug="millbrook"), text=text)


@pytest.mark.usefixtures("town")
def test_addresses_are_stored_once_and_told(tmp_path: Path) -> None:
    path = written(tmp_path, collection(houses()))
    assert imported(path) == "Millbrook Police: 22 addresses in 1 blocks.\n"
    assert imported(path).startswith("Nothing changed")
    assert Entry.objects.filter(event="ADDRESSES_IMPORTED").count() == 1
    assert Address.objects.count() == 22
    assert imported(written(tmp_path, collection(houses()[:12]))).startswith("Millbrook Police: 12")
    assert Address.objects.count() == 12


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "typed",
    ["3412 Utah St", "3412 utah", "3412 Utha Street", "3412 UTAH ST.", "3412-14 utah st"],
)
def test_a_house_number_is_found_however_it_is_typed(tmp_path: Path, typed: str) -> None:
    imported(written(tmp_path, collection(houses())))
    best = found(typed)[0]
    assert (best.label, best.kind, best.exact) == ("3412 Utah St", "address", True)
    assert (best.lon, best.lat) == (round(WEST + 0.0034, 6), round(SOUTH + 0.0101, 6))


@pytest.mark.usefixtures("town")
def test_a_number_between_two_known_ones_is_put_between_them_and_says_so(tmp_path: Path) -> None:
    imported(written(tmp_path, collection([h for h in houses() if h["properties"]["NUM"] != 3412])))
    best = found("3412 Utah")[0]
    assert (best.label, best.exact) == ("3412 Utah St", False)
    assert best.lon == pytest.approx(WEST + 0.0034, abs=1e-6)
    assert found("3413 Utah")[0].kind == "street"
    assert found("9000 Utah")[0].kind == "street"


@pytest.mark.usefixtures("town")
def test_a_street_that_only_the_addresses_know_is_found(tmp_path: Path) -> None:
    imported(written(tmp_path, collection(houses())))
    assert found("cobble lane")[0].label == "Cobble Ln"
    assert found("12 Cobble")[0].exact


@pytest.mark.usefixtures("town")
def test_a_street_named_in_full_is_meant_and_not_its_twin(tmp_path: Path) -> None:
    twins = [
        house(212, name, 0.2, 0.4 * n) for n, name in enumerate(("N Cedar Ave", "S Cedar Ave"), 1)
    ]
    imported(written(tmp_path, collection(twins)))
    for typed in ("212 N Cedar Ave", "212 north cedar avenue"):
        assert [(hit.label, hit.exact) for hit in found(typed)] == [
            ("212 N Cedar Ave", True),
            ("212 S Cedar Ave", False),
        ]
    assert all(hit.exact for hit in found("212 Cedar"))


def test_another_agencys_houses_are_not_found(
    town: Agency, elsewhere: Agency, tmp_path: Path
) -> None:
    imported(written(tmp_path, collection(houses())))
    assert search_places(agency=elsewhere, text="3412 Utah St") == []


def test_finding_a_house_asks_once(
    town: Agency, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    imported(written(tmp_path, collection(houses())))
    agency = Agency.objects.get(pk=town.pk)
    search_places(agency=agency, text="3412 Utah")
    with django_assert_num_queries(1):
        search_places(agency=agency, text="3412 Utah")


@pytest.mark.usefixtures("town")
def test_a_table_is_read_like_a_map_file(tmp_path: Path) -> None:
    rows = ["address,longitude,latitude"]
    rows += [f"34{n:02} Utah St,{WEST + 0.001 * n},{SOUTH + 0.0101}" for n in range(10, 22)]
    rows += ["3412 1/2 Utah St,,", f"No Number St,{WEST},{SOUTH}"]
    told = imported(written(tmp_path, "\n".join(rows), "houses.csv"), "--address-field", "Address")
    assert "Notice: 2 rows without number, street or place were left out." in told
    assert "12 addresses" in told
    assert found("3415 utah")[0].exact


@pytest.mark.usefixtures("town")
def test_what_lies_far_outside_or_stands_twice_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, collection([*houses(), houses()[0], house(1, "Far Rd", 90, 90)]))
    told = imported(path)
    assert "1 far outside Millbrook Police left out" in told
    assert "1 stood in the file more than once" in told


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("document", "options", "reason"),
    [
        (collection([house("x", "", 1, 1)]), (), "no house number with a street and a place"),
        (collection(houses()), ("--number-field", "nr"), "Fields in the file: NUM, STREET"),
        ("a,b\n1,2\n", (), "No column is called lon or longitude or long. Columns: a, b."),
        (collection(town_streets()), ("--number-field", "NAME", "--street-field", "NAME"), "house"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_and_changes_nothing(
    tmp_path: Path, document: object, options: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason) as told:
        imported(written(tmp_path, document), *options)
    assert "\n" not in str(told.value)
    assert not Address.objects.exists()


@pytest.mark.usefixtures("town")
def test_the_fields_must_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, collection(houses()))
    with pytest.raises(CommandError, match="Name --number-field and --street-field"):
        call_command("import_addresses", str(path), "--agency", "millbrook")


@pytest.mark.privacy
def test_blocks_follow_the_addresses_and_hold_ten_each(town: Agency, tmp_path: Path) -> None:
    assert blocks_of(town) is None
    imported(written(tmp_path, collection(houses())))
    blocks = blocks_of(Agency.objects.get(pk=town.pk))
    assert blocks is not None
    assert all(number >= 10 for number in Block.objects.values_list("numbers", flat=True))
    assert blocks.anchor(WEST + 0.003, SOUTH + 0.0101) is not None
    assert blocks.anchor(WEST + 0.5, SOUTH + 0.5) is None
