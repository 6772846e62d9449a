"""The first second step: only with a permit of somebody else, through its mailed link, once."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.account_links import enrolment_path, password_reset_path
from engagement.people.factors import factors_of, has_factors
from engagement.people.models import EnrolmentPermit, User
from engagement.people.recovery import permit_enrolment
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.engagement.people.phone import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_service")]

EMAIL = "vale@staff.example"
BY = Actor.task("tests")
HERE = "/account/enrol/"


@pytest.fixture
def vale() -> User:
    return worlds.officer(worlds.agency(), email=EMAIL, now=timezone.now())


def link(user: User) -> str:
    permit_enrolment(user, by=BY, now=timezone.now())
    path = enrolment_path(user.pk)
    assert path is not None
    return path


def sign_in(client: Client, next_: str = "", password: str = worlds.PASSWORD) -> None:
    client.post(reverse("account_login"), {"login": EMAIL, "password": password, "next": next_})


def set_up_app(client: Client) -> int:
    """Try to set up an app as the page asks; returns the status of the last answer."""
    page = client.get(reverse("account_new_app"))
    if page.status_code != 200:
        return page.status_code
    code = BeautifulSoup(page.content, "html.parser").select_one("code.code")
    assert code is not None
    client.post(reverse("account_new_app"), {"code": code_of(code.get_text())})
    return 200


def test_the_mailed_link_leads_to_the_first_second_step(client: Client, vale: User) -> None:
    path = link(vale)
    assert Message.objects.filter(kind="account.enrol", contact=vale.contact).exists()
    assert "Begin" in client.get(path).content.decode()
    assert client.post(path)["Location"] == HERE
    assert "Sign in to go on" in client.get(HERE).content.decode()
    sign_in(client, HERE)
    assert "Choose your second step" in client.get(HERE).content.decode()
    assert client.get("/desk/").status_code == 302
    set_up_app(client)
    assert has_factors(vale)
    assert client.get("/desk/").status_code == 200


def test_whoever_learned_the_password_first_cannot_add_a_factor(client: Client, vale: User) -> None:
    link(vale)
    sign_in(client)
    assert set_up_app(client) == 302
    assert client.get(reverse("account_new_key"))["Location"] == reverse("account_security")
    assert client.get(HERE).status_code == 410
    assert "No second step yet" in client.get(reverse("account_security")).content.decode()
    assert not has_factors(vale)


def test_setting_up_ends_the_sessions_of_whoever_was_in_before(client: Client, vale: User) -> None:
    thief = Client()
    sign_in(thief)
    client.post(link(vale))
    sign_in(client)
    set_up_app(client)
    assert thief.get("/my/").status_code == 302
    assert client.get("/my/").status_code == 200


def test_the_link_without_the_password_adds_nothing(client: Client, vale: User) -> None:
    client.post(link(vale))
    assert set_up_app(client) == 302
    sign_in(client, password="not the password")
    assert set_up_app(client) == 302
    assert not has_factors(vale)


def test_a_link_is_of_no_use_to_another_account(client: Client, vale: User) -> None:
    other = worlds.officer(
        Agency.objects.get(), "Other", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    client.force_login(other)
    client.post(link(vale))
    assert "another account" in client.get(HERE).content.decode()
    assert set_up_app(client) == 302
    assert not has_factors(other)


def test_the_link_works_once(client: Client, vale: User) -> None:
    path = link(vale)
    client.post(path)
    sign_in(client)
    set_up_app(client)
    assert Client().get(path).status_code == 410
    assert not EnrolmentPermit.objects.exists()
    assert len(factors_of(vale)) == 1


def test_the_link_dies_after_three_days_and_with_a_newer_one(client: Client, vale: User) -> None:
    first = link(vale)
    second = link(vale)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=5), tick=False):
        assert client.get(second).status_code == 410
        assert enrolment_path(vale.pk) is None


@pytest.mark.parametrize("token", ["x", "a:b:c", "WzEsMl0:1abc:def"])
def test_a_made_up_link_is_refused(client: Client, token: str) -> None:
    assert client.get(reverse("account_enrol", args=[token])).status_code == 410
    assert client.post(reverse("account_enrol", args=[token])).status_code == 410


def test_opening_the_link_changes_nothing(client: Client, vale: User) -> None:
    path = link(vale)
    client.get(path)
    assert not client.session.items()
    assert enrolment_path(vale.pk) is not None


def test_a_new_colleague_chooses_a_password_and_is_not_signed_in_by_it(client: Client) -> None:
    user = worlds.operator(email=EMAIL, now=timezone.now())
    user.set_unusable_password()
    user.save()
    client.post(link(user))
    assert "Choose a password" in client.get(HERE).content.decode()
    short = client.post(HERE, {"password1": "kitten", "password2": "kitten"})
    assert "12 characters" in short.content.decode()
    words = "nine yellow teapots"
    assert client.post(HERE, {"password1": words, "password2": words})["Location"] == HERE
    assert "_auth_user_id" not in client.session
    sign_in(client, password=words)
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_a_reset_link_neither_signs_in_nor_permits_a_factor(client: Client, vale: User) -> None:
    path = password_reset_path(vale.pk)
    assert path is not None
    words = "nine yellow teapots"
    client.get(path)
    client.post(path, {"password1": words, "password2": words})
    assert "_auth_user_id" not in client.session
    sign_in(client, password=words)
    assert set_up_app(client) == 302
    assert not has_factors(vale)


def test_permitting_is_recorded(vale: User) -> None:
    link(vale)
    assert Entry.objects.filter(event="ENROLMENT_PERMITTED", actor_name="tests").exists()


def test_in_a_demonstration_a_second_step_can_be_tried_out(
    client: Client, vale: User, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    sign_in(client)
    set_up_app(client)
    assert has_factors(vale)
