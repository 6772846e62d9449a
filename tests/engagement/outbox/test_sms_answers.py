"""STOP ends every text to a number at once, by whichever door it comes."""

import hashlib
import hmac
import io
import json
import time
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from engagement.outbox.actions.delivery import sweep
from engagement.outbox.actions.texts import Wanted, wanted_by
from engagement.outbox.models import EVERY_KIND, Consent, Message, Suppression
from engagement.outbox.states import State
from engagement.people.identity import store_contact
from engagement.people.models import Contact, ContactKind
from tests.engagement.outbox.conftest import meet_agency, queue_notice, state_of
from tests.engagement.outbox.test_sms import NUMBER, gateway, meet_phone

__all__ = ["gateway"]

pytestmark = pytest.mark.django_db

KEY = "a key that only gateway and portal know"
PATH = "/texts/answers/"


@pytest.fixture(autouse=True)
def open_door(settings: Settings) -> None:
    settings.TEXT_ANSWERS_KEY = KEY


def say(words: str, *, number: str = NUMBER, key: str = KEY, age: int = 0) -> Any:
    body = json.dumps({"from": number, "text": words})
    moment = int(time.time()) - age
    mark = hmac.new(key.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return Client().post(
        PATH,
        body,
        content_type="application/json",
        headers={"X-Signature": f"t={moment},s={mark}"},
    )


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        *((word, Wanted.STOP) for word in ("STOP", "stop", "Quit", "END", "revoke", "opt out")),
        *((word, Wanted.STOP) for word in ("Cancel.", "UNSUBSCRIBE", "please stop texting me")),
        *((word, Wanted.STOP) for word in ("parar", "no más", "basta ya", "ALTO")),
        *((word, Wanted.START) for word in ("START", "unstop", "sí", "Yes")),
        *((word, Wanted.HELP) for word in ("HELP", "ayuda")),
        *((word, Wanted.NOTHING) for word in ("", "Thank you", "yes it is still there", "🙂")),
    ],
)
def test_people_say_stop_in_their_own_words(words: str, wanted: Wanted) -> None:
    assert wanted_by(words) is wanted


def test_stop_ends_every_text_to_the_number_at_every_agency_and_start_brings_them_back(
    gateway: Any, now: datetime
) -> None:
    elsewhere = store_contact(
        agency_id=meet_agency("elsewhere").pk, kind=ContactKind.TEXT, value=NUMBER, language="en"
    )
    first, waiting = queue_notice(meet_phone(), "one"), queue_notice(elsewhere, "two")
    other = queue_notice(meet_phone("+13145550111"), "three")

    answer = say("STOP")
    assert answer.status_code == 200
    assert "No more texts" in answer.json()["reply"]
    sweep(now=now)
    assert [state_of(each) for each in (first, waiting)] == [State.SUPPRESSED] * 2
    assert state_of(other) == State.SENT
    assert queue_notice(elsewhere, "later") is None
    assert Consent.objects.filter(is_given=False, kind=EVERY_KIND).count() == 2
    say("STOP")
    assert Consent.objects.filter(is_given=False).count() == 2, "said once more, recorded once"

    say("START")
    assert not Suppression.objects.exists()
    assert queue_notice(elsewhere, "after") is not None


def test_a_mail_address_is_untouched_by_stop(now: datetime) -> None:
    contact = store_contact(
        agency_id=meet_agency().pk, kind=ContactKind.EMAIL, value="ana@example.org", language="en"
    )
    say("STOP", number="ana@example.org")
    assert not Suppression.objects.filter(contact=contact).exists()


@pytest.mark.parametrize(
    "forged",
    [{"key": "another"}, {"age": 301}, {"age": -301}],
)
def test_who_cannot_sign_finds_no_door_and_changes_nothing(forged: dict[str, Any]) -> None:
    meet_phone()
    assert say("STOP", **forged).status_code == 404
    assert not Suppression.objects.exists()


