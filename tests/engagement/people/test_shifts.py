"""In a car: one sign-in per shift on a registered device, and nothing left for whoever is next."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from engagement.audit.models import Entry
from engagement.people.factors import add_app
from engagement.people.models import Device, Session, User
from engagement.people.roles import Role
from engagement.people.shifts import COOKIE, NOTE
from engagement.places.models import Agency
from tests import worlds
from tests.engagement.people.phone import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_service")]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2026, 11, 18, 12, 42, 17, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
DESK = "/desk/"


@pytest.fixture(autouse=True)
def on_that_morning() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=YESTERDAY)


def staff(agency: Agency, email: str, role: Role = Role.OFFICER) -> User:
    name = email.split("@")[0]
    user = worlds.officer(agency, name, role=role, district=None, email=email, now=YESTERDAY)
    add_app(user=user, secret=SECRET, code=code_of(SECRET, steps=-1), now=YESTERDAY)
    return user


@pytest.fixture
def vale(cedar: Agency) -> User:
    return staff(cedar, "vale@staff.example")


@pytest.fixture
def admin(cedar: Agency) -> User:
    return staff(cedar, "admin@staff.example", Role.AGENCY_ADMIN)


def signs_in(client: Client, user: User) -> HttpResponse:
    """Password and code, as on any other day."""
    email = f"{user.name}@staff.example"
    client.post(reverse("account_login"), {"login": email, "password": worlds.PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})


def registered(by: User, client: Client, path: str = "/account/devices/new/") -> Device:
    """Register this browser, signed in with a factor; then sign out again."""
    trusted = worlds.trusted(by)
    answer = trusted.post(path, {"name": "Car 12", "shift_hours": "12"})
    assert answer.status_code == 302, answer.content
    client.cookies[COOKIE] = answer.cookies[COOKIE].value
    return Device.objects.get()


def note(client: Client) -> dict[str, Any] | None:
    found: dict[str, Any] | None = client.session.get(NOTE)
    return found


@pytest.fixture
def car(cedar: Agency, admin: User) -> Client:
    """The computer of car 12, which an administrator registered."""
    client = Client()
    registered(admin, client, "/desk/people/devices/new/")
    return client


def test_a_sign_in_in_a_car_lasts_for_the_shift_and_ends_with_it(
    car: Client, vale: User, on_that_morning: Any
) -> None:
    signs_in(car, vale)
    assert car.get(DESK).status_code == 200
    assert car.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    on_that_morning.move_to(NOW + timedelta(hours=11, minutes=50))
    assert car.get(DESK).status_code == 200
    on_that_morning.move_to(NOW + timedelta(hours=12, minutes=1))
    answer = car.get(DESK)
    assert answer["Location"].startswith(reverse("account_login"))
    assert not Session.objects.filter(user=vale).exists()


def test_elsewhere_a_sign_in_ends_with_the_browser(vale: User) -> None:
    client = Client()
    signs_in(client, vale)
    assert client.get(DESK).status_code == 200
    assert not client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert note(client) is None


@pytest.mark.privacy
def test_the_device_alone_opens_nothing(car: Client, vale: User) -> None:
    assert car.get(DESK)["Location"].startswith(reverse("account_login"))
    car.force_login(vale)
    assert car.get(DESK)["Location"].startswith("/account/confirm/")
    assert note(car) is None


def test_one_tap_ends_the_shift_and_the_next_officer_starts_clean(
    car: Client, cedar: Agency, vale: User
) -> None:
    signs_in(car, vale)
    assert b"End my shift" in car.get(DESK).content
    answer = car.post(reverse("account_end_shift"), HTTP_SEC_FETCH_DEST="document")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
    assert COOKIE not in answer.cookies
    assert not Session.objects.filter(user=vale).exists()
    del car.cookies[settings.SESSION_COOKIE_NAME]
    reed = staff(cedar, "reed@staff.example")
    signs_in(car, reed)
    assert car.get(DESK).status_code == 200
    shift = note(car)
    assert shift is not None
    assert shift["shared"] is True
    events = Entry.objects.filter(subject_type="device").order_by("id")
    assert list(events.values_list("event", "actor_user_id"))[1:] == [
        ("SHIFT_BEGUN", vale.pk),
        ("SHIFT_ENDED", vale.pk),
        ("SHIFT_BEGUN", reed.pk),
    ]


def test_a_revoked_device_loses_its_sessions_and_its_standing(
    car: Client, admin: User, vale: User
) -> None:
    signs_in(car, vale)
    device = Device.objects.get()
    worlds.trusted(admin).post(f"/desk/people/devices/{device.pk}/revoke/")
    assert car.get(DESK)["Location"].startswith(reverse("account_login"))
    signs_in(car, vale)
    assert note(car) is None


def test_an_officers_own_phone_is_nobody_elses(cedar: Agency, vale: User) -> None:
    phone = Client()
    device = registered(vale, phone)
    assert device.owner == vale
    signs_in(phone, vale)
    assert note(phone) is not None
    other = Client()
    other.cookies[COOKIE] = phone.cookies[COOKIE].value
    reed = staff(cedar, "reed@staff.example")
    signs_in(other, reed)
    assert other.get(DESK).status_code == 200
    assert note(other) is None
    assert worlds.trusted(reed).post(f"/account/devices/{device.pk}/revoke/").status_code == 404
    worlds.trusted(vale).post(f"/account/devices/{device.pk}/revoke/")
    assert phone.get(DESK)["Location"].startswith(reverse("account_login"))


def test_a_device_of_another_agency_means_nothing_here(car: Client) -> None:
    east = worlds.agency("eastfield", east=1.0, now=YESTERDAY)
    stranger = staff(east, "east@staff.example")
    signs_in(car, stranger)
    assert note(car) is None
    device = Device.objects.get()
    boss = staff(east, "boss@staff.example", Role.AGENCY_ADMIN)
    foreign = worlds.trusted(boss).post(f"/desk/people/devices/{device.pk}/revoke/")
    assert foreign.status_code == 404
    device.refresh_from_db()
    assert device.revoked_on is None


def test_registering_asks_for_a_second_factor_of_just_now(vale: User, admin: User) -> None:
    for user, path in ((vale, "/account/devices/new/"), (admin, "/desk/people/devices/new/")):
        client = worlds.trusted(user, age=timedelta(minutes=20))
        answer = client.post(path, {"name": "Car 12", "shift_hours": "12"})
        assert answer["Location"].startswith("/account/confirm/")
    resident = worlds.resident(now=YESTERDAY)
    assert worlds.signed_in(resident).get("/account/devices/").status_code == 404
    assert not Device.objects.exists()


@pytest.mark.privacy
def test_the_mark_of_a_device_never_goes_along_with_a_report(vale: User) -> None:
    trusted = worlds.trusted(vale)
    answer = trusted.post("/account/devices/new/", {"name": "Car 12", "shift_hours": "8"})
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["secure"]) == ("/account/", True, True)
    assert len(cookie.value) >= 22
    device = Device.objects.get()
    assert cookie.value.encode() not in bytes(device.token_digest)
    assert "devices" in trusted.get("/account/security/").content.decode()


def test_leaving_by_the_ordinary_way_forgets_all_but_the_registration(
    car: Client, vale: User
) -> None:
    signs_in(car, vale)
    answer = car.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert re.search(r"max-age=0", str(answer.cookies[settings.SESSION_COOKIE_NAME]), re.IGNORECASE)
    assert COOKIE not in answer.cookies
