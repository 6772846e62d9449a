import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from concerns.models import (
    Concern,
    ConcernArea,
    ConcernRoute,
    ConcernTag,
    RoutingRule,
    StatusChange,
    Tag,
)
from concerns.models.rules import Cause
from concerns.published.models import PublicConcern
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import area_of

HEADING = "id,opened,closed,cancelled,due,status,kind,words,lon,lat\n"
ROWS = """\
1,2018-01-01T08:00:00,2018-01-05T16:00:00,,2018-01-15,CLOSED,Graffiti-Private,On a wall,-90.25,38.65
2,2018-01-02T23:30:00,,,2018-01-15,Disptch,Graffiti-Public,,-90.15,38.65
3,01/03/2018 02:15 PM,,01/03/2018,,CANCEL,GRAFFITI-PUBLIC,Gone,NA,NA
4,2018-01-03,NA,,,Closed,Potholes,Deep,-90.25,38.65
"""
MAP = [
    "id=external_id",
    "opened=opened",
    "closed=closed",
    "cancelled=closed",
    "due=target",
    "status=status",
    "kind=category",
    "words=text",
    "lon=lon",
    "lat=lat",
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "requests.csv"
    path.write_text(HEADING + ROWS)
    return path


def take_over(export: Path, *, columns: list[str] | None = None) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command(
        "import_requests",
        str(export),
        agency="riverton",
        map=columns or MAP,
        category_map=["graffiti*=graffiti", "pothole*=road_hazard", "permit*="],
        stdout=out,
        stderr=errors,
    )
    return out.getvalue(), errors.getvalue()


def test_past_requests_become_concerns_with_areas_and_owner(
    agency: Agency, officer: User, colleague: User, export: Path
) -> None:
    out, errors = take_over(export)
    assert "4 rows" in out
    assert "4 taken over" in out
    assert errors == ""
    rows = {row.external_id: row for row in Concern.objects.order_by("id")}
    states = {key: (row.state, row.outcome) for key, row in rows.items()}
    assert states == {
        "1": ("closed", "fixed"),
        "2": ("working", ""),
        "3": ("closed", "no_action"),
        "4": ("closed", "fixed"),
    }
    assert rows["1"].area == area_of(agency, "district", "west")
    assert (rows["1"].owner_id, rows["2"].owner_id) == (None, colleague.pk)
    assert str(rows["2"].received_on) == "2018-01-02", "the day is the agency's"
    assert rows["2"].text == "Graffiti-Public"
    assert (rows["3"].lon, rows["3"].area_id) == (None, None)
    assert ConcernArea.objects.filter(concern=rows["1"]).count() == 2
    assert StatusChange.objects.filter(concern=rows["1"]).count() == 2


def test_what_is_still_open_says_why_it_is_where_it_is(
    agency: Agency, officer: User, colleague: User, export: Path
) -> None:
    tag = Tag.objects.create(agency=agency, name="taken over")
    rule = RoutingRule.objects.create(
        agency=agency,
        name="All to West",
        position=1,
        target="person",
        person=officer,
        channels=["import"],
        tag=tag,
    )
    take_over(export)
    take_over(export)
    route = ConcernRoute.objects.get()
    assert (route.concern.external_id, route.concern.owner) == ("2", officer)
    assert (route.rule, route.rule_name, route.rule_version) == (rule, "All to West", 1)
    assert (route.user, route.cause) == (officer, Cause.IMPORTED)
    assert list(ConcernTag.objects.values_list("concern_id", "tag_id")) == [
        (route.concern_id, tag.pk)
    ]
    page = worlds.signed_in(officer).get(f"/desk/concerns/{route.concern.staff_reference}/")
    assert "By the rule “All to West”." in page.content.decode()
    assert "It was taken over from another system." in page.content.decode()


def test_what_fits_no_rule_says_so_too(
    agency: Agency, officer: User, colleague: User, export: Path
) -> None:
    take_over(export)
    route = ConcernRoute.objects.get()
    assert (route.rule, route.user) == (None, colleague)


def test_taking_over_tells_nobody_and_publishes_nothing(
    agency: Agency, officer: User, export: Path
) -> None:
    take_over(export)
    assert not Message.objects.exists()
    assert not PublicConcern.objects.exists()


def test_taking_over_twice_changes_nothing(agency: Agency, export: Path) -> None:
    take_over(export)
    before = list(Concern.objects.order_by("id").values_list("id", "staff_reference"))
    out, _errors = take_over(export)
    assert "0 taken over, 4 were here before" in out
    assert list(Concern.objects.order_by("id").values_list("id", "staff_reference")) == before
    assert StatusChange.objects.count() == 8


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,2018-01-01,,,,NEW,Graffiti,x,-90,38", "was in the file before"),
        (",2018-01-01,,,,NEW,Graffiti,x,-90,38", "it has no external_id"),
        ("9,yesterday,,,,NEW,Graffiti,x,-90,38", "opened is no date: 'yesterday'"),
        ("9,,,,,NEW,Graffiti,x,-90,38", "it does not say when it was opened"),
        ("9,2018-01-02,2018-01-01,,,CLOSED,Graffiti,x,-90,38", "closed before it was opened"),
        ("9,2018-01-01,,,,NEW,Juggling,x,-90,38", "the category map has nothing for 'Juggling'"),
        ("9,2018-01-01,,,,NEW,Graffiti,x,893000.5,1018000", "convert it to WGS84"),
        ("9,2018-01-01,,,,NEW,Graffiti,x,west,38", "is no number"),
        ("9,2018-01-01,,,,NEW,Graffiti", "it has 7 cells, the heading 10"),
    ],
)
def test_a_bad_row_is_named_by_line_and_the_others_are_taken_over(
    agency: Agency, export: Path, row: str, reason: str
) -> None:
    export.write_text(HEADING + ROWS + row + "\n")
    out, errors = take_over(export)
    assert errors.startswith("line 6: ")
    assert reason in errors
    assert "4 taken over" in out
    assert "1 bad" in out
    assert Concern.objects.count() == 4


