"""The nightly file of calls: what it fills, what it suggests, what it refuses and never prints."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from concerns.actions.outside_numbers import add_number, settle_suggestion
from concerns.calls_file import BadRow, hundred_block, read_call, read_day, street_of
from concerns.models import CallMapping, CallSuggestion, Concern, OutsideCall, OutsideNumber
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report

HEAD = "CallNo,Nature,Date,Block,Dispo\n"


@pytest.fixture
def mapping(agency: Agency) -> CallMapping:
    made = CallMapping(
        agency=agency,
        number_column="CallNo",
        type_column="Nature",
        date_column="Date",
        block_column="Block",
        disposition_column="Dispo",
        kinds="GRAF*=graffiti",
    )
    made.full_clean()
    made.save()
    return made


def read(path: Path, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command(
            "import_calls", str(path), "--agency", "riverton", *options, stdout=out, stderr=err
        )
    return out.getvalue(), err.getvalue()


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "calls.csv"
    path.write_text(head + "\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("block", "street"),
    [
        ("3400 BLOCK S UTAH ST", "utah"),
        ("34XX Utah Street", "utah"),
        ("Utah St", "utah"),
        ("18TH ST", "18th"),
        ("MARTIN LUTHER KING DR", "martin luther king"),
        ("", ""),
    ],
)
def test_a_street_is_known_by_its_name_alone(block: str, street: str) -> None:
    assert street_of(block) == street


def test_an_exact_house_becomes_its_hundred() -> None:
    assert hundred_block("3412 Utah St") == "3400 Utah St"
    assert hundred_block("7 Elm St") == "00 Elm St"
    assert hundred_block("18th St") == "18th St"


def test_days_are_read_as_people_write_them() -> None:
    wanted = date(2026, 11, 3)
    for text in ("2026-11-03", "11/03/2026 04:12 PM", "2026-11-03T01:02", "20261103", "03-Nov-26"):
        assert read_day(text) == wanted
    assert read_day("soon") is None


def test_a_cell_that_begins_a_formula_is_only_words() -> None:
    cells = {"number": "26-1", "date": "2026-11-01", "type": "=cmd()", "block": "@x"}
    call = read_call({**cells, "disposition": "+1"}, today=date(2026, 11, 3))
    assert (call.kind, call.block, call.disposition) == ("cmd()", "x", "1")
    with pytest.raises(BadRow):
        read_call({"number": "=1", "date": "2026-11-01"}, today=date(2026, 11, 3))


@pytest.mark.django_db
def test_a_known_number_is_filled_and_twice_is_once(
    mapping: CallMapping, concern: Concern, officer: User, tmp_path: Path
) -> None:
    by = Actor.staff(officer.pk)
    number = add_number(concern_id=concern.pk, system="cad", number="26-1", by=by, now=NOW)
    path = written(tmp_path, "26-1,GRAFFITI,11/03/2026,3412 Utah St,REPORT")
    told, _errors = read(path)
    assert "1 new calls" in told
    assert "1 numbers on cases filled" in told
    number.refresh_from_db()
    assert number.call is not None
    assert (number.call.block, number.call.disposition) == ("3400 Utah St", "REPORT")
    again, _errors = read(path)
    assert "0 new calls, 1 known" in again
    assert OutsideCall.objects.count() == 1


@pytest.fixture
def on_utah(agency: Agency, officer: User) -> Concern:
    return file_report(agency, place_text="Utah St, by the bakery", submission_key="u").concern


@pytest.mark.django_db
def test_a_call_nearby_of_that_day_and_kind_is_suggested_and_a_person_decides(
    mapping: CallMapping, on_utah: Concern, officer: User, tmp_path: Path
) -> None:
    rows = [
        "26-1,GRAFFITI,11/03/2026,3400 Utah St,",
        "26-2,NOISE,11/03/2026,3400 Utah St,",
        "26-3,GRAFFITI,10/20/2026,3400 Utah St,",
        "26-4,GRAFFITI,11/03/2026,3400 Iowa St,",
    ]
    path = written(tmp_path, *rows)
    read(path)
    hint = CallSuggestion.objects.get()
    assert (hint.concern_id, hint.call.number) == (on_utah.pk, "26-1")
    assert not OutsideNumber.objects.exists()
    settle = {"concern_id": on_utah.pk, "suggestion_id": hint.pk, "now": NOW}
    by = Actor.staff(officer.pk)
    assert settle_suggestion(is_right=False, by=by, **settle)
    read(path)
    assert CallSuggestion.objects.get().is_refused
    CallSuggestion.objects.update(is_refused=False)
    assert settle_suggestion(is_right=True, by=by, **settle)
    number = OutsideNumber.objects.get()
    assert number.number == "26-1"
    assert number.call_id == hint.call_id


@pytest.mark.privacy
@pytest.mark.django_db
def test_bad_rows_are_named_by_line_and_never_by_content(
    mapping: CallMapping, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        "26-1,OK,11/03/2026,3400 Utah St,",
        ",SECRET-KIND,11/03/2026,SECRET BLOCK,",
        "26-2,SECRET-KIND,someday,SECRET BLOCK,",
        "26-3,SECRET-KIND,01/01/2030,SECRET BLOCK,",
        "26-1,SECRET-KIND,11/03/2026,SECRET BLOCK,",
        "26-4,SECRET-KIND,11/03/2026",
        f"26-5,{'SECRET' * 200},11/03/2026,x,",
    )
    told, errors = read(path)
    assert "6 bad" in told
    assert [line.split(":")[0] for line in errors.splitlines()] == [
        f"line {number}" for number in (3, 4, 5, 6, 7, 8)
    ]
    assert "SECRET" not in told + errors
    assert OutsideCall.objects.count() == 1


@pytest.mark.django_db
def test_a_preview_stores_nothing(mapping: CallMapping, tmp_path: Path) -> None:
    told, _errors = read(written(tmp_path, "26-1,OK,11/03/2026,3412 Utah St,DONE"), "--preview")
    assert "26-1" in told
    assert "3400 Utah St" in told
    assert not OutsideCall.objects.exists()


@pytest.mark.django_db
def test_a_file_of_another_shape_is_refused_whole(mapping: CallMapping, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no column Nature"):
        read(written(tmp_path, "1,2", head="CallNo,Date,Block,Dispo\n"))
    mapping.delete()
    with pytest.raises(CommandError, match="calls file"):
        read(written(tmp_path, "1"))


@pytest.mark.django_db
def test_calls_that_no_case_names_are_dropped_after_a_month(
    mapping: CallMapping, tmp_path: Path
) -> None:
    read(written(tmp_path, "26-1,OK,11/03/2026,,"))
    OutsideCall.objects.update(read_on=date(2026, 9, 1))
    told, _errors = read(written(tmp_path, "26-2,OK,11/03/2026,,"))
    assert "1 old calls dropped" in told
    assert OutsideCall.objects.get().number == "26-2"
