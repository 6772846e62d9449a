from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from engagement.audit.actors import Actor
from engagement.doors.cache import PatientCache
from engagement.people import registry
from engagement.people.actions import create_account, grant_role
from engagement.people.models import User
from engagement.people.registry import Permission
from engagement.people.roles import Role
from engagement.places.models import Agency

NOW = datetime(2026, 11, 1, 17, 23, 45, tzinfo=UTC)
BY = Actor.task("test")


@pytest.fixture
def trial_doors(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.engagement.doors.doors_urls"
    monkeypatch.setattr(registry, "_permissions", dict(registry._permissions))
    registry.register_permission(Permission("trial.read", "Read", frozenset({Role.OFFICER})))


@pytest.fixture
def no_cache_server(settings: Settings) -> Iterator[None]:
    """Nobody listens where the cache should be."""
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    PatientCache.muted_until = 0.0
    yield
    PatientCache.muted_until = 0.0


@pytest.fixture
def here(db: None) -> Agency:
    return Agency.objects.create(slug="here", name="Here Police", is_default=True)


@pytest.fixture
def elsewhere(db: None) -> Agency:
    return Agency.objects.create(
        slug="elsewhere", name="Elsewhere Police", hosts=["elsewhere.localhost"]
    )


def staff(agency: Agency, role: Role = Role.OFFICER, email: str = "ada@staff.example") -> User:
    user = create_account(email=email, name="Ofc. Ada", by=BY, now=NOW)
    grant_role(user=user, role=role, agency=agency, from_on=NOW.date(), by=BY, now=NOW)
    return user


@pytest.fixture
def officer(here: Agency) -> User:
    return staff(here)


@pytest.fixture
def operator(db: None) -> User:
    return create_account(
        email="op@staff.example", name="Operator", is_operator=True, by=BY, now=NOW
    )


@pytest.fixture
def resident(db: None) -> User:
    return create_account(email="r@home.example", by=BY, now=NOW)


def as_(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
