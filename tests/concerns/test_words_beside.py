"""Reasons for delay and answers to wishes reach a reporter in their language, as replies do."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from concerns.actions import asking, moderating
from concerns.actions.languages import say_languages
from concerns.actions.replying import UnsaidLanguage
from concerns.models import BesideLanguage, Concern, DelayReason, LanguageTask, RemovalRequest
from concerns.models.languages import HelpResult, MadeBy
from concerns.models.moderation import ModerationReason, Outcome
from concerns.views import desk_writing
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db
LATE = timedelta(days=200)


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def receipt(cedar: Agency, officer: User) -> Any:
    return worlds.reported(cedar, now=timezone.now() - LATE, language="es")


@pytest.fixture
def spanish(receipt: Any) -> Concern:
    concern: Concern = receipt.concern
    asking.ask_removal(
        concern_id=concern.pk, text="Mi calle", by=Actor.reporter(), now=timezone.now()
    )
    return concern


def send(user: User, concern: Concern, verb: str, **typed: str) -> tuple[int, str]:
    version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
    path = f"/desk/concerns/{concern.staff_reference}/{verb}/"
    answer = worlds.signed_in(user).post(path, {"seen_version": version, **typed})
    return answer.status_code, answer.content.decode()


def followed(receipt: Any) -> BeautifulSoup:
    code, secret = receipt.tracking_code, receipt.secret
    answer = Client().post("/track/", {"code": code, "secret": secret})
    return BeautifulSoup(answer.content, "html.parser")


def said(verb: str) -> list[str]:
    if verb == "delay":
        return list(DelayReason.objects.values_list("text", flat=True))
    return list(RemovalRequest.objects.exclude(answer="").values_list("answer", flat=True))


@pytest.mark.parametrize("verb", ["delay", "removal"])
def test_no_words_leave_in_english_without_a_word_about_the_language(
    verb: str, officer: User, spanish: Concern
) -> None:
    before = Message.objects.count()
    status, page = send(officer, spanish, verb, text="The crew is late.", step="send")
    assert status == 422
    assert "Say how your words get into their language." in page
    press = {"delay": asking.explain_delay, "removal": asking.answer_removal}[verb]
    with pytest.raises(UnsaidLanguage):
        press(
            concern_id=spanish.pk,
            seen_version=Concern.objects.get(pk=spanish.pk).version,
            text="The crew is late.",
            by=Actor.staff(officer.pk),
            now=timezone.now(),
        )
    assert (said(verb), Message.objects.count()) == ([], before)


@pytest.mark.parametrize("verb", ["delay", "removal"])
def test_words_in_their_language_are_looked_at_sent_and_read_as_such(
    verb: str, officer: User, spanish: Concern, receipt: Any
) -> None:
    typed = {"text": "El equipo llega tarde.", "spoken": "own"}
    status, page = send(officer, spanish, verb, step="preview", **typed)
    assert status == 200
    assert "What the reporter will read" in page
    assert "El equipo llega tarde." in page
    assert 'type="file"' not in page
    assert said(verb) == []
    assert send(officer, spanish, verb, step="send", **typed)[0] == 302
    assert said(verb) == ["El equipo llega tarde."]
    assert BesideLanguage.objects.get().made_by == MadeBy.WRITER
    words = followed(receipt).find(lang="es", string="El equipo llega tarde.")
    if words is None:
        words = next(
            one
            for one in followed(receipt).select("[lang=es]")
            if "El equipo llega tarde." in one.get_text()
        )
    assert words is not None


def test_going_back_keeps_what_was_typed(officer: User, spanish: Concern) -> None:
    status, page = send(
        officer, spanish, "delay", text="El equipo llega tarde.", spoken="own", step="edit"
    )
    shown = BeautifulSoup(page, "html.parser")
    form = shown.select_one("form[action$='/delay/']")
    assert status == 200
    assert form is not None
    assert "El equipo llega tarde." in form.get_text()
    assert form.find_parent("details", open=True) is not None
    assert form.select_one("input[name=spoken][value=own][checked]") is not None


def test_what_a_machine_translated_says_so_beside_the_words(
    officer: User, spanish: Concern, receipt: Any
) -> None:
    spoken = desk_writing.Spoken("es", MadeBy.MACHINE, original="The crew is late.")
    asking.explain_delay(
        concern_id=spanish.pk,
        seen_version=Concern.objects.get(pk=spanish.pk).version,
        text="El equipo llega tarde.",
        by=Actor.staff(officer.pk),
        now=timezone.now(),
        spoken=spoken,
    )
    page = followed(receipt).get_text()
    assert "El equipo llega tarde." in page
    assert "The crew is late." in page, "as it was written"


@pytest.mark.parametrize("verb", ["delay", "removal"])
def test_a_colleague_who_writes_it_ends_what_waits_by_saying_it_there(
    verb: str, cedar: Agency, officer: User, spanish: Concern
) -> None:
    helper = worlds.officer(cedar, "Officer Luna", district=None, now=timezone.now())
    by, now = Actor.staff(helper.pk), timezone.now()
    say_languages(user=helper, agency=cedar, languages=["es"], by=by, now=now)
    asked = {"text": "The crew is late.", "spoken": "colleague", "colleague": str(helper.pk)}
    assert send(officer, spanish, verb, step="send", **asked)[0] == 302
    task = LanguageTask.objects.get()
    assert (task.use, said(verb)) == (verb, [])
    listed = worlds.signed_in(helper).get("/desk/languages/").content.decode()
    assert task.get_use_display() in listed
    assert f"/desk/concerns/{spanish.staff_reference}/#asks" in listed
    reply = {"text": "Gracias.", "spoken": "own", "step": "send"}
    assert send(helper, spanish, "reply", **reply)[0] == 302
    assert LanguageTask.objects.get().done_on is None, "another answer does not end it"
    wrote = {"text": "El equipo llega tarde.", "spoken": "own", "step": "send"}
    assert send(helper, spanish, verb, **wrote)[0] == 302
    assert LanguageTask.objects.get().result == HelpResult.WRITTEN


def test_an_answer_from_the_published_list_is_kept_with_its_language(
    cedar: Agency, officer: User, spanish: Concern
) -> None:
    reasons = ModerationReason.objects.filter(agency=cedar, outcome=Outcome.TAKEN_DOWN)
    reason = next(one for one in reasons.order_by("id") if "es" in one.label.as_dict())
    moderating.decide_removal(
        concern_id=spanish.pk,
        seen_version=Concern.objects.get(pk=spanish.pk).version,
        reason_id=reason.pk,
        by=Actor.staff(officer.pk),
        now=timezone.now(),
    )
    kept = BesideLanguage.objects.get()
    assert (kept.language, kept.made_by) == ("es", MadeBy.TEMPLATE)


def test_english_words_are_looked_at_and_sent_without_a_question(
    cedar: Agency, officer: User
) -> None:
    concern = worlds.reported(cedar, now=timezone.now() - LATE).concern
    with time_machine.travel(timezone.now(), tick=False):
        assert send(officer, concern, "delay", text="The crew is late.")[0] == 200
        assert said("delay") == []
        assert send(officer, concern, "delay", text="The crew is late.", step="send")[0] == 302
    assert said("delay") == ["The crew is late."]
    assert not BesideLanguage.objects.exists()
