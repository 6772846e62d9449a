"""Account mails: rows without link or address, links made when the mail leaves."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.outbox.tasks import deliver_due
from engagement.people.actions import create_account
from engagement.people.factors import add_key
from engagement.people.models import EnrolmentPermit, User
from engagement.people.recovery import permit_enrolment, reset_factors

NOW = datetime(2026, 11, 1, 17, 23, 45, tzinfo=UTC)
EMAIL = "canary.bird@example.org"
PASSWORD = "seven green umbrellas"


@pytest.fixture(autouse=True)
def configured_origin(settings: Settings, committed_database: str) -> None:
    settings.ORIGIN = "https://portal.example.gov"


def sign_up(email: str = EMAIL) -> None:
    form = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    Client(HTTP_HOST="localhost").post(reverse("account_signup"), form)


def link_in(text: str) -> str:
    found = re.search(r"https://portal\.example\.gov(/\S+)", text)
    assert found is not None
    return found.group(1)


def test_the_confirming_mail_carries_a_working_link_and_the_row_does_not() -> None:
    sign_up()
    row = Message.objects.get()
    assert EMAIL not in str(row.__dict__)
    deliver_due()
    letter = mail.outbox[0]
    assert letter.to == [EMAIL]
    assert Client().post(link_in(str(letter.body))).status_code == 302
    assert EmailAddress.objects.get().verified


def test_a_confirming_mail_that_is_late_is_not_sent_once_it_is_pointless() -> None:
    sign_up()
    EmailAddress.objects.update(verified=True)
    deliver_due()
    assert not mail.outbox
    assert Message.objects.get().state == State.SUPERSEDED


def test_the_link_of_a_new_password_uses_our_origin_and_works() -> None:
    user = create_account(email=EMAIL, password=PASSWORD, by=Actor.task("test"), now=NOW)
    Client(HTTP_HOST="127.0.0.1").post(reverse("account_reset_password"), {"email": EMAIL})
    deliver_due()
    form = {"password1": "nine yellow teapots", "password2": "nine yellow teapots"}
    assert Client().post(link_in(str(mail.outbox[0].body)), form).status_code == 302
    user.refresh_from_db()
    assert user.check_password("nine yellow teapots")


def test_somebody_who_signs_up_again_is_told_by_mail_alone() -> None:
    create_account(email=EMAIL, password=PASSWORD, by=Actor.task("test"), now=NOW)
    sign_up()
    deliver_due()
    assert mail.outbox[0].subject == "You have an account already"
    assert User.objects.count() == 1


def test_a_reset_that_waited_too_long_is_not_sent() -> None:
    create_account(email=EMAIL, password=PASSWORD, by=Actor.task("test"), now=NOW)
    Client().post(reverse("account_reset_password"), {"email": EMAIL})
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3), tick=False):
        deliver_due()
    assert not mail.outbox
    assert Message.objects.get().state == State.EXPIRED


@pytest.mark.parametrize("language", ["en", "es"])
def test_letters_about_the_second_step_carry_their_link_and_the_rows_do_not(language: str) -> None:
    by, now = Actor.task("test"), timezone.now()
    user = create_account(email=EMAIL, password=PASSWORD, language=language, by=by, now=now)
    permit_enrolment(user, by=by, now=now)
    deliver_due()
    first = link_in(str(mail.outbox[-1].body))
    assert Client().get(first).status_code == 200
    reset_factors(user, by=by, now=now)
    deliver_due()
    second = link_in(str(mail.outbox[-1].body))
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    add_key(user=user, name="blue key", credential={}, now=now)
    deliver_due()
    assert link_in(str(mail.outbox[-1].body)) == reverse("account_security")
    rows = Message.objects.order_by("kind")
    assert [row.kind for row in rows] == ["account.enrol", "account.factors", "account.recovered"]
    for row in rows:
        assert "enrol/" not in str(row.__dict__)


def test_a_link_that_was_replaced_or_used_is_not_mailed_late() -> None:
    by, now = Actor.task("test"), timezone.now()
    user = create_account(email=EMAIL, password=PASSWORD, by=by, now=now)
    permit_enrolment(user, by=by, now=now)
    EnrolmentPermit.objects.all().delete()
    deliver_due()
    assert not mail.outbox
    assert Message.objects.get().state == State.SUPERSEDED
