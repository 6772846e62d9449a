"""The calls file at the desk: columns are named, tried on a file, and only then saved."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.actions.calls_mapping import standing_of
from concerns.actions.outside_numbers import add_number
from concerns.models import CallMapping, CallSuggestion, OutsideCall
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import NOW, area_of, file_report, hire

pytestmark = pytest.mark.django_db

PAGE = "/desk/setup/calls/"
HEAD = "CallNo,Nature,Date,Block,Dispo\n"
ROWS = (
    "26-1,GRAFFITI,11/03/2026,3412 Utah St,REPORT\n"
    "26-2,NOISE,11/03/2026,3400 Iowa St,\n"
    ",SECRET-KIND,11/03/2026,SECRET BLOCK,\n"
    "26-2,SECRET-KIND,11/03/2026,SECRET BLOCK,\n"
)
MOST_QUERIES = 12


@pytest.fixture
def boss(agency: Agency) -> User:
    return hire("Sergeant", Role.SUPERVISOR, agency)


@pytest.fixture
def desk(boss: User) -> Client:
    return worlds.signed_in(boss)


def said(**changes: str) -> dict[str, str]:
    values = {
        "system": "cad",
        "delimiter": ",",
        "encoding": "utf-8-sig",
        "number_column": "CallNo",
        "date_column": "Date",
        "type_column": "Nature",
        "block_column": "Block",
        "disposition_column": "Dispo",
        "kinds": "GRAF*=graffiti",
        "seen": "",
    }
    return {**values, **changes}


def file(text: str = HEAD + ROWS, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("calls.csv", text.encode(encoding), content_type="text/csv")


def tried(desk: Client, upload: SimpleUploadedFile | None = None, **changes: str) -> str:
    with time_machine.travel(NOW, tick=False):
        answer = desk.post(PAGE, {**said(**changes), "try": "1", "table": upload or file()})
    return answer.content.decode()


def test_a_file_is_tried_and_nothing_of_it_is_kept(
    agency: Agency, officer: User, desk: Client
) -> None:
    known = file_report(agency, submission_key="known").concern
    add_number(
        concern_id=known.pk, system="cad", number="26-1", by=Actor.staff(officer.pk), now=NOW
    )
    near = file_report(agency, place_text="Utah St", submission_key="near").concern
    page = tried(desk)
    assert "4 rows were looked at." in page
    assert "1 of them fits cases that you may read." in page
    assert "Those are 2 cases." in page
    assert known.staff_reference in page
    assert near.staff_reference in page
    assert "3400 Utah St" in page
    assert "Line 4: There is no number" in page
    assert "Line 5: Its number was in the file before." in page
    for model in (CallMapping, OutsideCall, CallSuggestion):
        assert not model.objects.exists()
    assert not Entry.objects.filter(event="CALLS_MAPPING_CHANGED").exists()
    assert 'value="CallNo"' in page, "what was typed stays"


@pytest.mark.privacy
def test_a_bad_row_is_named_by_its_line_alone(desk: Client) -> None:
    assert "SECRET" not in tried(desk)


def test_saving_says_so_in_history_and_the_same_again_says_nothing(
    agency: Agency, desk: Client
) -> None:
    assert desk.post(PAGE, said()).status_code == 302
    mapping = CallMapping.objects.get()
    assert (mapping.agency, mapping.number_column) == (agency, "CallNo")
    assert desk.post(PAGE, said(seen=standing_of(mapping))).status_code == 302
    entries = Entry.objects.filter(event="CALLS_MAPPING_CHANGED", agency_id=agency.pk)
    assert entries.count() == 1
    assert f'value="{standing_of(mapping)}"' in desk.get(PAGE).content.decode()


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    agency: Agency, desk: Client
) -> None:
    CallMapping.objects.create(agency=agency, number_column="No", date_column="Day")
    answer = desk.post(PAGE, said(seen=""))
    assert answer.status_code == 422
    assert "Somebody changed it since" in answer.content.decode()
    assert CallMapping.objects.get().number_column == "No"


def test_a_file_without_the_named_columns_shows_its_own(desk: Client) -> None:
    page = tried(desk, file("No;Day\n1;2\n"), delimiter=";")
    assert "The file lacks columns that you named." in page
    assert '<option value="Day">' in page
    page = tried(desk, number_column="", date_column="")
    assert "Name the columns below as the file names them" in page
    assert '<option value="CallNo">' in page


def test_a_file_in_another_encoding_or_of_another_sort_gets_advice(desk: Client) -> None:
    head = HEAD + "26-1,Peña,11/03/2026,Utah St,\n"
    assert "is not written as you said" in tried(desk, file(head, "cp1252"))
    assert "Peña" in tried(desk, file(head, "cp1252"), encoding="cp1252")
    assert "does not look like a CSV file" in tried(desk, file(HEAD + "x" * 200_000 + "\n"))
    assert "Choose a file to try it on." in desk.post(PAGE, {**said(), "try": "1"}).content.decode()


def test_a_word_for_no_category_is_refused(desk: Client) -> None:
    answer = desk.post(PAGE, said(kinds="GRAF*=grafiti"))
    assert answer.status_code == 422
    assert "There is no category “grafiti” here." in answer.content.decode()
    assert not CallMapping.objects.exists()


@pytest.mark.privacy
def test_a_trial_shows_no_case_that_the_reader_may_not_open(
    agency: Agency, elsewhere: Agency, desk: Client
) -> None:
    foreign = file_report(elsewhere, place_text="Utah St", submission_key="foreign").concern
    private = file_report(agency, place_text="Utah St", submission_key="own").concern
    assert foreign.staff_reference not in tried(desk)
    admin = worlds.signed_in(hire("Admin", Role.AGENCY_ADMIN, agency))
    page = tried(admin)
    assert private.staff_reference not in page
    assert "Who may read concerns also sees" in page


def test_who_supervises_a_part_reads_it_only(agency: Agency) -> None:
    west = area_of(agency, "district", "west")
    client = worlds.signed_in(hire("West", Role.SUPERVISOR, agency, west))
    page = client.get(PAGE).content.decode()
    assert "It holds for the whole agency." in page
    assert "<textarea" not in page
    assert client.post(PAGE, said()).status_code == 404
    assert not CallMapping.objects.exists()


def test_a_trial_asks_as_much_of_many_cases_as_of_few(agency: Agency, desk: Client) -> None:
    counts = []
    for number in (1, 9):
        for each in range(number):
            file_report(agency, place_text="Utah St", submission_key=f"{number}-{each}")
        tried(desk)
        with CaptureQueriesContext(connection) as asked:
            tried(desk)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES
