import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engagement.audit.actions import destroy_payload, write_anchor
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.verification import verify
from tests.engagement.audit.conftest import NOW, Tamper, light, seal_all


@pytest.fixture
def history(committed_database: str) -> list[Entry]:
    """Six entries of agency 1 and one of the installation, sealed and anchored."""
    entries = [light(number, payload={"watts": number}) for number in range(1, 7)]
    light(9, agency_id=None)
    seal_all()
    write_anchor(NOW)
    assert verify().faults == []
    return entries


def faults() -> str:
    return "\n".join(verify().faults)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit_entry SET event = 'OTHER' WHERE subject_reference = 'L3'", "was changed"),
        ("UPDATE audit_entry SET actor_user_id = 8 WHERE subject_reference = 'L3'", "was changed"),
        ("UPDATE audit_entry SET at = at + interval '1 hour'", "was changed"),
        ("UPDATE audit_entry SET subject_reference = 'L8' WHERE subject_reference = 'L3'", "was c"),
        ("UPDATE audit_entry SET payload_digest = NULL WHERE subject_reference = 'L3'", "was ch"),
        ("UPDATE audit_entry SET agency_id = 2 WHERE subject_reference = 'L3'", "another chain"),
        ("UPDATE audit_entry SET xid = xid - 1 WHERE subject_reference = 'L3'", "was changed"),
        ("UPDATE audit_link SET digest = '\\x00' WHERE chain = 1 AND sequence = 3", "was changed"),
        ("UPDATE audit_payload SET body = '{\"watts\": 9}'", "changed payload"),
        ("UPDATE audit_payload SET salt = '\\x00'", "changed payload"),
        ("DELETE FROM audit_payload", "lost its payload without a record"),
        ("DELETE FROM audit_entry WHERE subject_reference = 'L3'", "places 3 to 3 are missing"),
        ("DELETE FROM audit_link WHERE chain = 1 AND sequence IN (3, 4)", "places 3 to 4 are miss"),
        ("DELETE FROM audit_link WHERE chain = 1 AND sequence = 3", "stands in no chain"),
        ("DELETE FROM audit_link WHERE chain = 1 AND sequence >= 5", "cut off after place 4"),
        ("DELETE FROM audit_link WHERE chain = 1", "cut off after place 0"),
        ("DELETE FROM audit_link; DELETE FROM audit_entry", "cut off after place 0"),
        ("UPDATE audit_anchor SET digest = '\\x00'", "is not what the anchor of 2026-03-01 holds"),
    ],
)
def test_tampering_in_the_database_is_found(
    history: list[Entry], tamper: Tamper, statement: str, told: str
) -> None:
    tamper(statement)
    assert told in faults()


def test_one_change_is_one_fault(history: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET event = 'OTHER' WHERE subject_reference = 'L3'")
    tamper("UPDATE audit_link SET digest = '\\x00' WHERE chain = 1 AND sequence = 5")
    tamper(f"DELETE FROM audit_payload WHERE entry_id = {history[0].pk}")
    assert len(verify().faults) == 3


def test_an_entry_slipped_in_is_found(history: list[Entry], tamper: Tamper) -> None:
    tamper(
        "INSERT INTO audit_entry (event, actor_kind, actor_name, subject_type, subject_reference,"
        " at, xid, actor_user_id, agency_id) VALUES"
        " ('LAMP_LIT', 'staff', '', 'lamp', 'L7', now(), 1, 7, 1)"
    )
    assert "stands in no chain" in faults()


def test_a_second_branch_is_found(history: list[Entry], tamper: Tamper) -> None:
    late = light(7)
    tamper(
        "ALTER TABLE audit_link DROP CONSTRAINT one_link_at_each_place_of_a_chain",
        "INSERT INTO audit_link (chain, sequence, digest, entry_id)"
        f" VALUES (1, 4, '\\x00', {late.pk})",
    )
    assert "place 4 is taken twice (fork)" in faults()


def test_a_chain_computed_anew_after_an_edit_is_found_by_the_signed_heads(
    history: list[Entry], tamper: Tamper, heads_folder: Path
) -> None:
    kept = {path.name: path.read_bytes() for path in heads_folder.glob("*.json")}
    tamper(
        "UPDATE audit_entry SET actor_user_id = 8 WHERE subject_reference = 'L3'",
        "DELETE FROM audit_link",
        "DELETE FROM audit_anchor",
        "UPDATE audit_sealmark SET horizon = 0",
    )
    for path in heads_folder.glob("*.json"):
        path.unlink()
    seal_all()
    assert faults() == ""  # nothing inside contradicts it
    for name, content in kept.items():
        (heads_folder / name).write_bytes(content)
    assert "place 6 is not what anchor-2026-03-01.json was signed for (fork)" in faults()


def _edit(path: Path) -> None:
    stored = json.loads(path.read_text())
    stored["body"]["heads"][-1][1] = 1
    path.write_text(json.dumps(stored))


@pytest.mark.parametrize(
    ("change", "told"),
    [(_edit, "the signature is not ours"), (lambda path: path.write_text("{"), "damaged")],
)
@pytest.mark.parametrize("name", ["heads.json", "anchor-2026-03-01.json"])
def test_a_changed_file_of_heads_is_found(
    history: list[Entry],
    heads_folder: Path,
    name: str,
    change: Callable[[Path], None],
    told: str,
) -> None:
    change(heads_folder / name)
    assert f"{name}: {told}" in faults()


def test_a_chain_that_no_signed_head_names_is_told(
    history: list[Entry], heads_folder: Path
) -> None:
    for path in heads_folder.glob("*.json"):
        path.unlink()
    assert "chain 1: no signed head outside the database names it" in faults()


def test_a_destroyed_payload_breaks_nothing(history: list[Entry]) -> None:
    destroy_payload(history[2], by=Actor.staff(7), now=NOW)
    seal_all()
    findings = verify()
    assert findings.faults == []
    assert [report.destroyed_payloads for report in findings.chains] == [0, 1]


def test_it_says_from_when_it_can_vouch_and_what_waits(history: list[Entry]) -> None:
    light(8)
    findings = verify()
    assert findings.waiting == 1
    assert [(report.vouched_since, report.signed_up_to) for report in findings.chains] == [
        ("2026-03-01", 1),
        ("2026-03-01", 6),
    ]
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "vouches since 2026-03-01" in out.getvalue()
    assert "1 entries wait for the sealer" in out.getvalue()
    assert out.getvalue().endswith("History is whole.\n")


def test_the_command_fails_with_one_line_per_fault(history: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET event = 'OTHER' WHERE subject_reference IN ('L2', 'L5')")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("verify_audit", stdout=out, stderr=err)
    assert len(err.getvalue().splitlines()) == 2
    assert "whole" not in out.getvalue()


def test_an_empty_installation_is_whole(committed_database: str) -> None:
    assert verify().faults == []
