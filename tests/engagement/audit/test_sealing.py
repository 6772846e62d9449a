import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from engagement.audit import heads, sealing
from engagement.audit.actions import seal, write_anchor
from engagement.audit.heads import HeadsDiffer
from engagement.audit.models import Anchor, Entry, Link, SealMark
from engagement.audit.verification import verify
from tests.engagement.audit.conftest import NOW, Tamper, light, seal_all

WRITERS = 8
EACH = 40


def write_some(writer: int) -> None:
    """Two entries per transaction, spread over the installation and two agencies."""
    for number in range(EACH):
        with transaction.atomic():
            light(number, agency_id=[None, 1, 2][(writer + number) % 3], payload={"n": 1})
            light(number, agency_id=1)
    connections.close_all()


def seal_until(done: threading.Event) -> int:
    linked = 0
    while not done.is_set():
        linked += seal(NOW)
    connections.close_all()
    return linked


def test_many_writers_and_sealers_leave_one_gapless_chain_per_agency(
    committed_database: str,
) -> None:
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        sealers = [pool.submit(seal_until, done) for _ in range(2)]
        writers = [pool.submit(write_some, number) for number in range(WRITERS)]
        try:
            for writer in writers:
                writer.result()
        finally:
            done.set()
        linked = sum(sealer.result() for sealer in sealers) + seal_all()

    assert linked == Link.objects.count() == Entry.objects.count() == 2 * WRITERS * EACH
    for chain in (0, 1, 2):
        places = Link.objects.filter(chain=chain).order_by("sequence")
        assert list(places.values_list("sequence", flat=True)) == list(range(1, len(places) + 1))
    findings = verify()
    assert (findings.faults, findings.waiting) == ([], 0)
    assert [report.chain for report in findings.chains] == [0, 1, 2]


def test_an_entry_that_commits_late_is_linked_after_all(committed_database: str) -> None:
    begun, end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            light(1)
            begun.set()
            end.wait(30)
        connections.close_all()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    begun.wait(30)
    try:
        quick = light(2)
        assert seal(NOW) == 0  # the open transaction is older
        assert not Link.objects.exists()
    finally:
        end.set()
        slow.join()
    assert seal_all() == 2
    assert Link.objects.get(entry=quick).sequence == 2
    assert verify().faults == []


def test_a_second_sealer_leaves_at_once(committed_database: str) -> None:
    light()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [sealing.SEALER_LOCK])
        assert seal(NOW) == 0
        assert not Link.objects.exists()
    assert seal_all() == 1


def test_sealing_again_links_nothing_twice(committed_database: str) -> None:
    light()
    light(2)
    assert seal_all() == 2
    assert seal(NOW) == 0
    assert Link.objects.count() == 2


def test_a_large_import_is_linked_in_several_runs(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST_PER_RUN", 2)
    for number in range(5):
        light(number)
    runs = []
    while sum(runs) < 5:
        runs.append(seal(NOW))
    assert max(runs) == 2
    assert verify().faults == []


def test_an_idle_sealer_writes_nothing_to_the_database(committed_database: str) -> None:
    light()
    seal_all()
    horizon = SealMark.objects.get().horizon
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        before = cursor.fetchone()
        seal(NOW)
        seal(NOW)
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        # Another test run on this server may count transactions too, but never backwards.
        assert cursor.fetchone()[0] >= before[0]
    assert SealMark.objects.get().horizon == horizon


def test_entries_restored_from_another_server_are_linked_too(
    committed_database: str, tamper: Tamper
) -> None:
    light()
    seal_all()
    light(2)
    # On the server of the backup, transactions had counted much further.
    tamper(
        "UPDATE audit_entry SET xid = xid + 1000000000 WHERE subject_reference = 'L2'",
        "UPDATE audit_sealmark SET horizon = horizon + 1000000000",
    )
    light(3)
    assert seal_all() == 2
    assert seal(NOW) == 0
    light(4)
    assert seal_all() == 1
    assert verify().faults == []


def test_neither_links_nor_heads_tell_the_minute(
    committed_database: str, heads_folder: Path
) -> None:
    light()
    seal_all()
    written = json.loads((heads_folder / heads.ROLLING).read_text())
    assert written["body"]["as_of"] == "2026-03-01T14:00:00+00:00"
    columns = {field.get_internal_type() for field in Link._meta.fields}
    assert "DateTimeField" not in columns


def test_the_time_of_the_heads_file_is_that_of_the_sealer_not_of_the_last_report(
    committed_database: str, heads_folder: Path
) -> None:
    light()
    seal_all()
    path = heads_folder / heads.ROLLING
    before = path.stat()
    seal(NOW + timedelta(hours=3))
    assert path.stat().st_mtime_ns > before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino  # touched, not written


def test_a_day_has_one_anchor_per_chain_and_one_file(
    committed_database: str, heads_folder: Path
) -> None:
    light()
    light(agency_id=None)
    seal_all()
    assert write_anchor(NOW) == date(2026, 3, 1)
    first = (heads_folder / "anchor-2026-03-01.json").read_bytes()
    light(2)
    seal_all()
    write_anchor(NOW)
    assert (heads_folder / "anchor-2026-03-01.json").read_bytes() == first
    anchors = Anchor.objects.order_by("chain").values_list("chain", "sequence")
    assert list(anchors) == [(0, 1), (1, 1)]

    write_anchor(datetime(2026, 3, 2, 0, 5, tzinfo=UTC))
    assert Anchor.objects.get(chain=1, on=date(2026, 3, 2)).sequence == 2
    assert verify().faults == []


def test_an_anchor_file_that_a_crash_prevented_is_written_later(
    committed_database: str, heads_folder: Path
) -> None:
    light()
    seal_all()
    write_anchor(NOW)
    path = heads_folder / "anchor-2026-03-01.json"
    before = path.read_bytes()
    path.unlink()
    light(2)
    seal_all()
    write_anchor(NOW)
    assert path.read_bytes() == before


def test_without_history_there_is_nothing_to_anchor(
    committed_database: str, heads_folder: Path
) -> None:
    assert seal(NOW) == 0
    assert write_anchor(NOW) is None
    assert not list(heads_folder.glob("anchor*"))


def test_the_sealer_keeps_the_evidence_when_history_was_cut(
    committed_database: str, heads_folder: Path, tamper: Tamper
) -> None:
    light()
    light(2)
    seal_all()
    evidence = (heads_folder / heads.ROLLING).read_bytes()
    tamper(
        "DELETE FROM audit_link WHERE sequence = 2",
        "DELETE FROM audit_entry WHERE subject_reference = 'L2'",
    )
    light(3)
    while Entry.objects.filter(link=None).exists():
        with pytest.raises(HeadsDiffer, match="verify_audit"):
            seal(NOW)
    assert Link.objects.count() == 2
    assert (heads_folder / heads.ROLLING).read_bytes() == evidence
    assert any("fork" in fault for fault in verify().faults)
