"""In service no staff door opens without a second factor of this very session, at any address."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from concerns.models import Concern
from engagement.doors.access import Kind
from engagement.people.account_links import password_reset_path
from engagement.people.factors import add_key
from engagement.people.models import Session, User
from engagement.people.roles import Role
from engagement.people.trust import NOTE
from engagement.places.models import Agency
from tests import worlds
from tests.guards.addresses import Address, addresses
from tests.guards.test_doors import samples_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_service")]

Way = Callable[[User], Client]
CONFIRM = "/account/confirm/"
SIGN_IN = "/account/login/"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def staff(cedar: Agency) -> list[User]:
    """Who between them open every staff door, each with a second factor set up."""
    now = timezone.now()
    people = [
        worlds.officer(
            cedar, role.value, role=role, district="1" if role == Role.OFFICER else None, now=now
        )
        for role in (Role.OFFICER, Role.AGENCY_ADMIN)
    ]
    people.append(worlds.operator(now=now))
    for person in people:
        add_key(user=person, name="blue key", credential={}, now=now)
    return people


def nobody(user: User) -> Client:
    return Client()


def basic(user: User) -> Client:
    pair = base64.b64encode(f"{user.sign_in_key}:{worlds.PASSWORD}".encode()).decode()
    return Client(HTTP_AUTHORIZATION=f"Basic {pair}")


def token(user: User) -> Client:
    return Client(HTTP_AUTHORIZATION=f"Token {worlds.PASSWORD}")


def reset_link(user: User) -> Client:
    """A browser that has just chosen a new password by the mailed link."""
    client = Client()
    path = password_reset_path(user.pk)
    assert path is not None
    words = "nine yellow teapots"
    client.get(path)
    client.post(path, {"password1": words, "password2": words})
    return client


def half_signed_in(user: User) -> Client:
    """The password was right; the second step was not done."""
    client = Client()
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    client.cookies["cg_session"] = str(session.session_key)
    return client


def expired(user: User) -> Client:
    return worlds.trusted(user, age=timedelta(hours=12, minutes=1))


def from_the_future(user: User) -> Client:
    return worlds.trusted(user, age=-timedelta(hours=1))


def of_another_session(user: User) -> Client:
    """The note of somebody else's trusted session, carried over as it is."""
    other = worlds.trusted(worlds.resident(f"{user.pk}@other.example", now=timezone.now()))
    client = worlds.signed_in(user)
    session = client.session
    session[NOTE] = other.session[NOTE]
    session.save()
    return client


WAYS: list[Way] = [
    nobody,
    worlds.signed_in,
    basic,
    token,
    reset_link,
    half_signed_in,
    expired,
    from_the_future,
    of_another_session,
]


def staff_doors() -> list[Address]:
    return [
        address
        for address in addresses()
        if address.door and address.door.kind in (Kind.STAFF, Kind.OPERATOR)
    ]


def is_refused(path: str, response: HttpResponse) -> bool:
    if path.startswith("/api/"):
        return response.status_code == 403
    return response.status_code in (302, 303) and response["Location"].startswith(
        (CONFIRM, SIGN_IN)
    )


@pytest.mark.parametrize("way", WAYS)
def test_no_staff_door_opens_without_a_fresh_factor(staff: list[User], way: Way) -> None:
    samples = samples_of(Agency.objects.get(), staff[0])
    before = list(Concern.objects.order_by("id").values_list("state", "version"))
    wrong = []
    for person in staff:
        client = way(person)
        for address in staff_doors():
            path = address.path(samples)
            for method in (client.get, client.post):
                answer = method(path)
                if not is_refused(path, answer):
                    wrong.append((person.name, address.pattern, method.__name__, answer))
    assert wrong == []
    assert list(Concern.objects.order_by("id").values_list("state", "version")) == before


def test_the_same_doors_open_with_one(staff: list[User]) -> None:
    """The walk above would pass with doors that nobody can open."""
    people = {person.name: person for person in staff}
    assert worlds.trusted(people["officer"]).get("/desk/").status_code == 200
    assert worlds.trusted(people["Operator"]).get("/admin/").status_code == 200


def test_the_refusal_tells_nothing_of_what_stands_behind(staff: list[User], cedar: Agency) -> None:
    """Own, foreign and made up: equal words, headers and number of questions."""
    officer = next(person for person in staff if person.name == "officer")
    elsewhere = worlds.agency("eastfield", east=1.0, now=timezone.now())
    own = worlds.reported(cedar, now=timezone.now()).concern.staff_reference
    foreign = worlds.reported(elsewhere, now=timezone.now()).concern.staff_reference
    client = worlds.signed_in(officer)
    seen = []
    for reference in (own, foreign, "X" * len(own)):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/desk/concerns/{reference}/")
        headers = str(answer.headers).replace(reference, "")
        seen.append((answer.status_code, answer.content, headers, len(asked)))
    assert seen[0] == seen[1] == seen[2]


def test_with_a_factor_foreign_and_made_up_are_still_alike(
    staff: list[User], cedar: Agency
) -> None:
    officer = next(person for person in staff if person.name == "officer")
    elsewhere = worlds.agency("eastfield", east=1.0, now=timezone.now())
    foreign = worlds.reported(elsewhere, now=timezone.now()).concern.staff_reference
    client = worlds.trusted(officer)
    client.get("/desk/")
    seen = []
    for reference in (foreign, "X" * len(foreign)):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/desk/concerns/{reference}/")
        seen.append((answer.status_code, answer.content, dict(answer.headers), len(asked)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


def test_the_administrations_own_sign_in_takes_no_password(staff: list[User]) -> None:
    operator = next(person for person in staff if person.is_superuser)
    client = Client()
    answer = client.post(
        "/admin/login/?next=/admin/",
        {"username": operator.sign_in_key, "password": worlds.PASSWORD},
    )
    assert answer["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


def test_no_way_of_signing_in_but_the_session_is_known_to_the_api(settings: Settings) -> None:
    assert settings.REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] == [
        "rest_framework.authentication.SessionAuthentication"
    ]


def test_confirming_an_address_signs_nobody_in(cedar: Agency) -> None:
    client = Client()
    client.post(
        reverse("account_signup"),
        {"email": "new@home.example", "password1": "nine teapots!", "password2": "nine teapots!"},
    )
    assert not Session.objects.filter(user__isnull=False).exists()
