"""Check the chains against themselves and against the signed heads outside the database.

What it finds: a changed, added or missing entry or link, two branches, an entry that was never
linked, a changed payload or one destroyed without a record, a chain cut off below a signed head,
and heads that were changed. A restore from a backup cuts chains off too: it leaves a signed record,
which is told and never a fault. What it cannot find: entries deleted before the sealer linked them
(seconds after they were written), and a chain forged together with both the signing key and
every copy of the heads.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from engagement.audit import heads, restorations
from engagement.audit.actions import ENTRY_SUBJECT, PAYLOAD_DESTROYED
from engagement.audit.digests import beginning, chain_of, link_digest, payload_digest
from engagement.audit.heads import SignedHeads
from engagement.audit.models import Anchor, Entry, Link, Payload, SealMark
from engagement.audit.restorations import Restoration

BATCH = 2000


@dataclass
class ChainReport:
    """What holds for one chain; `vouched_since` is the day of its first signed head, if any."""

    chain: int
    links: int = 0
    first_at: datetime | None = None
    destroyed_payloads: int = 0
    vouched_since: str = ""
    signed_up_to: int = 0


@dataclass
class Findings:
    """`faults` has one line per fault; `waiting` counts entries that the sealer will link next."""

    chains: list[ChainReport] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    waiting: int = 0
    restorations: list[Restoration] = field(default_factory=list)


def verify() -> Findings:
    """Walk every chain once, in one snapshot of the database. Changes nothing."""
    findings = Findings()
    # Read before the snapshot, so that sealing meanwhile cannot make the database look older.
    findings.restorations, signed = _read(findings.faults)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        promised = _promised(signed)
        destroyed = _recorded_destructions()
        chains = {chain for chain, _ in promised} | set(_chains())
        for chain in sorted(chains):
            report = ChainReport(chain)
            findings.faults += _walk(report, promised, destroyed)
            _say_since(report, signed, findings.faults)
            findings.chains.append(report)
        findings.faults += _contradicted_anchors()
        findings.faults += _never_linked(findings)
    return findings


def _read(faults: list[str]) -> tuple[list[Restoration], list[SignedHeads]]:
    """What is signed outside the database, without what a recorded restore set aside."""
    signed: list[SignedHeads] = []
    past: list[Restoration] = []
    for path in restorations.paths():
        try:
            past.append(restorations.read(path))
        except heads.BadHeads as bad:
            faults.append(f"heads: {bad}")
    for path in heads.paths():
        try:
            signed.append(heads.read(path))
        except heads.BadHeads as bad:
            faults.append(f"heads: {bad}")
    return past, restorations.without_lost([*signed, *(one.as_heads for one in past)], past)


def _promised(signed: list[SignedHeads]) -> dict[tuple[int, int], dict[bytes, str]]:
    """(chain, place) -> digest that was signed for it -> the file that says so."""
    promised: dict[tuple[int, int], dict[bytes, str]] = defaultdict(dict)
    for file in signed:
        for head in file.heads:
            promised[head.chain, head.sequence].setdefault(head.digest, file.name)
    return promised


def _recorded_destructions() -> set[str]:
    return set(
        Entry.objects.filter(event=PAYLOAD_DESTROYED, subject_type=ENTRY_SUBJECT).values_list(
            "subject_reference", flat=True
        )
    )


def _chains() -> list[int]:
    return list(Link.objects.order_by("chain").values_list("chain", flat=True).distinct())


def _walk(
    report: ChainReport,
    promised: dict[tuple[int, int], dict[bytes, str]],
    destroyed: set[str],
) -> Iterator[str]:
    chain = report.chain
    place = 0
    # The digest as stored and as it should be: one changed link is told as one fault.
    stored = ideal = beginning(chain)
    for link in _links(chain):
        report.links += 1
        digest = bytes(link.digest)
        expected = [link_digest(it, link.sequence, link.entry) for it in (stored, ideal)]
        if link.sequence != place + 1:
            yield f"chain {chain}: {_gap_or_fork(place, link.sequence)}"
        elif digest not in expected:
            yield f"chain {chain}: entry {link.entry_id} at place {link.sequence} was changed"
        place = link.sequence
        stored, ideal = digest, digest if digest in expected else expected[-1]
        yield from _branches(chain, place, digest, promised)
        yield from _entry_faults(report, link.entry, destroyed)
    for (promised_chain, last), by_digest in promised.items():
        if promised_chain == chain and last > place:
            name = min(by_digest.values())
            yield f"chain {chain}: cut off after place {place}; {name} was signed at place {last}"


def _links(chain: int) -> Iterator[Link]:
    """In order of place, with entry and payload beside."""
    return (
        Link.objects.filter(chain=chain)
        .select_related("entry__payload")
        .order_by("sequence", "id")
        .iterator(BATCH)
    )


def _gap_or_fork(before: int, found: int) -> str:
    if found <= before:
        return f"place {found} is taken twice (fork)"
    return f"places {before + 1} to {found - 1} are missing (gap)"


def _branches(
    chain: int, place: int, digest: bytes, promised: dict[tuple[int, int], dict[bytes, str]]
) -> Iterator[str]:
    for signed_digest, name in promised.get((chain, place), {}).items():
        if signed_digest != digest:
            yield f"chain {chain}: place {place} is not what {name} was signed for (fork)"


def _entry_faults(report: ChainReport, entry: Entry, destroyed: set[str]) -> Iterator[str]:
    where = f"chain {report.chain}: entry {entry.pk}"
    if report.first_at is None:
        report.first_at = entry.at
    if chain_of(entry.agency_id) != report.chain:
        yield f"{where} belongs to another chain"
    payload: Payload | None = getattr(entry, "payload", None)
    if entry.payload_digest is None:
        if payload is not None:
            yield f"{where} had no payload and has one now"
    elif payload is None:
        report.destroyed_payloads += 1
        if str(entry.pk) not in destroyed:
            yield f"{where} lost its payload without a record of that"
    elif payload_digest(bytes(payload.salt), payload.body) != bytes(entry.payload_digest):
        yield f"{where} has a changed payload"


def _say_since(report: ChainReport, signed: list[SignedHeads], faults: list[str]) -> None:
    """Before the first signed head, the chain vouches only for itself."""
    naming = [
        (file.as_of, head.sequence)
        for file in signed
        for head in file.heads
        if head.chain == report.chain
    ]
    if not naming:
        faults.append(f"chain {report.chain}: no signed head outside the database names it")
        return
    report.vouched_since = min(as_of for as_of, _ in naming)
    report.signed_up_to = max(sequence for _, sequence in naming)


def _contradicted_anchors() -> Iterator[str]:
    """Anchors in the database whose link is gone or another."""
    for anchor in Anchor.objects.order_by("chain", "on").iterator(BATCH):
        same = Link.objects.filter(
            chain=anchor.chain, sequence=anchor.sequence, digest=anchor.digest
        )
        if not same.exists():
            yield (
                f"chain {anchor.chain}: place {anchor.sequence} is not what "
                f"the anchor of {anchor.on} holds"
            )


def _never_linked(findings: Findings) -> Iterator[str]:
    mark = SealMark.objects.filter(id=1).first()
    horizon = mark.horizon if mark else 0
    unlinked = Entry.objects.filter(link=None).order_by("id")
    for entry in unlinked.iterator(BATCH):
        if entry.xid < horizon:
            yield f"chain {chain_of(entry.agency_id)}: entry {entry.pk} stands in no chain"
        else:
            findings.waiting += 1
