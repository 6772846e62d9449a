"""What the chain is made of. Pure: the sealer and the checker both compute it here."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

INSTALLATION = 0


class Sealable(Protocol):
    """The columns of an entry that its digest covers."""

    id: int
    agency_id: int | None
    event: str
    actor_kind: str
    actor_user_id: int | None
    actor_name: str
    subject_type: str
    subject_reference: str
    at: datetime
    payload_digest: bytes | memoryview | None
    xid: int


def chain_of(agency_id: int | None) -> int:
    """The chain that an agency's entries are linked in; 0 for the installation's."""
    return INSTALLATION if agency_id is None else agency_id


def payload_digest(salt: bytes, body: Mapping[str, object]) -> bytes:
    """32 bytes; the random salt keeps a destroyed payload from being guessed."""
    return hashlib.sha256(salt + canonical(body)).digest()


def beginning(chain: int) -> bytes:
    """What the first link of a chain is tied to."""
    return hashlib.sha256(f"common ground audit chain {chain}".encode()).digest()


def link_digest(previous: bytes, sequence: int, entry: Sealable) -> bytes:
    """32 bytes over the digest before it, the place in the chain and every column of the entry."""
    columns = [
        entry.id,
        entry.agency_id,
        entry.event,
        entry.actor_kind,
        entry.actor_user_id,
        entry.actor_name,
        entry.subject_type,
        entry.subject_reference,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        None if entry.payload_digest is None else bytes(entry.payload_digest).hex(),
        entry.xid,
    ]
    return hashlib.sha256(previous + sequence.to_bytes(8) + canonical(columns)).digest()


def canonical(value: object) -> bytes:
    """One spelling per value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
