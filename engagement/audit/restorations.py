"""Signed records of restores: from where the chains go on, and which signed heads are lost.

An older backup looks like a chain that was cut off. Each restore writes `restored-N.json` beside
the signed heads; it names every head that the restored database cannot know. Those, and only
those, are no longer asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from engagement.audit import heads
from engagement.audit.heads import BadHeads, Head, SignedHeads
from engagement.audit.models import SealMark
from engagement.audit.sealing import current_heads

RECORDS = "restored-*.json"


@dataclass(frozen=True)
class Restoration:
    """`on` is the day of the restore, `as_of` the hour of the backup, or "unknown" (ISO 8601)."""

    name: str
    on: str
    as_of: str
    kept: tuple[Head, ...]
    lost: tuple[Head, ...]

    @property
    def as_heads(self) -> SignedHeads:
        """What the record itself vouches for: the ends of the chains at the restore."""
        return SignedHeads(self.name, self.on, self.kept)

    @property
    def lost_chains(self) -> dict[int, tuple[int, int]]:
        """Chain -> the last place kept, and the last place that was signed before the restore."""
        kept = {head.chain: head.sequence for head in self.kept}
        last: dict[int, int] = {}
        for head in self.lost:
            last[head.chain] = max(head.sequence, last.get(head.chain, 0))
        return {chain: (kept.get(chain, 0), place) for chain, place in sorted(last.items())}


def paths() -> list[Path]:
    """The records, oldest first."""
    return sorted(Path(settings.AUDIT_HEADS).glob(RECORDS), key=_number)


def read(path: Path) -> Restoration:
    """Raises BadHeads."""
    body = heads.read_signed(path)
    try:
        kept, lost = heads.listed(body["kept"]), heads.listed(body["lost"])
        return Restoration(path.name, str(body["restored_on"]), str(body["as_of"]), kept, lost)
    except (KeyError, TypeError, ValueError):
        raise BadHeads(f"{path}: damaged or unreadable") from None


def without_lost(signed: Iterable[SignedHeads], past: Iterable[Restoration]) -> list[SignedHeads]:
    """The same files, without the heads that a recorded restore set aside."""
    lost = {head for restoration in past for head in restoration.lost}
    return [
        SignedHeads(file.name, file.as_of, tuple(head for head in file.heads if head not in lost))
        for file in signed
    ]


def accept(*, as_of: str, now: datetime) -> Restoration:
    """Write down that this database came from a backup, and let its heads go on from here.

    Heads at places that the restored chains have are not set aside: a backup that contradicts
    them stays a fault. Raises BadHeads when a file of heads was changed.
    """
    # Transaction numbers of another server begin elsewhere; the sealer's mark knows the old ones.
    SealMark.objects.update(horizon=0)
    kept = current_heads()
    past = [read(path) for path in paths()]
    signed = [heads.read(path) for path in heads.paths()] + [one.as_heads for one in past]
    ends = {head.chain: head.sequence for head in kept}
    lost = {
        head
        for file in without_lost(signed, past)
        for head in file.heads
        if head.sequence > ends.get(head.chain, 0)
    }
    path = heads.folder() / RECORDS.replace("*", str(len(past) + 1))
    body = {
        "restored_on": now.astimezone(UTC).date().isoformat(),
        "as_of": as_of,
        "kept": heads.rows_of(sorted(kept, key=_place)),
        "lost": heads.rows_of(sorted(lost, key=_place)),
    }
    heads.write_signed(path, body)
    heads.replace_rolling(kept, hour=now)
    return read(path)


def _number(path: Path) -> int:
    number = path.stem.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _place(head: Head) -> tuple[int, int, bytes]:
    return head.chain, head.sequence, head.digest
