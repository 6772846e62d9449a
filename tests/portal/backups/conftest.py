"""A small portal with people to lose, its keys and records, and someone to back it up to."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pyrage
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from psycopg2 import sql
from pytest_django import DjangoDbBlocker, Settings

from concerns.models.concern import Level
from engagement.audit.actions import write_anchor
from engagement.places.models import Agency
from tests import worlds
from tests.databases import drop, point_connections_at, server
from tests.engagement.audit.conftest import seal_all, tamper

__all__ = ["tamper"]

CANARY = "canary.bird@example.org"
ERASED = "forget.me@example.org"


@dataclass
class Town:
    """What was made, and where things lie."""

    database: str
    file: Path
    identity: Path
    recipient: str
    media: Path
    records: Path
    keys: Path

    @property
    def agency(self) -> Agency:
        return Agency.objects.get()

    def back_up(self, *, recipient: str | None = None) -> str:
        out = StringIO()
        to = self.recipient if recipient is None else recipient
        call_command("backup", "--to", str(self.file), "--recipient", to, stdout=out)
        return out.getvalue()

    def restore(self, *more: str, identity: Path | None = None, file: Path | None = None) -> str:
        out = StringIO()
        call_command(
            "restore",
            str(file or self.file),
            "--identity",
            str(identity or self.identity),
            *more,
            stdout=out,
        )
        return out.getvalue()


def make_identity(path: Path) -> str:
    """A key file as age-keygen writes it; returns the recipient."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    path.write_text(f"# created: 2026-01-01\n# public key: {recipient}\n{identity}\n")
    return recipient


@pytest.fixture
def bare(
    committed_database: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Town:
    """A portal that nobody has used, with some media."""
    settings.PORTAL_KEYS = tmp_path / "keys"
    settings.KEYS_MAY_BE_MADE = True
    settings.AUDIT_HEADS = tmp_path / "audit"
    media = tmp_path / "media"
    monkeypatch.setattr(default_storage, "location", str(media))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (media / "2026").mkdir(parents=True)
    (media / "2026" / "photo ñ.jpg").write_bytes(secrets.token_bytes(3 << 20))
    (media / "small.jpg").write_bytes(b"")
    return Town(
        database=committed_database,
        file=tmp_path / "backups" / "town.tar.age",
        identity=elsewhere / "identity.txt",
        recipient=make_identity(elsewhere / "identity.txt"),
        media=media,
        records=tmp_path / "audit",
        keys=tmp_path / "keys",
    )


@pytest.fixture
def town(bare: Town) -> Town:
    """An agency with an officer and three reports, two of them with an address."""
    agency = worlds.agency()
    worlds.officer(agency)
    worlds.reported(agency)
    for email in (CANARY, ERASED):
        worlds.reported(agency, level=Level.CONFIDENTIAL, email=email)
    seal_all(worlds.NOW)
    write_anchor(worlds.NOW)
    return bare


@pytest.fixture
def empty_database(
    committed_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], str]]:
    """Makes an empty database and points the portal at it, as on a new machine."""
    name = f"{committed_database}_new"

    def make() -> str:
        with server() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        point_connections_at(name)
        return name

    yield make
    with django_db_blocker.unblock():
        point_connections_at(committed_database)
    drop(name)
