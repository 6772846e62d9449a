"""A call is a task: made with the answer, done by whoever may, with wishes in view."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.actions import calls, triage
from concerns.actions.calls import CannotReach, CannotRecord, open_number, record_try
from concerns.actions.replying import Spoken
from concerns.calling import tries_told, workable_by
from concerns.models import CallTask, CallTry, Concern, Reporter
from concerns.models.calls import Why
from concerns.models.languages import MadeBy
from concerns.wishes import Reach, Wishes
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.identity import erase_contact
from engagement.people.models import IdentityRead, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, WEST_POINT, area_of, file_report, hire

pytestmark = pytest.mark.django_db

NUMBER = "+13145550100"
WISHES = Wishes(no_voice_mail=True, ask_for="Rosa", may_say="about the library book")


@pytest.fixture
def calling(agency: Agency, officer: User) -> Concern:
    """Graffiti in district west; its reporter wants to be called in the evening."""
    wish = Reach("phone", value=NUMBER, hours=frozenset({"evening"}), wishes=WISHES)
    return file_report(agency, level="confidential", wish=wish).concern


def answer(concern: Concern, by: User, text: str = "We look at it.", **more: object) -> None:
    concern.refresh_from_db()
    verb = triage.ask if more.pop("asks", False) else triage.reply
    verb(
        concern_id=concern.pk,
        seen_version=concern.version,
        text=text,
        by=Actor.staff(by.pk),
        now=NOW,
        **more,
    )


def accept(concern: Concern, by: User) -> None:
    triage.accept(
        concern_id=concern.pk, seen_version=concern.version, by=Actor.staff(by.pk), now=NOW
    )


def tried(task: CallTask, result: str, by: User, now: datetime = NOW) -> CallTask:
    return record_try(task_id=task.pk, result=result, by=Actor.staff(by.pk), now=now)


def test_an_answer_makes_one_call_due_on_the_next_business_day(
    calling: Concern, officer: User
) -> None:
    accept(calling, officer)
    assert not CallTask.objects.exists(), "that it was accepted is told with the first answer"
    answer(calling, officer)
    task = CallTask.objects.get()
    assert (task.way, task.why, task.due_on) == ("phone", Why.REPLY, date(2026, 11, 4))
    answer(calling, officer, "One more thing.")
    answer(calling, officer, "Which door?", asks=True)
    assert CallTask.objects.get().why == Why.QUESTION
    assert not Message.objects.filter(contact=calling.reporter.contact).exists()


def test_an_anonymous_report_makes_no_call(agency: Agency, officer: User) -> None:
    concern = file_report(agency, level="anonymous").concern
    answer(concern, officer)
    assert not CallTask.objects.exists()


def test_a_refused_answer_leaves_no_call(calling: Concern, officer: User) -> None:
    with pytest.raises(triage.BadWords):
        answer(calling, officer, " ")
    assert not CallTask.objects.exists()


def test_the_number_is_opened_by_the_one_reader_with_its_reason_on_record(
    calling: Concern, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(calling, officer)
    recorded: list[str] = []

    def open_without_a_transaction(contact: object, **said: object) -> str:
        recorded.append(str(said["reason"]))
        return NUMBER

    monkeypatch.setattr(calls, "open_contact", open_without_a_transaction)
    task = CallTask.objects.get()
    opened = open_number(task=task, by=Actor.staff(officer.pk), now=NOW)
    assert (opened.value, opened.wishes) == (NUMBER, WISHES)
    assert recorded == [calls.REASON]
    assert "555" not in repr(opened)


def test_an_erased_number_reaches_nobody(calling: Concern, officer: User) -> None:
    answer(calling, officer)
    contact = Reporter.objects.get(concern=calling).contact
    assert contact is not None
    erase_contact(contact, now=NOW)
    with pytest.raises(CannotReach):
        open_number(task=CallTask.objects.get(), by=Actor.staff(officer.pk), now=NOW)
    assert not IdentityRead.objects.exists()


def test_without_an_answer_it_comes_back_twice_and_then_rests(
    calling: Concern, officer: User
) -> None:
    answer(calling, officer)
    task = CallTask.objects.get()
    days = []
    for number in range(3):
        task = tried(task, "no_answer", officer, NOW + timedelta(days=number))
        days.append((task.due_on, task.done_on))
    assert days == [
        (date(2026, 11, 4), None),
        (date(2026, 11, 5), None),
        (date(2026, 11, 5), date(2026, 11, 5)),
    ]
    with pytest.raises(CannotRecord):
        tried(task, "no_answer", officer)
    assert CallTry.objects.count() == 3
    assert [one.words for one in tries_told(calling)] == ["We called you. Nobody answered."] * 3
    assert Entry.objects.filter(event="CALL_TRIED").count() == 3


def test_a_wrong_number_is_never_called_again(calling: Concern, officer: User) -> None:
    answer(calling, officer)
    tried(CallTask.objects.get(), "wrong_number", officer)
    answer(calling, officer, "One more thing.")
    assert CallTask.objects.count() == 1


def test_after_a_call_the_next_answer_makes_a_new_one(calling: Concern, officer: User) -> None:
    answer(calling, officer)
    tried(CallTask.objects.get(), "reached", officer)
    answer(calling, officer, "One more thing.")
    assert CallTask.objects.open().count() == 1


def test_a_letter_is_posted_and_not_called(agency: Agency, officer: User) -> None:
    wish = Reach("letter", value="Ana Lopez\nP.O. Box 12")
    concern = file_report(agency, level="confidential", wish=wish).concern
    answer(concern, officer)
    task = CallTask.objects.get()
    with pytest.raises(CannotRecord):
        tried(task, "reached", officer)
    assert tried(task, "posted", officer).done_on == date(2026, 11, 3)


def test_calls_follow_the_areas_of_a_grant(calling: Concern, officer: User, agency: Agency) -> None:
    answer(calling, officer)
    west, east = (area_of(agency, "district", code) for code in ("west", "east"))
    for_west = hire("Officer of the west", Role.OFFICER, agency, west)
    for_east = hire("Officer of the east", Role.OFFICER, agency, east)
    reader = hire("Reader", Role.READER, agency)
    assert calling.lon == WEST_POINT[0]
    assert workable_by(officer, agency).exists()
    assert workable_by(for_west, agency).exists()
    assert not workable_by(for_east, agency).exists()
    assert not workable_by(reader, agency).exists()


def test_another_agency_finds_no_call(
    calling: Concern, officer: User, stranger: User, client: Client
) -> None:
    answer(calling, officer)
    task = CallTask.objects.get()
    client.force_login(stranger)
    assert str(calling.staff_reference) not in client.get("/desk/calls/").content.decode()
    for path, verb in (
        (f"/desk/calls/{task.pk}/", client.get),
        (f"/desk/calls/{task.pk}/open/", client.post),
        (f"/desk/calls/{task.pk}/result/", client.post),
    ):
        assert verb(path).status_code == 404
    assert not IdentityRead.objects.exists()
    assert not CallTry.objects.exists()


def test_the_list_and_the_task_show_nobodys_number(
    calling: Concern, officer: User, client: Client
) -> None:
    answer(calling, officer)
    task = CallTask.objects.get()
    client.force_login(officer)
    listed = client.get("/desk/calls/").content.decode()
    assert "Call: A reply waits" in listed
    assert "in the evening" in listed
    shown = client.get(f"/desk/calls/{task.pk}/").content.decode()
    assert "Show the number" in shown
    for page in (listed, shown):
        assert "555" not in page
        assert "Rosa" not in page
    assert not IdentityRead.objects.exists()


def test_a_result_is_tapped_once(calling: Concern, officer: User, client: Client) -> None:
    answer(calling, officer)
    task = CallTask.objects.get()
    client.force_login(officer)
    path = f"/desk/calls/{task.pk}/result/"
    assert client.post(path, {"result": "reached"}).status_code == 302
    assert client.post(path, {"result": "reached"}).status_code == 404
    assert CallTry.objects.count() == 1
    assert client.post(path, {"result": "nonsense"}).status_code == 404


def questions(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    agency: Agency, officer: User, client: Client
) -> None:
    client.force_login(officer)

    def owe(number: int) -> None:
        wish = Reach("phone", value=NUMBER, wishes=WISHES)
        key = f"key-{number}"
        filed = file_report(agency, level="confidential", wish=wish, submission_key=key)
        answer(filed.concern, officer)

    owe(0)
    few = questions(client, "/desk/calls/")
    for number in range(1, 9):
        owe(number)
    assert questions(client, "/desk/calls/") == few <= 12
    task = CallTask.objects.order_by("id")[0]
    assert questions(client, f"/desk/calls/{task.pk}/") <= 12


def test_calls_of_another_language_are_told_in_it(
    agency: Agency, officer: User, client: Client
) -> None:
    wish = Reach("phone", value=NUMBER)
    concern = file_report(agency, level="confidential", wish=wish, language="es").concern
    answer(concern, officer, "Lo miramos.", spoken=Spoken("es", MadeBy.WRITER))
    client.force_login(officer)
    page = client.get(f"/desk/calls/{CallTask.objects.get().pk}/").content.decode()
    assert "Spanish" in page
    assert 'lang="es"' in page
