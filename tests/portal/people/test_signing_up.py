"""Anybody makes an account; a flood of accounts is asked for work or time first."""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from engagement.doors.challenge import new_challenge
from engagement.outbox.models import Message
from engagement.people.models import User
from portal.people import signing_up
from tests.challenges import action

pytestmark = [pytest.mark.django_db, pytest.mark.challenge]

PASSWORD = "seven green umbrellas"
PATH = reverse("account_signup")


def visitor(number: int = 1) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def waited(*, seconds: float) -> str:
    since = time.time() - seconds
    return f"{PATH}?proof={new_challenge(form='signup', host='testserver', agency='', since=since)}"


def worked(client: Client) -> str:
    return action(client.get(PATH).content.decode(), PATH)


def sign_up(client: Client, name: str, path: str, **typed: str) -> Any:
    data = {"email": f"{name}@example.org", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(path, {**data, **typed})


def test_on_an_ordinary_day_nobody_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = sign_up(visitor(), "ana", waited(seconds=0))
    assert hasty.status_code == 302
    assert User.objects.count() == 1


def test_who_makes_many_accounts_has_to_do_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_up, "FEW", 1)
    one = visitor()
    sign_up(one, "ana", waited(seconds=60))
    refused = sign_up(one, "bea", waited(seconds=60))
    assert refused.status_code == 429
    assert "Many accounts are being made" in refused.content.decode()
    assert "bea@example.org" in refused.content.decode(), "what was typed is still there"
    assert PASSWORD not in refused.content.decode()
    assert (User.objects.count(), Message.objects.count()) == (1, 1)
    trapped = sign_up(one, "bea", worked(one), homepage="https://spam.example")
    assert trapped.status_code == 429
    assert sign_up(one, "bea", worked(one)).status_code == 302
    assert sign_up(visitor(2), "eva", waited(seconds=60)).status_code == 302
    assert User.objects.count() == 3


def test_a_flood_from_everywhere_waits_and_who_waited_gets_in_without_a_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signing_up, "MANY", 1)
    sign_up(visitor(1), "ana", waited(seconds=60))
    assert sign_up(visitor(2), "bea", waited(seconds=0)).status_code == 429
    assert sign_up(visitor(3), "eva", waited(seconds=60)).status_code == 302
    assert User.objects.count() == 2


def test_a_sending_without_a_challenge_is_asked_to_come_again_with_one() -> None:
    again = sign_up(visitor(), "ana", PATH)
    assert again.status_code == 307
    assert again["Location"].startswith(f"{PATH}?proof=")
    assert not User.objects.exists()


def test_the_page_leads_back_to_where_somebody_came_from() -> None:
    page = visitor().get(PATH, {"next": "/my/"}).content.decode()
    assert '<input type="hidden" name="next" value="/my/">' in page
