"""An agency that demands its directory says so: to everybody alike, and never with a dead end."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.people.directories import seal_secret
from engagement.people.models import DirectoryConnection, User
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer Vale", email="vale@x.example", now=timezone.now())


@pytest.fixture
def demanded(cedar: Agency) -> DirectoryConnection:
    made = DirectoryConnection(
        agency=cedar,
        slug="cedar-entra",
        name="Cedar Entra",
        issuer="https://login.example/v2.0",
        client_id="common-ground",
        is_required=True,
    )
    seal_secret(made, "secret")
    made.save()
    return made


def test_the_sign_in_page_leads_staff_to_the_directory(
    cedar: Agency, demanded: DirectoryConnection
) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "Cedar Police lets its staff in through its directory only." in page
    assert reverse("account_directory_start", args=["cedar-entra"]) in page


def test_it_says_nothing_where_no_directory_is_demanded(cedar: Agency) -> None:
    assert "directory only" not in Client().get(reverse("account_login")).content.decode()


@pytest.mark.privacy
def test_the_sign_in_page_says_the_same_whether_there_is_an_account_or_not(
    officer: User, demanded: DirectoryConnection
) -> None:
    answers = []
    for login in ("vale@x.example", "nobody@x.example"):
        typed = {"login": login, "password": "wrong-wrong-wrong"}
        answer = Client().post(reverse("account_login"), typed)
        answers.append((answer.status_code, "Cedar Entra" in answer.content.decode()))
    assert answers[0] == answers[1]


def test_who_came_with_a_password_is_led_to_the_directory_and_told_why(
    officer: User, demanded: DirectoryConnection
) -> None:
    client = Client()
    typed = {"login": "vale@x.example", "password": worlds.PASSWORD}
    signed_in = client.post(reverse("account_login"), typed)
    assert signed_in["Location"] == reverse("account_directory")
    door = client.get(reverse("desk_concerns"))
    assert door.status_code == 302
    assert door["Location"].startswith(reverse("account_directory"))
    page = client.get(reverse("account_directory")).content.decode()
    assert "Your password does not open the desk" in page
    assert reverse("account_directory_connect", args=["cedar-entra"]) in page


def test_every_closed_door_leads_there_alike(officer: User, demanded: DirectoryConnection) -> None:
    client = worlds.signed_in(officer)
    paths = (reverse("desk_people"), reverse("desk_concerns"), "/desk/concerns/7K3M9QXT2C/")
    said = {client.get(path).status_code for path in paths}
    assert said == {302}


def test_an_agency_that_only_offers_its_directory_lets_passwords_in(
    officer: User, demanded: DirectoryConnection
) -> None:
    DirectoryConnection.objects.update(is_required=False)
    client = worlds.signed_in(officer)
    assert client.get(reverse("desk_concerns")).status_code == 200
    assert client.get(reverse("desk_people")).status_code == 404


def test_a_resident_is_led_nowhere(demanded: DirectoryConnection) -> None:
    client = worlds.signed_in(worlds.resident(now=timezone.now()))
    assert client.get(reverse("desk_concerns")).status_code == 404
