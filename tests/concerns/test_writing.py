"""Words to a reporter: looked at before they leave, and never silently in a language they lack."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions import triage
from concerns.actions.languages import say_languages
from concerns.actions.sweeps import lapse_questions
from concerns.actions.triage import Spoken, UnsaidLanguage
from concerns.models import Concern, LanguageTask, Note, Reply, ReplyLanguage, ReplyTemplate
from concerns.models.languages import HelpResult, MadeBy
from concerns.reply_templates import filled, templates_for
from concerns.workflow import DAYS_TO_ANSWER, State
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    made = worlds.agency(now=timezone.now())
    made.non_emergency_phone = "555-0100"
    made.save()
    return made


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(officer: User) -> Client:
    return worlds.signed_in(officer)


@pytest.fixture
def spanish(cedar: Agency, officer: User) -> Concern:
    stored = worlds.reported(
        cedar, now=timezone.now(), language="es", level="confidential", email="vecina@home.example"
    )
    return stored.concern


@pytest.fixture
def english(cedar: Agency, officer: User) -> Concern:
    stored = worlds.reported(
        cedar, now=timezone.now(), level="confidential", email="neighbor@home.example"
    )
    return stored.concern


def send(desk: Client, concern: Concern, verb: str, **typed: str) -> tuple[int, str]:
    concern.refresh_from_db()
    data = {"seen_version": str(concern.version), "seen_as": "Received", **typed}
    response = desk.post(f"/desk/concerns/{concern.staff_reference}/{verb}/", data)
    return response.status_code, response.content.decode()


def test_a_reply_is_shown_with_its_mail_before_it_leaves(desk: Client, english: Concern) -> None:
    mails = Message.objects.count()
    status, page = send(desk, english, "reply", text="We looked at the wall.")
    assert status == 200
    assert "We looked at the wall." in page
    assert "A message waits for you" in page
    assert not Reply.objects.exists()
    assert Message.objects.count() == mails
    assert send(desk, english, "reply", text="We looked at the wall.", step="send")[0] == 302
    assert Reply.objects.get().text == "We looked at the wall."


def test_a_text_that_was_laid_into_the_box_is_before_the_eyes(
    desk: Client, english: Concern
) -> None:
    page = desk.get(f"/desk/concerns/{english.staff_reference}/").content.decode()
    assert f'action="/desk/concerns/{english.staff_reference}/reply/#reply"' in page
    assert 'id="reply"' in page


def test_going_back_from_the_preview_loses_no_word(desk: Client, english: Concern) -> None:
    status, page = send(desk, english, "reply", text="We looked at the wall.", step="edit")
    assert status == 200
    assert "We looked at the wall.</textarea>" in page
    assert not Reply.objects.exists()


def test_a_note_can_be_looked_at_first(desk: Client, english: Concern) -> None:
    status, page = send(desk, english, "note", text="Crew 4 has the paint.", step="preview")
    assert status == 200
    assert "Crew 4 has the paint." in page
    assert not Note.objects.exists()


def test_nobody_is_answered_in_a_language_that_they_do_not_read(
    desk: Client, spanish: Concern, officer: User
) -> None:
    status, page = send(desk, spanish, "reply", text="We looked at it.", step="send")
    assert status == 422
    assert "Say how your words get into their language." in page
    by = Actor.staff(officer.pk)
    with pytest.raises(UnsaidLanguage):
        triage.reply(
            concern_id=spanish.pk, seen_version=1, text="We looked.", by=by, now=timezone.now()
        )
    assert not Reply.objects.exists()


def test_one_tap_lays_the_spanish_text_into_the_box(desk: Client, spanish: Concern) -> None:
    template = templates_for(spanish).get()
    status, page = send(desk, spanish, "reply", use=str(template.pk))
    assert status == 200
    assert "Gracias por su reporte del" in page
    assert f"Llame al 555-0100 y diga {spanish.staff_reference}." in page
    assert not Reply.objects.exists()


def test_a_colleague_gets_the_words_on_their_list_and_ends_them_by_writing(
    cedar: Agency, desk: Client, spanish: Concern
) -> None:
    helper = worlds.officer(cedar, "Officer Luna", district=None, now=timezone.now())
    by = Actor.staff(helper.pk)
    say_languages(user=helper, agency=cedar, languages=["es"], by=by, now=timezone.now())
    asked = {"text": "We looked at it.", "spoken": "colleague", "colleague": str(helper.pk)}
    assert send(desk, spanish, "reply", step="send", **asked)[0] == 302
    assert not Reply.objects.exists()
    theirs = worlds.signed_in(helper)
    assert "We looked at it." in theirs.get("/desk/languages/").content.decode()
    wrote = {"text": "Lo revisamos.", "spoken": "own", "step": "send"}
    assert send(theirs, spanish, "reply", **wrote)[0] == 302
    assert LanguageTask.objects.get().result == HelpResult.WRITTEN
    assert ReplyLanguage.objects.get().made_by == MadeBy.WRITER


def test_what_a_machine_translated_says_so_and_keeps_what_was_written(
    officer: User, spanish: Concern
) -> None:
    spoken = Spoken("es", MadeBy.MACHINE, original="We looked at it.")
    now = timezone.now()
    by = Actor.staff(officer.pk)
    triage.reply(
        concern_id=spanish.pk, seen_version=1, text="Lo vimos.", by=by, now=now, spoken=spoken
    )
    kept = ReplyLanguage.objects.get()
    assert (kept.made_by, kept.original, kept.reply.text) == (
        "machine",
        "We looked at it.",
        "Lo vimos.",
    )


def test_the_text_of_one_kind_comes_before_that_of_its_group(english: Concern) -> None:
    own = ReplyTemplate.objects.create(
        agency=english.agency,
        state=State.RECEIVED,
        category=english.category,
        language="en",
        name="Zebra",
        text="Ours.",
    )
    found = list(templates_for(english))
    assert found[0] == own
    assert [row.group for row in found[1:]] == [english.category.group]


def test_a_line_without_its_value_is_left_out() -> None:
    assert filled("Hello\nCall {phone}.", {"phone": ""}) == "Hello"
    assert filled("Call {phone}, say {reference}.", {"phone": "1", "reference": "R"}) == (
        "Call 1, say R."
    )


def test_a_template_with_an_unknown_word_in_braces_is_refused(cedar: Agency) -> None:
    boss = worlds.officer(cedar, "Sergeant", role=Role.SUPERVISOR, now=timezone.now())
    desk = worlds.signed_in(boss)
    data = {"name": "New", "state": "closed", "kind": "", "language": "en", "is_active": "on"}
    refused = desk.post("/desk/setup/replies/new/", {**data, "text": "Dear {name}"})
    assert refused.status_code == 422
    assert desk.post("/desk/setup/replies/new/", {**data, "text": "Hello"}).status_code == 302
    assert ReplyTemplate.objects.filter(agency=cedar, name="New", text="Hello").count() == 1


def test_a_question_without_an_answer_lapses_and_the_officer_is_told(
    officer: User, english: Concern
) -> None:
    now, by = timezone.now(), Actor.staff(officer.pk)
    triage.accept(concern_id=english.pk, seen_version=1, by=by, now=now)
    triage.ask(concern_id=english.pk, seen_version=2, text="Which wall?", by=by, now=now)
    assert Message.objects.filter(kind="concerns.reminder").count() == 1
    assert lapse_questions(now=now + timedelta(days=DAYS_TO_ANSWER - 2)) == 0
    assert lapse_questions(now=now + timedelta(days=DAYS_TO_ANSWER + 1)) == 1
    english.refresh_from_db()
    assert english.state == State.WORKING
    assert Message.objects.filter(kind="concerns.question_lapsed").count() == 1


def test_history_says_what_was_before_and_why(desk: Client, english: Concern) -> None:
    assert send(desk, english, "accept")[0] == 302
    changed = {"priority": "high", "why": "A school is next door."}
    assert send(desk, english, "priority", **changed)[0] == 302
    assert send(desk, english, "wait", why="The city paints on Friday.")[0] == 302
    page = desk.get(f"/desk/concerns/{english.staff_reference}/").content.decode()
    for words in ("A school is next door.", "The city paints on Friday.", "High", "Waiting"):
        assert words in page


def test_waiting_for_somebody_needs_a_reason(desk: Client, english: Concern) -> None:
    send(desk, english, "accept")
    assert send(desk, english, "wait", why="")[0] == 422
    english.refresh_from_db()
    assert english.state == State.ACCEPTED
