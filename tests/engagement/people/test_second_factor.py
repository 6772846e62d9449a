"""Codes and keys: set up, asked for at the sign-in, asked for again, used once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.keys import store
from engagement.keys.encryption import CannotUnseal
from engagement.keys.purposes import Purpose
from engagement.outbox.models import Message
from engagement.people.account_links import enrolment_path
from engagement.people.factor_secrets import opened_secret
from engagement.people.factors import (
    CannotRemove,
    WrongCode,
    add_app,
    add_key,
    check_code,
    factors_of,
    remove_factor,
)
from engagement.people.models import Session, User
from engagement.people.recovery import permit_enrolment
from engagement.people.rekeying import rekey_factors
from engagement.people.trust import NOTE
from tests import worlds
from tests.engagement.people.phone import code_of
from tests.engagement.people.soft_key import SoftKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_service")]

EMAIL = "vale@staff.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2026, 11, 18, 15, 42, 17, tzinfo=UTC)


@pytest.fixture
def vale() -> User:
    with time_machine.travel(NOW, tick=False):
        return worlds.officer(worlds.agency(), email=EMAIL)


@pytest.fixture
def app(vale: User) -> str:
    """The secret of an app that Officer Vale set up a day ago."""
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        add_app(user=vale, secret=SECRET, code=code_of(SECRET), now=NOW - timedelta(days=1))
    return SECRET


def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def password(client: Client) -> HttpResponse:
    return client.post(
        reverse("account_login"), {"login": EMAIL, "password": worlds.PASSWORD, "next": "/desk/"}
    )


def options(answer: HttpResponse, kind: str = "get") -> dict[str, Any]:
    page = BeautifulSoup(answer.content, "html.parser")
    form = page.find("form", {"data-passkey": kind})
    assert form is not None
    found: dict[str, Any] = json.loads(str(form["data-options"]))
    return found


def opens(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def registered(user: User, key: SoftKey) -> Client:
    """A browser that has just added the key, in a trusted session."""
    client = worlds.trusted(user)
    client.defaults["HTTP_HOST"] = "localhost"
    permit_enrolment(user, by=Actor.task("tests"), now=timezone.now())
    client.post(str(enrolment_path(user.pk)))
    page = client.get(reverse("account_new_key"))
    sent = {"credential": key.create(options(page, "create")), "name": "blue key"}
    assert client.post(reverse("account_new_key"), sent).status_code == 302
    return client


def test_a_password_alone_opens_nothing(vale: User) -> None:
    client = browser()
    assert password(client).status_code == 302
    assert client.get("/desk/").status_code == 302
    assert client.get("/my/").status_code == 200


def test_password_and_code_open_the_desk(vale: User, app: str) -> None:
    client = browser()
    with time_machine.travel(NOW, tick=False):
        assert password(client)["Location"] == reverse("mfa_authenticate")
        assert client.get("/desk/")["Location"].startswith(reverse("account_login"))
        wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "not the code of this moment" in wrong.content.decode()
        right = client.post(reverse("mfa_authenticate"), {"code": code_of(app)})
        assert right["Location"] == "/desk/"
        assert opens(client)


def test_a_code_works_once(vale: User, app: str) -> None:
    with time_machine.travel(NOW, tick=False):
        code = code_of(app)
        check_code(user=vale, code=code, now=NOW)
        with pytest.raises(WrongCode):
            check_code(user=vale, code=code, now=NOW)
        with pytest.raises(WrongCode):
            check_code(user=vale, code=code_of(app, steps=-1), now=NOW)


def test_the_code_that_set_up_the_app_signs_nobody_in(vale: User) -> None:
    with time_machine.travel(NOW, tick=False):
        add_app(user=vale, secret=SECRET, code=code_of(SECRET), now=NOW)
        with pytest.raises(WrongCode):
            check_code(user=vale, code=code_of(SECRET), now=NOW)


def test_a_shift_later_the_factor_is_asked_for_again(vale: User, app: str) -> None:
    client = browser()
    with time_machine.travel(NOW, tick=False):
        password(client)
        client.post(reverse("mfa_authenticate"), {"code": code_of(app)})
    with time_machine.travel(NOW + timedelta(hours=11, minutes=50), tick=False):
        assert opens(client)
    with time_machine.travel(NOW + timedelta(hours=12, minutes=1), tick=False):
        asked = client.get("/desk/concerns/")
        assert asked["Location"] == "/account/confirm/?next=/desk/concerns/"
        assert client.post("/desk/concerns/X/accept/")["Location"] == reverse("account_confirm")
        shown = client.post(asked["Location"], {"code": code_of(app), "next": "/desk/concerns/"})
        assert shown["Location"] == "/desk/concerns/"
        assert opens(client)


def test_a_note_in_somebody_elses_session_is_worth_nothing(vale: User) -> None:
    client = worlds.signed_in(vale)
    session = client.session
    session[NOTE] = {"kind": "totp", "at": NOW.timestamp(), "user": vale.pk + 1}
    session.save()
    with time_machine.travel(NOW, tick=False):
        assert not opens(client)


def test_a_secret_lies_sealed_and_opens_for_its_account_alone(vale: User, app: str) -> None:
    sealed = Authenticator.objects.get().data["secret"]
    assert app not in str(Authenticator.objects.get().data)
    assert opened_secret(sealed, user_id=vale.pk) == app
    with pytest.raises(CannotUnseal):
        opened_secret(sealed, user_id=vale.pk + 1)


def test_the_library_itself_cannot_store_a_secret() -> None:
    with pytest.raises(LookupError):
        get_adapter().encrypt(SECRET)


def test_a_secret_survives_a_new_key(vale: User, app: str) -> None:
    before = Authenticator.objects.get().data["secret"]
    store.add_version(Purpose.FACTOR)
    assert rekey_factors(0, 10) == Authenticator.objects.get().pk
    after = Authenticator.objects.get().data["secret"]
    assert after != before
    assert opened_secret(after, user_id=vale.pk) == app


def test_setting_up_an_app_stores_its_secret_nowhere_in_plain(vale: User) -> None:
    key = SoftKey()
    client = registered(vale, key)
    page = client.get(reverse("account_new_app"))
    secret = BeautifulSoup(page.content, "html.parser").select_one("code.code")
    assert secret is not None
    plain = secret.get_text().replace(" ", "")
    assert plain not in str(client.session.items())
    wrong = client.post(reverse("account_new_app"), {"code": "000000"})
    assert "does not fit" in wrong.content.decode()
    done = client.post(reverse("account_new_app"), {"code": code_of(plain)})
    assert done.status_code == 302
    assert [factor.kind for factor in factors_of(vale)] == ["security_key", "totp"]


def test_a_key_after_the_password_opens_the_desk(vale: User) -> None:
    key = SoftKey(verifies=False)
    registered(vale, key)
    client = browser()
    password(client)
    asked = client.get(reverse("mfa_authenticate"))
    sent = client.post(reverse("mfa_authenticate"), {"credential": key.get(options(asked))})
    assert sent["Location"] == "/desk/"
    assert client.session[NOTE]["kind"] == "security_key"
    assert opens(client)


def test_a_passkey_opens_the_desk_without_a_password(vale: User) -> None:
    key = SoftKey()
    registered(vale, key)
    client = browser()
    asked = client.get(reverse("account_passkey"))
    done = client.post(
        reverse("account_passkey"), {"credential": key.get(asked.json()), "next": "/desk/"}
    )
    assert done["Location"] == "/desk/"
    assert client.session[NOTE]["kind"] == "passkey"
    assert opens(client)


def test_a_key_that_asks_its_holder_nothing_needs_the_password(vale: User) -> None:
    """Also with a challenge from the second step, where a touch is enough."""
    key = SoftKey(verifies=False)
    registered(vale, key)
    client = browser()
    asked = client.get(reverse("account_passkey")).json()
    client.post(reverse("account_passkey"), {"credential": key.get(asked)})
    assert "_auth_user_id" not in client.session
    password(client)
    lenient = options(client.get(reverse("mfa_authenticate")))
    client.post(reverse("account_passkey"), {"credential": key.get(lenient)})
    assert "_auth_user_id" not in client.session


def test_an_answer_of_a_key_works_once_and_for_this_site(vale: User) -> None:
    key = SoftKey()
    registered(vale, key)
    answer = key.get(browser().get(reverse("account_passkey")).json())
    client = browser()
    client.get(reverse("account_passkey"))
    client.post(reverse("account_passkey"), {"credential": answer})
    assert "_auth_user_id" not in client.session
    key.origin = "https://localhost.evil.example"
    asked = client.get(reverse("account_passkey")).json()
    client.post(reverse("account_passkey"), {"credential": key.get(asked)})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "nonsense", ["", "{}", "[]", "7", '{"id": 1, "response": {}}', '{"response": null}', "no json"]
)
def test_nonsense_in_place_of_a_key_is_refused_in_words(vale: User, nonsense: str) -> None:
    registered(vale, SoftKey())
    client = browser()
    client.get(reverse("account_passkey"))
    sent = client.post(reverse("account_passkey"), {"credential": nonsense})
    assert sent["Location"] == reverse("account_login")
    trusted = worlds.trusted(vale)
    trusted.defaults["HTTP_HOST"] = "localhost"
    trusted.get(reverse("account_new_key"))
    page = trusted.post(reverse("account_new_key"), {"credential": nonsense})
    assert page.status_code == 200
    assert "not accepted" in page.content.decode()


def test_a_locked_account_is_opened_by_no_passkey(vale: User) -> None:
    key = SoftKey()
    client = registered(vale, key)
    User.objects.filter(pk=vale.pk).update(is_active=False)
    assert not opens(client)
    other = browser()
    asked = other.get(reverse("account_passkey")).json()
    other.post(reverse("account_passkey"), {"credential": key.get(asked)})
    assert "_auth_user_id" not in other.session


def test_changing_factors_needs_one_of_this_quarter_hour(vale: User, app: str) -> None:
    stale = worlds.trusted(vale, age=timedelta(minutes=20))
    for page in ("account_new_key", "account_new_app"):
        path = reverse(page)
        expected = f"/account/confirm/?next={path.replace('/', '%2F')}"
        if page == "account_new_key":
            assert stale.get(path)["Location"] == expected
    sent = stale.post(reverse("account_remove_factor"), {"factor": factors_of(vale)[0].id})
    assert sent["Location"].startswith(reverse("account_confirm"))
    assert len(factors_of(vale)) == 1


def test_the_last_factor_cannot_be_removed(vale: User, app: str) -> None:
    with pytest.raises(CannotRemove):
        remove_factor(user=vale, factor_id=factors_of(vale)[0].id, now=NOW)
    add_key(user=vale, name="blue key", credential={}, now=NOW)
    stranger = worlds.resident()
    with pytest.raises(CannotRemove):
        remove_factor(user=stranger, factor_id=factors_of(vale)[0].id, now=NOW)
    remove_factor(user=vale, factor_id=factors_of(vale)[0].id, now=NOW)
    assert [factor.name for factor in factors_of(vale)] == ["blue key"]


def test_each_change_is_recorded_and_told_by_mail(vale: User, app: str) -> None:
    add_key(user=vale, name="blue key", credential={}, now=NOW)
    remove_factor(user=vale, factor_id=factors_of(vale)[0].id, now=NOW)
    events = Entry.objects.filter(event__startswith="FACTOR").order_by("id")
    assert [entry.event for entry in events] == ["FACTOR_ADDED", "FACTOR_ADDED", "FACTOR_REMOVED"]
    assert Message.objects.filter(kind="account.factors", contact=vale.contact).count() == 3


def test_no_row_of_a_factor_says_at_which_minute_it_was_used(vale: User, app: str) -> None:
    with time_machine.travel(NOW, tick=False):
        check_code(user=vale, code=code_of(app), now=NOW)
    row = Authenticator.objects.get()
    assert row.last_used_at == NOW.replace(minute=0, second=0)
    assert row.created_at.minute == row.created_at.second == 0


def test_residents_are_offered_no_second_step() -> None:
    client = worlds.signed_in(worlds.resident())
    assert "Second step" not in client.get(reverse("account_security")).content.decode()
    for page in ("account_new_app", "account_new_key"):
        assert client.get(reverse(page))["Location"] == reverse("account_security")


def test_the_session_says_its_factor_to_five_minutes(vale: User, app: str) -> None:
    client = browser()
    with time_machine.travel(NOW, tick=False):
        password(client)
        client.post(reverse("mfa_authenticate"), {"code": code_of(app)})
        assert client.session[NOTE]["at"] % 300 == 0
        row = Session.objects.get(user=vale)
    assert (row.factor, row.started_at) == ("totp", NOW.replace(minute=0, second=0))
