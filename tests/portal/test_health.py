"""Probes name what is wrong in one word each and tell nothing else."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from concerns.models.concern import Level
from engagement.outbox.models import Sweep
from portal import figures, health
from portal.celery import app
from tests import worlds

pytestmark = pytest.mark.django_db
AWAY = "redis://127.0.0.1:1/0"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_figures(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """No figure and no head of history of one test is seen by the next."""
    settings.AUDIT_HEADS = tmp_path / "heads"
    figures.Mute.until = 0.0
    place = settings.CACHES["default"]
    settings.CACHES = {"default": {**place, "KEY_PREFIX": f"health-{time.monotonic_ns()}"}}
    yield
    figures.Mute.until = 0.0


@pytest.fixture
def swept() -> None:
    Sweep.objects.create(pk=1, last_at=timezone.now())


def answer(client: Client) -> tuple[int, str]:
    found = client.get("/health/ready")
    return found.status_code, found.content.decode()


def test_a_portal_in_order_is_ready(client: Client, swept: None) -> None:
    assert answer(client) == (200, "ok\n")


def test_a_clock_that_never_rang_or_stopped_is_named(client: Client) -> None:
    assert answer(client) == (503, "clock\n")

    Sweep.objects.create(pk=1, last_at=timezone.now() - HOUR)

    assert answer(client) == (503, "clock\n")


def test_mail_that_waits_too_long_is_named(swept: None) -> None:
    now = timezone.now()
    agency = worlds.agency(now=now)
    worlds.reported(agency, level=Level.CONFIDENTIAL, email="ana@home.example", now=now)
    Sweep.objects.update(last_at=now + 3 * HOUR)

    assert health.what_is_wrong(now) == []
    assert "mail" in health.what_is_wrong(now + 3 * HOUR)


def test_history_that_nobody_seals_is_named(swept: None) -> None:
    now = timezone.now()
    worlds.agency(now=now)
    later = now + 2 * HOUR
    Sweep.objects.update(last_at=later)

    assert health.what_is_wrong(now) == []
    assert health.what_is_wrong(later) == ["seal"]


def test_a_sealer_that_keeps_failing_is_named(swept: None) -> None:
    figures.note("task_done|audit.seal", time.time())
    assert health.what_is_wrong(timezone.now()) == []

    figures.note("task_done|audit.seal", time.time() - HOUR.total_seconds())

    assert health.what_is_wrong(timezone.now()) == ["seal"]


def test_a_database_older_than_the_code_is_named(client: Client, swept: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")

    assert answer(client) == (503, "migrations\n")


def test_migrations_of_a_newer_release_disturb_nobody(client: Client, swept: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('outbox', '9999_new', now())"
        )

    assert answer(client) == (200, "ok\n")


def test_a_queue_that_is_away_is_named(
    client: Client, swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = app.connection_for_write
    monkeypatch.setattr(app, "connection_for_write", lambda **given: connect(AWAY, **given))

    assert answer(client) == (503, "queue\n")


def test_a_cache_that_is_away_is_named_although_pages_do_without(
    swept: None, settings: Settings
) -> None:
    place = settings.CACHES["default"]
    settings.CACHES = {"default": {**place, "LOCATION": AWAY}}
    caches["default"].close()

    assert health.what_is_wrong(timezone.now()) == ["cache"]


def test_a_database_that_is_away_is_named_and_nothing_of_its_message(
    client: Client, swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT canary FROM nowhere")
        return True

    monkeypatch.setattr(health, "is_migrated", fail)

    assert answer(client) == (503, "database\n")


def test_a_web_server_lives_whatever_else_is_away(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "what_is_wrong", lambda now: 1 / 0)

    assert client.get("/health/live").content == b"ok\n"