def test_kinds_that_are_no_concern_are_left_out_and_counted(agency: Agency, export: Path) -> None:
    export.write_text(HEADING + ROWS + "9,2018-01-01,,,,NEW,Permit for a fence,x,-90,38\n")
    out, errors = take_over(export)
    assert "1 left out" in out
    assert errors == ""


@pytest.mark.parametrize(
    ("columns", "advice"),
    [
        ([*MAP[:-2], "lon=x", "lat=y"], "planar coordinates are not read"),
        ([*MAP, "id=colour"], "write column=field with one of"),
        (MAP[1:], "needs a column for external_id"),
        ([*MAP, "colour=place"], "The file has no column colour"),
    ],
)
def test_a_wrong_map_says_what_to_write(
    agency: Agency, export: Path, columns: list[str], advice: str
) -> None:
    with pytest.raises(CommandError, match=advice):
        take_over(export, columns=columns)
    assert not Concern.objects.exists()


def test_a_category_that_takes_no_reports_is_refused_before_the_first_row(
    agency: Agency, export: Path
) -> None:
    with pytest.raises(CommandError, match="past_crime"):
        call_command(
            "import_requests",
            str(export),
            agency="riverton",
            map=MAP,
            category_map=["*=past_crime"],
        )
    assert not Concern.objects.exists()


def test_a_file_in_another_encoding_gets_advice(agency: Agency, export: Path) -> None:
    export.write_bytes(
        (HEADING + ROWS).encode() + "5,2018-01-01,,,,NEW,Graffiti,ñ,-90,38".encode("cp1252")
    )
    with pytest.raises(CommandError, match="cp1252"):
        take_over(export)


def test_a_time_that_no_clock_can_show_is_a_bad_row_and_not_the_end(
    agency: Agency, tmp_path: Path
) -> None:
    path = tmp_path / "late.csv"
    late = "5,9999-12-31T23:00:00,,,,,Potholes,Deep,-90.25,38.65\n"
    path.write_text(HEADING + late + ROWS)
    out, errors = take_over(path)
    assert errors.startswith("line 2: opened lies before 1950 or after 2200")
    assert "4 taken over" in out


def test_columns_may_be_named_one_by_one(agency: Agency, export: Path) -> None:
    pairs = [word for pair in MAP for word in ("--map", pair)]
    kinds = ["--category-map", "graffiti*=graffiti", "--category-map", "pothole*=road_hazard"]
    command = ["import_requests", str(export), "--agency", "riverton", *pairs, *kinds]
    call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
    assert Concern.objects.count() == 4
