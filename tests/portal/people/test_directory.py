"""Signing in through the agency's directory, and losing access with it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.actions import grant_role
from engagement.people.directories import (
    ask_about_everyone,
    connect,
    digest_of,
    rekey_connections,
    rekey_links,
    seal_secret,
)
from engagement.people.factors import add_key, factors_of
from engagement.people.invitations import Offer, invite_person, token_of
from engagement.people.models import DirectoryConnection, DirectoryLink, Session, User
from engagement.people.openid import LOGOUT_EVENT
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.engagement.people.issuer import CLIENT, SECRET, AnyIssuer, another_make, remove, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_service_with_loopback(settings: Settings) -> None:
    settings.OUTBOUND_LOOPBACK = True
    settings.DEMO = False


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def boss(cedar: Agency) -> User:
    return worlds.officer(
        cedar, "Chief Clerk", role=Role.AGENCY_ADMIN, district=None, now=timezone.now()
    )


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer Vale", email="vale@staff.example", now=timezone.now())


@pytest.fixture
def issuer() -> Iterator[str]:
    with another_make("sub-7", "sub-8", amr=["pwd", "mfa"]) as address:
        yield address


def connection(at: Agency, issuer: str, **changes: Any) -> DirectoryConnection:
    made = DirectoryConnection(
        agency=at, slug="cedar-entra", name="Cedar Entra", issuer=issuer, client_id=CLIENT
    )
    for name, value in changes.items():
        setattr(made, name, value)
    seal_secret(made, SECRET)
    made.save()
    return made


def linked(to: DirectoryConnection, user: User, subject: str = "sub-7") -> DirectoryLink:
    return connect(connection=to, user=user, digest=digest_of(to, subject), now=timezone.now())


def led_there(answer: Any) -> str:
    """The address that the page leads on to."""
    page = BeautifulSoup(answer.content, "html.parser")
    refresh = page.find("meta", attrs={"http-equiv": "refresh"})
    assert refresh is not None, answer.content.decode()
    return str(refresh["content"]).partition("url=")[2]


def came_back(client: Client, answer: Any, person: str) -> Any:
    back = urlsplit(visit(led_there(answer), person))
    return client.get(f"{back.path}?{back.query}")


def signed_in_through(client: Client, person: str = "sub-7") -> Any:
    start = client.post(reverse("account_directory_start", args=["cedar-entra"]))
    return came_back(client, start, person)


def test_an_invited_person_comes_in_through_the_directory(
    cedar: Agency, boss: User, issuer: str
) -> None:
    connection(cedar, issuer)
    offer = Offer("Officer New", (Role.OFFICER,), cedar.day_of(timezone.now()))
    boss.has_fresh_factor = True
    made = invite_person(
        agency=cedar,
        email="new@staff.example",
        language="en",
        offer=offer,
        inviter=boss,
        now=timezone.now(),
    )
    token, client = token_of(made), Client()
    page = client.get(reverse("account_invitation", args=[token])).content.decode()
    assert "Accept with Cedar Entra" in page
    start = client.post(reverse("account_directory_invited", args=["cedar-entra", token]))
    confirm = came_back(client, start, "sub-7")
    assert confirm["Location"] == reverse("account_directory_confirm")
    assert not User.objects.filter(name="Officer New").exists()
    assert "Accept the invitation" in client.get(confirm["Location"]).content.decode()
    again = client.post(confirm["Location"])
    done = came_back(client, again, "sub-7")
    assert done["Location"] == reverse("desk")
    assert client.get(reverse("desk_concerns")).status_code == 200
    user = User.objects.get(name="Officer New")
    assert not user.has_usable_password()
    assert "new@staff.example" not in str(list(DirectoryLink.objects.values()))


def test_a_connected_person_is_in_with_the_directorys_second_factor(
    cedar: Agency, officer: User, issuer: str
) -> None:
    linked(connection(cedar, issuer), officer)
    client = Client()
    assert signed_in_through(client)["Location"] == reverse("desk")
    assert client.get(reverse("desk_concerns")).status_code == 200


def test_without_its_word_for_a_second_factor_the_portal_asks_for_its_own(
    cedar: Agency, officer: User
) -> None:
    with another_make("sub-7", amr=["pwd"]) as plain:
        linked(connection(cedar, plain), officer)
        client = Client()
        signed_in_through(client)
        assert client.get(reverse("desk_concerns")).status_code != 200


def test_an_address_in_the_token_lets_nobody_in(cedar: Agency, officer: User) -> None:
    with AnyIssuer() as any_issuer:
        connection(cedar, any_issuer.address)
        any_issuer.claims = {"email": "vale@staff.example", "email_verified": True, "amr": ["mfa"]}
        client = Client()
        start = client.post(reverse("account_directory_start", args=["cedar-entra"]))
        query = parse_qs(urlsplit(led_there(start)).query)
        any_issuer.nonce = query["nonce"][0]
        back = reverse("account_directory_callback", args=["cedar-entra"])
        answer = client.get(back, {"code": "c", "state": query["state"][0]})
        assert answer.status_code == 403
        assert "_auth_user_id" not in client.session
        assert not DirectoryLink.objects.exists()


def test_a_callback_that_nobody_began_here_does_nothing(
    cedar: Agency, officer: User, issuer: str
) -> None:
    linked(connection(cedar, issuer), officer)
    mine, other = Client(), Client()
    start = mine.post(reverse("account_directory_start", args=["cedar-entra"]))
    back = urlsplit(visit(led_there(start), "sub-7"))
    for client, path in (
        (other, f"{back.path}?{back.query}"),
        (mine, f"{back.path}?code=x&state=invented"),
        (mine, f"{back.path}?{back.query}&iss=https://evil.example"),
        (mine, f"{back.path}?{back.query}"),
    ):
        assert client.get(path).status_code == 403
        assert "_auth_user_id" not in client.session


def test_a_get_begins_nothing(cedar: Agency, issuer: str) -> None:
    connection(cedar, issuer)
    assert Client().get(reverse("account_directory_start", args=["cedar-entra"])).status_code == 405


def test_one_person_of_the_directory_is_one_account(
    cedar: Agency, officer: User, boss: User, issuer: str
) -> None:
    linked(connection(cedar, issuer), officer)
    client = worlds.trusted(boss)
    start = client.post(reverse("account_directory_connect", args=["cedar-entra"]))
    confirm = came_back(client, start, "sub-7")
    assert client.post(confirm["Location"]).status_code == 403
    assert DirectoryLink.objects.get().user == officer
    start = client.post(reverse("account_directory_connect", args=["cedar-entra"]))
    confirm = came_back(client, start, "sub-8")
    assert client.post(confirm["Location"])["Location"] == reverse("account_security")
    assert DirectoryLink.objects.get(user=boss)


def test_leaving_the_directory_ends_access(
    cedar: Agency, officer: User, boss: User, issuer: str
) -> None:
    linked(connection(cedar, issuer), officer)
    client = Client()
    signed_in_through(client)
    assert client.get(reverse("desk_concerns")).status_code == 200
    quarter = timezone.now() + timedelta(minutes=15)
    assert ask_about_everyone(now=quarter) == 0
    assert client.get(reverse("desk_concerns")).status_code == 200
    remove(issuer, "sub-7")
    assert ask_about_everyone(now=quarter) == 0  # asked about a moment ago
    assert ask_about_everyone(now=quarter + timedelta(minutes=15)) == 1
    assert client.get(reverse("desk_concerns"))["Location"].startswith("/account/login/")
    assert not Session.objects.filter(user=officer).exists()
    assert Message.objects.get(kind="people.left_directory").contact == boss.contact
    assert Entry.objects.filter(event="DIRECTORY_REFUSED").count() == 1
    # A password and a second factor of the portal's own do not help.
    assert worlds.trusted(officer).get(reverse("desk_concerns")).status_code == 404
    # Back in the directory, back here.
    assert signed_in_through(Client())["Location"] == reverse("desk")
    assert worlds.trusted(officer).get(reverse("desk_concerns")).status_code == 200


def test_a_directory_that_does_not_answer_ends_nothing(cedar: Agency, officer: User) -> None:
    with another_make("sub-7", amr=["mfa"]) as address:
        linked(connection(cedar, address), officer)
        client = Client()
        signed_in_through(client)
    later = timezone.now() + timedelta(minutes=15)
    assert ask_about_everyone(now=later) == 0
    assert client.get(reverse("desk_concerns")).status_code == 200


def test_where_it_is_required_a_password_opens_no_staff_door(
    cedar: Agency, officer: User, issuer: str
) -> None:
    linked(connection(cedar, issuer, is_required=True), officer)
    door = worlds.trusted(officer).get(reverse("desk_concerns"))
    assert (door.status_code, door["Location"].split("?")[0]) == (302, reverse("account_directory"))
    client = Client()
    signed_in_through(client)
    assert client.get(reverse("desk_concerns")).status_code == 200


def test_a_directory_of_one_agency_opens_nothing_at_another(
    cedar: Agency, officer: User, issuer: str
) -> None:
    east = worlds.agency("eastfield", east=1.0, now=timezone.now())
    theirs = worlds.officer(east, "Stranger", now=timezone.now())
    made = connection(cedar, issuer, is_required=True)
    linked(made, theirs)
    client = Client()
    signed_in_through(client)
    assert client.get(f"{reverse('desk_concerns')}?agency=cedar").status_code == 404
    assert worlds.trusted(theirs).get(reverse("desk_concerns")).status_code == 200


def test_a_directory_vouches_for_its_own_agency_alone(
    cedar: Agency, officer: User, issuer: str
) -> None:
    """Its administrators can be anybody there; not so at another agency, nor the operator."""
    east = worlds.agency("eastfield", east=1.0, now=timezone.now())
    grant_role(
        user=officer,
        role=Role.OFFICER,
        agency=east,
        from_on=east.day_of(timezone.now()),
        by=worlds.BY,
        now=timezone.now(),
    )
    User.objects.filter(pk=officer.pk).update(is_superuser=True, is_staff=True)
    linked(connection(cedar, issuer), officer)
    client = Client()
    signed_in_through(client)
    theirs = worlds.reported(east, now=timezone.now()).concern.staff_reference
    assert client.get(f"/desk/concerns/{theirs}/?agency=eastfield").status_code == 404
    assert client.get("/admin/").status_code == 404
    assert (
        worlds.trusted(officer).get(f"/desk/concerns/{theirs}/?agency=eastfield").status_code == 200
    )
    assert worlds.trusted(officer).get("/admin/").status_code == 200


def test_whoever_came_by_the_directory_changes_no_factor(
    cedar: Agency, officer: User, issuer: str
) -> None:
    add_key(user=officer, name="blue key", credential={}, now=timezone.now())
    add_key(user=officer, name="red key", credential={}, now=timezone.now())
    linked(connection(cedar, issuer), officer)
    client = Client()
    signed_in_through(client)
    for page in ("account_new_key", "account_new_app"):
        assert client.get(reverse(page))["Location"].startswith(reverse("account_confirm"))
    client.post(reverse("account_remove_factor"), {"factor": factors_of(officer)[0].id})
    assert len(factors_of(officer)) == 2


def test_the_directory_itself_can_sign_somebody_out(cedar: Agency, officer: User) -> None:
    with AnyIssuer() as any_issuer:
        made = connection(cedar, any_issuer.address)
        linked(made, officer, "person-1")
        client = worlds.trusted(officer)
        path = reverse("account_directory_logged_out", args=["cedar-entra"])
        forged = {"logout_token": any_issuer.token()}
        assert Client(enforce_csrf_checks=True).post(path, forged).status_code == 400
        assert client.get(reverse("desk_concerns")).status_code == 200
        said = any_issuer.token(nonce=None, events={LOGOUT_EVENT: {}}, jti="once")
        for _each in range(2):
            answer = Client(enforce_csrf_checks=True).post(path, {"logout_token": said})
            assert answer.status_code == 200
        assert Entry.objects.filter(event="DIRECTORY_LOGGED_OUT").count() == 1
        assert client.get(reverse("desk_concerns")).status_code == 302


def test_no_row_holds_a_secret_or_a_subject(cedar: Agency, officer: User, issuer: str) -> None:
    made = connection(cedar, issuer)
    linked(made, officer)
    signed_in_through(Client())
    rows = [
        bytes(value) if isinstance(value, memoryview) else str(value).encode()
        for model in (DirectoryConnection, DirectoryLink)
        for row in model.objects.values_list()
        for value in row
    ]
    assert bytes(DirectoryLink.objects.get().refresh_token)
    for canary in (SECRET, "sub-7"):
        assert not any(canary.encode() in row for row in rows)
    assert rekey_connections(0, 10) == made.pk
    assert rekey_links(0, 10) == DirectoryLink.objects.get().pk
    assert signed_in_through(Client())["Location"] == reverse("desk")
