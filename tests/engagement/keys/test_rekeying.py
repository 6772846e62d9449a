import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from engagement.keys import registry, rekeying, store
from engagement.keys.encryption import is_current, seal, unseal
from engagement.keys.models import RekeyProgress
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey, rekeys_for
from engagement.keys.rekeying import CannotRekey, rekey


class Stopped(Exception):
    """Stands for a crash."""


class Safe:
    """Some rows of sealed values, as an app would hold them."""

    def __init__(self, rows: int) -> None:
        self.rows = {number: self.seal(number) for number in range(1, rows + 1)}
        self.stop_after: int | None = None
        self.rewritten: list[int] = []

    def seal(self, number: int) -> bytes:
        return seal(f"value {number}", purpose=Purpose.CONTACT, agency_id=1, bound_to=str(number))

    def open(self, number: int) -> str:
        return unseal(self.rows[number], purpose=Purpose.CONTACT, agency_id=1, bound_to=str(number))

    def batch(self, after_id: int, limit: int) -> int:
        numbers = [number for number in sorted(self.rows) if number > after_id][:limit]
        for number in numbers:
            if self.stop_after is not None and number > self.stop_after:
                raise Stopped
            self.open(number)
            self.rows[number] = self.seal(number)
            self.rewritten.append(number)
        return numbers[-1] if numbers else after_id


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> Safe:
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(rekeying, "BATCH", 10)
    kept = Safe(35)
    register_rekey(Rekey("safe", kept.batch, frozenset({Purpose.CONTACT})))
    return kept


def run(purpose: Purpose = Purpose.CONTACT, drain_seconds: float = 5) -> list[str]:
    said: list[str] = []
    rekey(purpose, say=said.append, settle_seconds=0, drain_seconds=drain_seconds)
    return said


def test_every_row_is_rewritten_and_the_old_key_forgotten(
    committed_database: str, safe: Safe
) -> None:
    said = run()
    assert all(is_current(blob, purpose=Purpose.CONTACT) for blob in safe.rows.values())
    assert [safe.open(number) for number in safe.rows] == [f"value {n}" for n in safe.rows]
    assert store.ring(Purpose.CONTACT).newest_first == [2]
    assert said[-1] == "contact: version 2 is in use; version 1 is forgotten."
    assert not RekeyProgress.objects.exists()


def test_a_stopped_run_goes_on_where_it_was(committed_database: str, safe: Safe) -> None:
    safe.stop_after = 25
    with pytest.raises(Stopped):
        run()
    assert RekeyProgress.objects.get().last_id == 20
    assert [safe.open(number) for number in safe.rows] == [f"value {n}" for n in safe.rows]

    safe.stop_after = None
    safe.rewritten.clear()
    run()
    assert safe.rewritten == list(range(21, 36))
    assert store.ring(Purpose.CONTACT).newest_first == [2]
    assert [safe.open(number) for number in safe.rows] == [f"value {n}" for n in safe.rows]


def test_a_key_is_not_forgotten_while_a_transaction_that_may_use_it_is_open(
    committed_database: str, safe: Safe
) -> None:
    begun, end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            begun.set()
            end.wait(30)
        connections.close_all()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    begun.wait(30)
    try:
        with pytest.raises(CannotRekey, match="stays open"):
            run(drain_seconds=0)
        assert store.ring(Purpose.CONTACT).newest_first == [2, 1]
        assert safe.rewritten == []
    finally:
        end.set()
        writer.join()
    run()
    assert store.ring(Purpose.CONTACT).newest_first == [2]


def test_two_runs_do_not_work_at_once(committed_database: str, safe: Safe) -> None:
    with connections["owner"].cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [rekeying.REKEY_LOCK])
        try:
            with pytest.raises(CannotRekey, match="another"):
                run()
        finally:
            other.execute("SELECT pg_advisory_unlock(%s)", [rekeying.REKEY_LOCK])
    assert store.ring(Purpose.CONTACT).newest_first == [1]


@pytest.mark.parametrize("purpose", [Purpose.SECRET, Purpose.LOOKUP])
def test_old_keys_stay_when_nobody_can_rewrite_what_they_made(
    committed_database: str, safe: Safe, purpose: Purpose
) -> None:
    assert run(purpose) == [f"{purpose}: version 2 is in use; older ones stay readable."]
    assert store.ring(purpose).newest_first == [2, 1]


def test_the_command_says_what_it_did(committed_database: str, safe: Safe) -> None:
    out = StringIO()
    call_command("rekey", "--purpose", "contact", stdout=out)
    assert "version 1 is forgotten" in out.getvalue()
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("rekey", "--purpose", "nonsense")


def test_a_name_is_registered_once(safe: Safe) -> None:
    with pytest.raises(ValueError, match="twice"):
        register_rekey(Rekey("safe", safe.batch))
    assert [found.name for found in rekeys_for(Purpose.CONTACT)] == ["safe"]
    assert rekeys_for(Purpose.LOOKUP) == []
