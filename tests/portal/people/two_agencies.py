"""An agency, another one, and their people."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from engagement.people.actions import grant_role
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def east() -> Agency:
    return worlds.agency("eastfield", east=1.0, now=timezone.now())


def staff(at: Agency, name: str, role: Role = Role.OFFICER, **more: Any) -> User:
    return worlds.officer(at, name, role=role, district=None, now=timezone.now(), **more)


def also(user: User, role: Role, at: Agency) -> None:
    now = timezone.now()
    grant_role(user=user, role=role, agency=at, from_on=at.day_of(now), by=worlds.BY, now=now)


@pytest.fixture
def service(settings: Settings) -> None:
    settings.DEMO = False
    settings.OUTBOUND_LOOPBACK = True
