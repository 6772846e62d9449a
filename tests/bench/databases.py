# ruff: noqa: T201 the table goes to standard output
"""The databases to measure on: one for each size, seeded once and kept between runs."""

import hashlib
import time
from typing import Any

from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from portal.environment import ROOT
from tests.databases import drop, point_connections_at, server

SEED = 1
ALIASES = ("default", "owner")
MARK = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


def prepare(concerns: int, *, fresh: bool) -> str:
    """Return the name of a migrated database with so many concerns.

    It is seeded when it is missing, when the seeding code has changed, or when `fresh`.
    """
    name, mark = f"bench_{concerns}", seed_digest()
    with server() as cursor:
        cursor.execute(MARK, [name])
        found = cursor.fetchone()
    if fresh or found != (mark,):
        _seed(name, concerns, mark)
    point_connections_at(name)
    call_command("migrate", verbosity=0, interactive=False)
    return name


def seed_digest() -> str:
    """Changes with the code that decides what the history looks like."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "portal" / "benchmark").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _seed(name: str, concerns: int, mark: str) -> None:
    drop(name)
    with server() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    point_connections_at(name)
    began = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_bench", concerns=concerns, seed=SEED)
    print(f"seeded {concerns:,} concerns in {time.monotonic() - began:.0f} s", flush=True)
    with server() as cursor:
        # Only a complete database is marked.
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Literal(mark)))


class Switch:
    """Keeps a connection open to each database, so that measurements can take turns."""

    def __init__(self, names: list[str]) -> None:
        self._kept: dict[str, dict[str, Any]] = {name: self._connect(name) for name in names}

    def _connect(self, name: str) -> dict[str, Any]:
        point_connections_at(name)
        made = {alias: connections.create_connection(alias) for alias in ALIASES}
        for connection in made.values():
            connection.ensure_connection()
        return made

    def to(self, name: str) -> None:
        for alias, connection in self._kept[name].items():
            connections[alias] = connection
