"""What was erased, remembered outside the database, so that a restore erases it again.

`erasures.jsonl` lies beside the signed heads, in settings.AUDIT_HEADS, in no backup. A line holds a
number, a day, a kind and a mark: a random id or a salted digest, which says nothing to who lacks
the very row. Each line is signed and tied to the one before it.

A line is on disk before the erasing transaction commits. After a crash between the two, a restore
would erase what somebody wanted erased and found unfinished; the other order would bring back what
they were told is gone.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from engagement.audit.digests import canonical
from engagement.keys import signing

LEDGER = "erasures.jsonl"
BEGINNING = hashlib.sha256(b"common ground erasures").hexdigest()
LONGEST_LINE = 4096


class CannotRemember(Exception):
    """The ledger cannot be written, so nothing may be erased; the message says why."""


class BadLedger(Exception):
    """A line is damaged, missing in between, or not signed with our key."""


@dataclass(frozen=True)
class Erased:
    """One line: `mark` names the row of `kind` that was emptied on that day (UTC)."""

    kind: str
    mark: str
    on: date


@dataclass(frozen=True)
class Replay:
    """Who erases rows of `kind` again.

    `erase_again(marks, now)` takes rows that are empty or gone, and returns how many it emptied.
    """

    kind: str
    erase_again: Callable[[Iterable[str], datetime], int]


_replays: dict[str, Replay] = {}


def register_replay(replay: Replay) -> None:
    """Make a kind known; called from AppConfig.ready(). Raises ValueError when it is taken."""
    if replay.kind in _replays:
        raise ValueError(f"erasures of kind {replay.kind} are registered twice")
    _replays[replay.kind] = replay


def remember(kind: str, marks: Iterable[str], *, on: date) -> None:
    """Write the marks to disk; call it in the transaction that erases, before it commits.

    Raises CannotRemember, and ValueError for a kind that nobody replays.
    """
    if kind not in _replays:
        raise ValueError(f"nobody registered erasures of kind {kind}")
    path = Path(settings.AUDIT_HEADS) / LEDGER
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as ledger:
            fcntl.flock(ledger, fcntl.LOCK_EX)
            _append(ledger, [Erased(kind, mark, on) for mark in marks])
    except OSError as error:
        raise CannotRemember(f"{path}: {error.strerror}; nothing was erased.") from None


def remembered(folder: Path | None = None) -> list[Erased]:
    """All lines, oldest first, checked; a last one that a crash cut short does not count.

    Raises BadLedger.
    """
    path = (folder or Path(settings.AUDIT_HEADS)) / LEDGER
    if not path.exists():
        return []
    found: list[Erased] = []
    previous = BEGINNING
    for line in path.read_bytes().split(b"\n")[:-1]:
        found.append(_checked(line, len(found) + 1, previous, path))
        previous = hashlib.sha256(line).hexdigest()
    return found


def replay(erased: list[Erased], *, now: datetime) -> int:
    """Erase again what is there again; safe to repeat. Returns how many rows were emptied.

    Raises BadLedger for a kind that this release does not know.
    """
    kinds = {line.kind for line in erased}
    if unknown := kinds - set(_replays):
        raise BadLedger(f"{LEDGER}: this release does not know {', '.join(sorted(unknown))}.")
    return sum(
        _replays[kind].erase_again([line.mark for line in erased if line.kind == kind], now)
        for kind in sorted(kinds)
    )


def _append(ledger: BinaryIO, erased: list[Erased]) -> None:
    number, previous = _end(ledger)
    for line in erased:
        number += 1
        body = [number, previous, line.on.isoformat(), line.kind, line.mark]
        signature = signing.sign(canonical(body)).hex()
        written = canonical({"body": body, "signature": signature})
        ledger.write(written + b"\n")
        previous = hashlib.sha256(written).hexdigest()
    ledger.flush()
    os.fsync(ledger.fileno())


def _end(ledger: BinaryIO) -> tuple[int, str]:
    """Stand behind the last whole line; its number and digest."""
    size = ledger.seek(0, os.SEEK_END)
    ledger.seek(max(0, size - 2 * LONGEST_LINE))
    tail = ledger.read()
    whole, newline, torn = tail.rpartition(b"\n")
    # A crash cut the last line short: its transaction never committed.
    ledger.truncate(size - len(torn))
    ledger.seek(size - len(torn))
    if not newline:
        return 0, BEGINNING
    last = whole.rpartition(b"\n")[2]
    try:
        return int(json.loads(last)["body"][0]), hashlib.sha256(last).hexdigest()
    except (ValueError, KeyError, TypeError, IndexError):
        raise CannotRemember(f"{LEDGER}: damaged; nothing was erased.") from None


def _checked(line: bytes, number: int, previous: str, path: Path) -> Erased:
    try:
        stored = json.loads(line)
        body = stored["body"]
        signature = bytes.fromhex(stored["signature"])
        erased = Erased(str(body[3]), str(body[4]), date.fromisoformat(body[2]))
    except (ValueError, KeyError, TypeError, IndexError):
        raise BadLedger(f"{path}: line {number} is damaged.") from None
    if body[:2] != [number, previous]:
        raise BadLedger(f"{path}: something is missing before line {number}.")
    if not signing.verify(canonical(body), signature):
        raise BadLedger(f"{path}: line {number} is not signed with our key.")
    return erased
