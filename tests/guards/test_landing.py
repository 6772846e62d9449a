"""Whoever signs in lands on a page that opens for them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.people.models import User
from engagement.people.roles import Role
from tests import worlds

pytestmark = pytest.mark.django_db
EMAIL = "someone@staff.example"


def person(role: str) -> User:
    now = timezone.now()
    if role == "resident":
        return worlds.resident(EMAIL, now=now)
    if role == Role.OPERATOR:
        return worlds.operator(EMAIL, now=now)
    home = worlds.agency(now=now)
    return worlds.officer(home, role, role=Role(role), district=None, email=EMAIL, now=now)


@pytest.mark.parametrize("role", ["resident", *(role.value for role in Role)])
def test_signing_in_leads_to_a_page_that_opens(role: str) -> None:
    person(role)
    client = Client()
    typed = {"login": EMAIL, "password": worlds.PASSWORD}
    signed_in = client.post(reverse("account_login"), typed)
    assert signed_in.status_code == 302, signed_in.content.decode()
    assert client.get(signed_in["Location"]).status_code == 200
    front = client.get("/").content.decode()
    if f'href="{reverse("desk")}"' in front:
        assert client.get(reverse("desk")).status_code == 200
