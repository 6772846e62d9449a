"""A database that cannot be reached is told in one line, and its password in none."""

import json

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError

from portal import entry
from portal.environment import ImproperlySet


def raised(cause: BaseException | None, message: str) -> OperationalError:
    error = OperationalError(message)
    error.__cause__ = cause
    return error


def test_an_unreachable_database_ends_a_command_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> None:
        raise raised(None, "connection to server failed: refused\n\tIs the server running?\n")

    monkeypatch.setattr(entry, "attach_for", lambda arguments: None)
    monkeypatch.setattr(entry, "execute_from_command_line", fail)
    monkeypatch.setenv("DATABASE_URL", "postgres://portal:hunter2@127.0.0.1:1/portal")

    assert entry.main(["manage.py", "migrate"]) == entry.FAULT

    told = capsys.readouterr().err
    assert told.startswith("DATABASE_URL: connection to server failed: refused; check host")
    assert told.count("\n") == 1
    assert "hunter2" not in told


def test_the_embedded_database_is_not_mistaken_for_an_outside_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert "DATABASE_URL" not in entry.connection_fault(raised(None, "gone"))


def test_a_statement_that_failed_is_no_fault_of_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Failed(Exception):
        pgcode = "57014"

    def fail(arguments: list[str]) -> None:
        raise raised(Failed(), "canceling statement due to statement timeout")

    monkeypatch.setattr(entry, "attach_for", lambda arguments: None)
    monkeypatch.setattr(entry, "execute_from_command_line", fail)

    with pytest.raises(OperationalError, match="statement timeout"):
        entry.main(["manage.py", "migrate"])


def test_an_empty_database_is_told_in_one_line_without_the_statement(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Undefined(Exception):
        pgcode = "42P01"

    def fail(arguments: list[str]) -> None:
        error = ProgrammingError('relation "audit_entry" does not exist\nLINE 1: SELECT canary\n')
        raise error from Undefined()

    monkeypatch.setattr(entry, "attach_for", lambda arguments: None)
    monkeypatch.setattr(entry, "execute_from_command_line", fail)

    assert entry.main(["manage.py", "verify_audit"]) == entry.FAULT

    told = capsys.readouterr().err
    assert told == (
        'The database is not migrated (relation "audit_entry" does not exist): '
        "run python manage.py migrate.\n"
    )
    with pytest.raises(ProgrammingError):
        entry.main(["manage.py", "verify_audit", "--traceback"])


def test_a_service_ends_with_a_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(arguments: list[str]) -> None:
        raise ImproperlySet("PORTAL_HOSTS", "list the host names.")

    monkeypatch.setattr(entry, "attach_for", lambda arguments: None)
    monkeypatch.setattr(entry, "execute_from_command_line", refuse)
    monkeypatch.setenv("PORTAL_DEMO", "0")

    assert entry.main(["manage.py", "web"]) == entry.FAULT

    line = json.loads(capsys.readouterr().err)
    assert line["exception"] == "ImproperlySet"
    assert line["event"] == "PORTAL_HOSTS: list the host names."


@pytest.mark.privacy
@pytest.mark.parametrize("command", ["web", "work", "clock", "migrate"])
def test_what_nobody_expected_is_told_by_its_type_alone(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> None:
        raise IntegrityError("Key (text)=(canary) already exists")

    monkeypatch.setattr(entry, "attach_for", lambda arguments: None)
    monkeypatch.setattr(entry, "execute_from_command_line", fail)
    monkeypatch.setenv("PORTAL_DEMO", "0")

    assert entry.main(["manage.py", command]) == entry.FAULT

    written = capsys.readouterr().err
    assert json.loads(written)["exception"] == "IntegrityError"
    assert "canary" not in written
