"""Signed heads of the chains, outside the database, in the folder settings.AUDIT_HEADS.

`heads.json` holds the newest head of every chain and is renewed after each seal; one
`anchor-YYYY-MM-DD.json` per day is written once and kept: copy these to another machine.
Cutting off the end of a chain is found as far back as these files reach. Whoever can write both
the database and this folder can put older signed files back: only copies elsewhere show that.

The file's time would tell when the last report came in, so every run of the sealer renews it,
also one that found nothing, and the content holds the full hour only.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from engagement.audit.digests import canonical
from engagement.audit.models import Link
from engagement.keys import signing
from engagement.keys.moments import floor_to_hour

ROLLING = "heads.json"
DATED = "anchor-*.json"


class HeadsDiffer(Exception):
    """The database lacks or contradicts a head that was signed earlier."""


class BadHeads(Exception):
    """A file of heads is damaged, or not signed with our key."""


@dataclass(frozen=True)
class Head:
    """The newest link of a chain at some moment."""

    chain: int
    sequence: int
    digest: bytes


@dataclass(frozen=True)
class SignedHeads:
    """A file of heads whose signature was checked; `as_of` is a day or a full hour (ISO 8601)."""

    name: str
    as_of: str
    heads: tuple[Head, ...]


def keep(current: Callable[[], list[Head]], *, hour: datetime) -> None:
    """Renew the rolling file with `current()`, unless the database contradicts what it says.

    A contradiction leaves the file untouched, for it is the evidence. Raises HeadsDiffer then, and
    BadHeads when the file was changed by someone without the key.
    """
    path = folder() / ROLLING
    with one_writer():
        before = read(path).heads if path.exists() else ()
        after = tuple(sorted(current(), key=lambda head: head.chain))
        if before == after:
            if path.exists():
                os.utime(path)
            return
        contradicted = [head for head in before if not _is_in_database(head)]
        if contradicted:
            chains = ", ".join(str(head.chain) for head in contradicted)
            raise HeadsDiffer(f"chain {chains} differs from {path}: run verify_audit")
        _write(path, floor_to_hour(hour).isoformat(), after)


def write_dated(on: date, heads: list[Head]) -> Path:
    """Write the day's file once; an existing one stands."""
    path = folder() / DATED.replace("*", on.isoformat())
    with one_writer():
        if not path.exists():
            _write(path, on.isoformat(), tuple(heads))
    return path


def read(path: Path) -> SignedHeads:
    """The heads in `path`. Raises BadHeads."""
    body = read_signed(path)
    try:
        return SignedHeads(path.name, str(body["as_of"]), listed(body["heads"]))
    except (ValueError, KeyError, TypeError):
        raise BadHeads(f"{path}: damaged or unreadable") from None


def read_signed(path: Path) -> dict[str, Any]:
    """What a file says that we signed. Raises BadHeads."""
    try:
        stored: dict[str, Any] = json.loads(path.read_text())
        body: dict[str, Any] = stored["body"]
        if not signing.verify(canonical(body), bytes.fromhex(stored["signature"])):
            raise BadHeads(f"{path}: the signature is not ours")
    except (OSError, ValueError, KeyError, TypeError):
        raise BadHeads(f"{path}: damaged or unreadable") from None
    return body


def listed(rows: list[list[Any]]) -> tuple[Head, ...]:
    """Heads from the form that `rows_of` gave them."""
    return tuple(
        Head(int(chain), int(sequence), bytes.fromhex(digest)) for chain, sequence, digest in rows
    )


def rows_of(heads: Iterable[Head]) -> list[list[int | str]]:
    """Heads as a file holds them."""
    return [[head.chain, head.sequence, head.digest.hex()] for head in heads]


def paths() -> list[Path]:
    """The dated files, oldest first, then the rolling one."""
    place = Path(settings.AUDIT_HEADS)
    return [*sorted(place.glob(DATED)), *place.glob(ROLLING)]


def replace_rolling(heads: list[Head], *, hour: datetime) -> None:
    """Put these in the place of the newest heads, whatever those said: after a restore alone."""
    with one_writer():
        after = tuple(sorted(heads, key=lambda head: head.chain))
        _write(folder() / ROLLING, floor_to_hour(hour).isoformat(), after)


def _is_in_database(head: Head) -> bool:
    return Link.objects.filter(
        chain=head.chain, sequence=head.sequence, digest=head.digest
    ).exists()


def _write(path: Path, as_of: str, heads: tuple[Head, ...]) -> None:
    write_signed(path, {"as_of": as_of, "heads": rows_of(heads)})


def write_signed(path: Path, body: dict[str, Any]) -> None:
    """Sign and write a whole file; a crash leaves the old one or the new one."""
    signature = signing.sign(canonical(body)).hex()
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with draft.open("x") as file:
        json.dump({"body": body, "signature": signature}, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, path)


def folder() -> Path:
    """Where the files lie; made when it is missing."""
    place = Path(settings.AUDIT_HEADS)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


@contextmanager
def one_writer() -> Iterator[None]:
    """Two sealers that finish close together must not put the older head on top."""
    descriptor = os.open(folder() / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
