"""What hangs is ended by the server, since no limit of a worker ends a thread."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from celery import shared_task
from django.db import connections
from django.db.utils import OperationalError

from portal import database
from portal.celery import app
from portal.environment import ROOT


def opened(process: str, monkeypatch: pytest.MonkeyPatch, **limits: int) -> Any:
    """A connection as `process` opens it, with these limits (milliseconds) made short."""
    monkeypatch.setitem(database.LIMITS, process, {**database.LIMITS[process], **limits})
    standing = connections["default"].get_connection_params()
    options = f"-c role={database.APP_ROLE} {database.limits(process)}"
    given = {**standing, **database.DEADLINES, "options": options}
    given.pop("cursor_factory", None)
    return psycopg2.connect(**given)


@pytest.mark.parametrize("process", ["web", "worker"])
def test_a_statement_that_hangs_is_ended(
    process: str, committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = opened(process, monkeypatch, statement_timeout=200)
    begun = time.monotonic()
    try:
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.QueryCanceled):
            cursor.execute("SELECT pg_sleep(60)")
    finally:
        connection.close()

    assert time.monotonic() - begun < 30


def test_a_task_that_waits_for_a_lock_is_ended_and_the_next_one_runs(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = opened("worker", monkeypatch)
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(42)")

    @shared_task(name="tests.hangs")
    def hangs(limit: int) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{limit}ms"])
            cursor.execute("SELECT pg_advisory_lock(42)")

    app.finalize()
    first = app.tasks["tests.hangs"].apply(kwargs={"limit": 200})
    holder.close()
    second = app.tasks["tests.hangs"].apply(kwargs={"limit": 200})
    connections["default"].close()

    assert isinstance(first.result, OperationalError)
    assert second.successful()


def test_no_statement_may_outlast_its_task() -> None:
    limits = database.LIMITS["worker"]

    assert limits["lock_timeout"] < limits["statement_timeout"] < 210_000


def test_a_drill_in_a_second_database_keeps_its_heads_apart() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from portal import settings; print(settings.AUDIT_HEADS)"],
        env={**os.environ, "DATABASE_URL": "postgresql://portal:x@localhost/a%2Fdrill"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert Path(told.strip()).parts[-2:] == ("audit", "a%2Fdrill")