def test_the_door_is_closed_without_a_key(settings: Settings) -> None:
    settings.TEXT_ANSWERS_KEY = ""
    assert say("STOP", key="").status_code == 404


def test_nonsense_and_too_much_are_refused() -> None:
    body = "x" * 5000
    moment = int(time.time())
    mark = hmac.new(KEY.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Signature": f"t={moment},s={mark}"}
    sent = Client().post(PATH, body, content_type="application/json", headers=headers)
    assert sent.status_code == 404
    for header in ("", "t=,s=", "t=٣,s=ü", "t=99999999999999999999,s=1"):
        assert (
            Client()
            .post(PATH, "{}", content_type="application/json", headers={"X-Signature": header})
            .status_code
            == 404
        )


@pytest.mark.privacy
def test_nothing_follows_the_first_text_before_the_number_says_yes(
    gateway: Any, now: datetime
) -> None:
    """Whoever typed the number may not be who holds the phone."""
    contact = meet_phone(is_confirmed=False)
    first = queue_notice(contact, "one")
    sweep(now=now)
    later = [queue_notice(contact, event) for event in ("two", "three")]
    sweep(now=now)
    assert state_of(first) == State.SENT
    assert [state_of(each) for each in later] == [State.SUPPRESSED] * 2
    assert ["YES" in sent["text"] for sent in gateway.requests] == [True]

    with time_machine.travel(now, tick=False):
        assert "A text comes when a message waits" in say("Yes").json()["reply"]
    contact.refresh_from_db()
    assert contact.is_confirmed
    assert [state_of(each) for each in later] == [State.SUPPRESSED, State.PLANNED]
    sweep(now=now)
    said = [sent["text"] for sent in gateway.requests]
    assert len(said) == 2, "one text for all that waited"
    assert "A message waits for you" in said[1]
    say("Yes")
    assert Consent.objects.filter(is_given=True).count() == 1, "said once more, recorded once"
    sweep(now=now)
    assert len(gateway.requests) == 2


def test_a_first_text_that_never_left_is_asked_again_by_the_next(
    gateway: Any, now: datetime
) -> None:
    contact = meet_phone(is_confirmed=False)
    gateway.statuses = [400]
    refused = queue_notice(contact, "one")
    sweep(now=now)
    assert state_of(refused) == State.FAILED
    queue_notice(contact, "two")
    sweep(now=now)
    assert "YES" in gateway.requests[-1]["text"]


def test_what_is_no_longer_useful_does_not_follow_a_late_yes(gateway: Any, now: datetime) -> None:
    contact = meet_phone(is_confirmed=False)
    queue_notice(contact, "one")
    sweep(now=now)
    waited = queue_notice(contact, "two")
    sweep(now=now)
    assert waited is not None
    Message.objects.filter(pk=waited.pk).update(useful_until=now)
    with time_machine.travel(now, tick=False):
        say("Yes")
    assert state_of(waited) == State.SUPPRESSED


def test_a_no_to_the_first_text_is_a_stop(gateway: Any, now: datetime) -> None:
    contact = meet_phone(is_confirmed=False)
    queue_notice(contact, "one")
    sweep(now=now)
    say("STOP")
    assert queue_notice(contact, "two") is None
    contact.refresh_from_db()
    assert not contact.is_confirmed


def test_staff_can_pass_on_what_somebody_told_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    contact: Contact = meet_phone(is_confirmed=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("(314) 555-0100\n"))
    call_command("text_answer", "STOP")
    assert Suppression.objects.filter(contact=contact, kind=EVERY_KIND).exists()
    assert Consent.objects.get().way == "staff"
    monkeypatch.setattr("sys.stdin", io.StringIO("(314) 555-0100\n"))
    call_command("text_answer", "YES")
    contact.refresh_from_db()
    assert contact.is_confirmed
    assert not Suppression.objects.exists()
    for words, number in (("YES", "555\n"), ("Hello", "(314) 555-0100\n")):
        monkeypatch.setattr("sys.stdin", io.StringIO(number))
        with pytest.raises(CommandError):
            call_command("text_answer", words)
