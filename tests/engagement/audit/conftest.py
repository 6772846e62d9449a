import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections, transaction
from pytest_django import Settings

from engagement.audit import registry
from engagement.audit.actions import record, seal
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.payloads import PayloadValue
from engagement.audit.registry import Event
from engagement.audit.subjects import Subject

NOW = datetime(2026, 3, 1, 14, 27, 31, tzinfo=UTC)


@pytest.fixture(autouse=True)
def heads_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys and heads of this test's own, and an event to record."""
    settings.PORTAL_KEYS = tmp_path / "keys"
    settings.KEYS_MAY_BE_MADE = True
    settings.AUDIT_HEADS = tmp_path / "audit"
    events = {**registry.known_events(), "LAMP_LIT": Event("LAMP_LIT", "Lit a lamp")}
    monkeypatch.setattr(registry, "_registered", events)
    return tmp_path / "audit"


def light(
    number: int = 1, *, agency_id: int | None = 1, payload: dict[str, PayloadValue] | None = None
) -> Entry:
    """One committed entry by staff."""
    with transaction.atomic():
        return record(
            "LAMP_LIT",
            by=Actor.staff(7),
            subject=Subject("lamp", f"L{number}"),
            agency_id=agency_id,
            now=NOW,
            payload=payload,
        )


def seal_all(now: datetime = NOW) -> int:
    """Seal until every entry is linked; return how many were.

    Transactions of other tests on this server hold the sealer back until they end.
    """
    linked = seal(now)
    deadline = time.monotonic() + 60
    while Entry.objects.filter(link=None).exists():
        assert time.monotonic() < deadline, "a transaction on the tests' server stays open"
        time.sleep(0.02)
        linked += seal(now)
    return linked


Tamper = Callable[..., None]


@pytest.fixture
def tamper() -> Tamper:
    """Runs SQL as the server's own administrator, past triggers and foreign keys."""

    def run(*statements: str) -> None:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)

    return run
