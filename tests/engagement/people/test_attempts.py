"""Guessing is slowed down; nobody can be locked out by somebody else's failures."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from engagement.people.account_links import password_reset_path
from engagement.people.attempts import CODE, PASSWORD, Attempt, Limit, Step, forget
from engagement.people.factors import add_app
from engagement.people.models import User
from tests import worlds
from tests.engagement.people.phone import code_of

pytestmark = pytest.mark.django_db

EMAIL = "vale@staff.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HERE, THERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def vale() -> User:
    return worlds.officer(worlds.agency(), email=EMAIL)


def sign_in(address: str, password: str = worlds.PASSWORD) -> HttpResponse:
    return Client(REMOTE_ADDR=address).post(
        reverse("account_login"), {"login": EMAIL, "password": password}
    )


def flood(step: Step, account: str) -> None:
    assert step.wide is not None
    for number in range(step.wide.amount):
        Attempt(step, account=account, visitor=f"visitor-{number}")


def test_ten_wrong_passwords_refuse_this_visitor_and_nobody_else(vale: User) -> None:
    for _ in range(10):
        sign_in(HERE, "wrong")
    assert "Too many" in sign_in(HERE).content.decode()
    assert sign_in(THERE).status_code == 302


def test_one_visitor_cannot_fill_the_measure_of_all() -> None:
    step = Step("trial", narrow=Limit(2, 300), wide=Limit(5, 300))
    for _ in range(50):
        Attempt(step, account="a", visitor="one")
    assert not Attempt(step, account="a", visitor="two").is_in_flood


def test_the_refusal_ends_with_its_window() -> None:
    step = Step("trial", narrow=Limit(2, 300), wide=None)
    with time_machine.travel(worlds.NOW, tick=False):
        tries = [Attempt(step, account="a", visitor="one").is_refused for _ in range(3)]
    with time_machine.travel(worlds.NOW + timedelta(seconds=301), tick=False):
        later = Attempt(step, account="a", visitor="one").is_refused
    assert (tries, later) == ([False, False, True], False)


def test_right_passwords_are_not_counted(vale: User) -> None:
    for _ in range(15):
        assert sign_in(HERE).status_code == 302


def test_in_a_flood_the_right_password_leads_on_to_the_second_step(vale: User) -> None:
    with time_machine.travel(worlds.NOW - timedelta(days=1), tick=False):
        add_app(user=vale, secret=SECRET, code=code_of(SECRET), now=worlds.NOW)
    flood(PASSWORD, vale.sign_in_key)
    assert sign_in(THERE)["Location"] == reverse("mfa_authenticate")
    assert "Too many" in sign_in(THERE, "wrong").content.decode()


def test_in_a_flood_a_password_alone_is_refused_until_a_new_one_is_chosen(vale: User) -> None:
    flood(PASSWORD, vale.sign_in_key)
    right, wrong = sign_in(THERE), sign_in(THERE, "wrong")
    assert "Too many" in right.content.decode()
    assert "Too many" in wrong.content.decode()
    path = password_reset_path(vale.pk)
    assert path is not None
    words = "nine yellow teapots"
    Client().post(path, {"password1": words, "password2": words})
    assert sign_in(THERE, words).status_code == 302


def code_page(address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": EMAIL, "password": worlds.PASSWORD})
    return client


def test_five_wrong_codes_refuse_this_visitor_and_nobody_else(vale: User) -> None:
    with time_machine.travel(worlds.NOW, tick=False):
        add_app(user=vale, secret=SECRET, code=code_of(SECRET), now=worlds.NOW)
    with time_machine.travel(worlds.NOW + timedelta(hours=1), tick=False):
        thief, owner = code_page(HERE), code_page(THERE)
        for _ in range(5):
            thief.post(reverse("mfa_authenticate"), {"code": "000000"})
        late = thief.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
        assert "Too many wrong codes" in late.content.decode()
        right = owner.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
        assert right.status_code == 302


def test_a_flood_of_codes_ends_with_a_new_password(vale: User) -> None:
    flood(CODE, str(vale.pk))
    assert Attempt(CODE, account=str(vale.pk), visitor="x").is_in_flood
    path = password_reset_path(vale.pk)
    assert path is not None
    words = "nine yellow teapots"
    Client().post(path, {"password1": words, "password2": words})
    assert not Attempt(CODE, account=str(vale.pk), visitor="x").is_in_flood


def test_counters_name_neither_address_nor_account(vale: User) -> None:
    sign_in(HERE, "wrong")
    keys = cache._cache.get_client().scan_iter(f"*{cache.key_prefix}*")  # type: ignore[attr-defined]
    names = " ".join(name.decode() for name in keys)
    assert "attempts:" in names
    assert HERE not in names
    assert vale.sign_in_key not in names


def test_forgetting_an_account_that_was_never_counted_is_no_fault() -> None:
    forget(PASSWORD, account="nobody")
