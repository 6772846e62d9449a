"""Doors in service: the same question at a page, at the API and behind htmx."""

import base64
from datetime import timedelta

import pytest
from django.test import Client

from engagement.people.models import User
from engagement.places.models import Agency
from tests import worlds
from tests.engagement.doors.conftest import as_

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("trial_doors", "in_service", "here"),
]


def test_the_api_asks_for_the_factor_of_the_session_too(officer: User) -> None:
    assert as_(officer).get("/api/trial/").status_code == 403
    assert worlds.trusted(officer, age=timedelta(hours=13)).get("/api/trial/").status_code == 403
    assert worlds.trusted(officer).get("/api/trial/").json() == {"figure": 1}


def test_a_password_in_a_header_opens_nothing(officer: User) -> None:
    pair = base64.b64encode(f"{officer.sign_in_key}:{worlds.PASSWORD}".encode()).decode()
    for header in (f"Basic {pair}", f"Token {worlds.PASSWORD}", f"Bearer {worlds.PASSWORD}"):
        client = Client(HTTP_AUTHORIZATION=header)
        assert client.get("/api/trial/").status_code == 403
        assert client.get("/trial/staff/").status_code == 302


def test_staff_without_a_fresh_factor_are_led_to_show_one(officer: User) -> None:
    client = as_(officer)
    assert client.get("/trial/staff/")["Location"] == "/account/confirm/?next=/trial/staff/"
    assert client.post("/trial/staff/")["Location"] == "/account/confirm/"
    part = client.get("/trial/staff/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/account/confirm/"


def test_residents_learn_nothing_of_a_second_step(here: Agency) -> None:
    client = as_(worlds.resident())
    for path in ("/trial/staff/", "/trial/operator/", "/nowhere/"):
        assert client.get(path).status_code == 404


def test_what_asks_only_for_sign_in_asks_for_no_factor(officer: User) -> None:
    assert as_(officer).get("/trial/signed-in/").status_code == 200
