"""Signing up, in and out, confirming and choosing passwords, through the pages."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.account_links import confirmation_path, password_reset_path
from engagement.people.actions import create_account
from engagement.people.identity import sign_in_key
from engagement.people.models import Contact, Session, User

EMAIL = "canary.bird@example.org"
PASSWORD = "seven green umbrellas"
OTHER_PASSWORD = "nine yellow teapots"
NOW = datetime(2026, 11, 1, 17, 23, 45, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def sign_up(client: Client, email: str = EMAIL, password: str = PASSWORD) -> HttpResponse:
    form = {"email": email, "password1": password, "password2": password}
    return client.post(reverse("account_signup"), form)


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def resident() -> User:
    return create_account(email=EMAIL, password=PASSWORD, by=Actor.task("test"), now=NOW)


def test_a_resident_signs_up_confirms_and_signs_in(client: Client) -> None:
    answer = sign_up(client)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert not is_signed_in(client)
    assert Message.objects.get().kind == "account.confirm"

    path = confirmation_path(user.pk)
    assert path is not None
    assert client.post(path).status_code == 302
    assert EmailAddress.objects.get().verified
    assert Contact.objects.get().is_confirmed
    assert confirmation_path(user.pk) is None

    assert sign_in(client, " Canary.Bird@Example.org ").status_code == 302
    assert is_signed_in(client)


def test_the_typed_address_is_stored_nowhere_but_sealed(client: Client) -> None:
    sign_up(client)
    sign_in(client)
    user = User.objects.get()
    assert user.sign_in_key == sign_in_key(EMAIL)
    assert EmailAddress.objects.get().email == user.sign_in_key
    for session in Session.objects.all():
        assert "canary" not in str(session.get_decoded()).lower()


def test_a_scanner_that_opens_the_link_confirms_nothing(client: Client) -> None:
    sign_up(client)
    path = confirmation_path(User.objects.get().pk)
    assert path is not None
    for _ in range(2):
        page = Client().get(path)
        assert page.status_code == 200
        assert "Confirm my address" in page.content.decode()
    assert not EmailAddress.objects.get().verified


def test_a_confirmation_opened_by_somebody_else_leaves_them_signed_in(
    client: Client, resident: User
) -> None:
    sign_up(Client(), "second@example.org")
    path = confirmation_path(User.objects.latest("pk").pk)
    assert path is not None
    client.force_login(resident)
    client.get(path)
    assert is_signed_in(client)


def test_a_confirmation_link_dies_after_three_days(client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        sign_up(client)
        path = confirmation_path(User.objects.get().pk)
    assert path is not None
    with time_machine.travel(NOW + timedelta(days=3, seconds=1), tick=False):
        assert "does not work" in client.get(path).content.decode()
        assert client.post(path).status_code == 302
    assert not EmailAddress.objects.get().verified


def test_nobody_signs_in_before_the_address_is_confirmed(client: Client) -> None:
    sign_up(client)
    answer = sign_in(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)


def test_signing_up_twice_looks_the_same_and_tells_only_the_owner(resident: User) -> None:
    stranger = sign_up(Client(), "new@example.org")
    known = sign_up(Client(), EMAIL, OTHER_PASSWORD)
    assert (known.status_code, known["Location"]) == (stranger.status_code, stranger["Location"])
    assert User.objects.count() == 2
    told = Message.objects.get(kind="account.exists")
    assert told.contact_id == resident.contact_id
    resident.refresh_from_db()
    assert resident.check_password(PASSWORD)


def test_a_wrong_password_and_an_unknown_address_read_the_same(resident: User) -> None:
    def words(answer: HttpResponse) -> str:
        page = BeautifulSoup(answer.content, "html.parser")
        alert = page.find(attrs={"role": "alert"})
        assert alert is not None
        return alert.get_text(" ", strip=True)

    wrong = sign_in(Client(), EMAIL, OTHER_PASSWORD)
    unknown = sign_in(Client(), "nobody@example.org", OTHER_PASSWORD)
    assert wrong.status_code == unknown.status_code == 200
    assert words(wrong) == words(unknown)


def test_the_session_ends_with_the_browser(client: Client, resident: User) -> None:
    answer = sign_in(client)
    cookie = answer.cookies["cg_session"]
    assert cookie["max-age"] == ""
    assert cookie["expires"] == ""
    assert cookie["httponly"]


def test_a_forgotten_password_is_chosen_anew_and_signs_nobody_in(
    client: Client, resident: User
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    answer = client.post(reverse("account_reset_password"), {"email": EMAIL.upper()})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert Message.objects.get().kind == "account.reset"

    path = password_reset_path(resident.pk)
    assert path is not None
    assert "Save the new password" in client.get(path).content.decode()
    form = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    assert client.post(path, form).status_code == 302
    assert not is_signed_in(client)
    resident.refresh_from_db()
    assert resident.check_password(OTHER_PASSWORD)
    assert elsewhere.get(reverse("account_change_password")).status_code == 302
    assert "does not work" in client.post(path, form).content.decode()


def test_opening_the_reset_link_keeps_its_key_out_of_the_session(
    client: Client, resident: User
) -> None:
    path = password_reset_path(resident.pk)
    assert path is not None
    client.get(path)
    assert not Session.objects.exists()
    resident.refresh_from_db()
    assert resident.check_password(PASSWORD)


def test_a_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(client: Client) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert not Message.objects.exists()
    assert not Contact.objects.exists()


def test_a_reset_link_dies_after_two_hours(client: Client, resident: User) -> None:
    with time_machine.travel(NOW, tick=False):
        path = password_reset_path(resident.pk)
    assert path is not None
    with time_machine.travel(NOW + timedelta(hours=2, seconds=1), tick=False):
        assert "does not work" in client.get(path).content.decode()


def test_a_locked_account_does_not_sign_in(client: Client, resident: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)
    assert password_reset_path(resident.pk) is None


def test_signing_out_takes_a_button_and_clears_the_browser(client: Client, resident: User) -> None:
    sign_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not is_signed_in(client)


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "\\\\evil.example"])
def test_after_signing_in_nobody_is_led_elsewhere(
    client: Client, resident: User, next_: str
) -> None:
    answer = client.post(
        reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": next_}
    )
    assert answer["Location"] == reverse("my")


def test_after_signing_in_the_page_that_was_asked_for_opens(client: Client, resident: User) -> None:
    answer = client.post(
        reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": "/areas/"}
    )
    assert answer["Location"] == "/areas/"


def test_guessing_passwords_is_slowed_down_by_pseudonym_alone(resident: User) -> None:
    for _ in range(10):
        sign_in(Client(REMOTE_ADDR="203.0.113.7"), EMAIL, OTHER_PASSWORD)
    slowed = sign_in(Client(REMOTE_ADDR="203.0.113.7"))
    assert "Too many" in slowed.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.8")
    assert sign_in(elsewhere).status_code == 302
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    prefix = cache.key_prefix
    names = [name.decode() for name in client.scan_iter(f"*{prefix}*")]
    assert any("login_failed" in name for name in names)
    assert not any("203.0.113" in name for name in names)


def test_a_prefilled_address_in_the_link_is_ignored(client: Client) -> None:
    page = client.get(reverse("account_signup"), {"email": EMAIL})
    form = BeautifulSoup(page.content, "html.parser").find("input", {"name": "email"})
    assert form is not None
    assert not form.get("value")


def test_an_answer_in_json_is_not_given(client: Client, resident: User) -> None:
    sign_up(Client(), "second@example.org")
    path = confirmation_path(User.objects.latest("pk").pk)
    assert path is not None
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer["Content-Type"].startswith("text/html")
    assert "people.invalid" not in answer.content.decode()


def test_a_short_password_is_refused_in_plain_words(client: Client) -> None:
    answer = sign_up(client, password="kitten")
    assert answer.status_code == 200
    assert "12 characters" in answer.content.decode()
    assert not User.objects.exists()
