"""Where somebody is signed in, and the end of that."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse

from engagement.people.account_links import password_reset_path
from engagement.people.models import Session, User
from engagement.people.visits import end_session, end_sessions
from tests import worlds

pytestmark = pytest.mark.django_db

EMAIL = "resident@home.example"
PAGE = "/account/sessions/"


@pytest.fixture
def rosa() -> User:
    return worlds.resident(EMAIL)


def signed_in(address: str = "203.0.113.7") -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT="Firefox on a canary")
    client.post(reverse("account_login"), {"login": EMAIL, "password": worlds.PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def test_the_list_names_hours_and_neither_address_nor_device(rosa: User) -> None:
    here, _elsewhere = signed_in(), signed_in("203.0.113.8")
    page = here.get(PAGE).content.decode()
    assert page.count('class="row"') == 2
    assert "203.0.113" not in page
    assert "Firefox" not in page
    row = Session.objects.first()
    assert row is not None
    assert row.started_at is not None
    assert row.started_at.minute == row.started_at.second == 0
    for session in Session.objects.all():
        assert session.session_key not in page


def test_one_session_is_ended_from_another(rosa: User) -> None:
    here, elsewhere = signed_in(), signed_in()
    page = BeautifulSoup(here.get(PAGE).content, "html.parser")
    handle = page.select_one("input[name=session]")
    assert handle is not None
    assert here.post(PAGE, {"session": handle["value"]})["Location"] == PAGE
    assert is_in(here)
    assert not is_in(elsewhere)


def test_all_others_are_ended_at_once(rosa: User) -> None:
    here, others = signed_in(), [signed_in(), signed_in()]
    here.post(PAGE)
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_the_session_of_another_account(rosa: User) -> None:
    mine, stranger = signed_in(), worlds.resident("other@home.example")
    page = BeautifulSoup(signed_in().get(PAGE).content, "html.parser")
    handle = page.select_one("input[name=session]")
    assert handle is not None
    assert not end_session(stranger, str(handle["value"]))
    assert end_sessions(stranger) == 0
    assert is_in(mine)


def test_a_new_password_ends_every_other_session(rosa: User) -> None:
    here, elsewhere = signed_in(), signed_in()
    words = "nine yellow teapots"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": worlds.PASSWORD, "password1": words, "password2": words},
    )
    assert is_in(here)
    assert not is_in(elsewhere)
    assert Session.objects.filter(user=rosa).count() == 1


def test_a_password_chosen_by_a_mailed_link_ends_all_sessions(client: Client, rosa: User) -> None:
    elsewhere = signed_in()
    path = password_reset_path(rosa.pk)
    assert path is not None
    words = "nine yellow teapots"
    client.post(path, {"password1": words, "password2": words})
    assert not is_in(elsewhere)
    assert not Session.objects.filter(user=rosa).exists()


def test_a_locked_account_is_out_at_once(rosa: User) -> None:
    here = signed_in()
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert not is_in(here)


def test_what_one_has_ended_stays_ended_while_a_page_is_loading(rosa: User) -> None:
    """A slow request of the ended session must not write its row again."""
    elsewhere = signed_in()
    session = elsewhere.session
    session["late"] = "_auth_user_id" in session
    end_sessions(rosa)
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.filter(user=rosa).exists()
