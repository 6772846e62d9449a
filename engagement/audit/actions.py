"""Write history, and destroy the details of an entry when they must go."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from django.db import connection, transaction

from engagement.audit import erasures, sealing
from engagement.audit.actors import Actor
from engagement.audit.digests import payload_digest
from engagement.audit.models import Entry, Payload
from engagement.audit.payloads import (
    CannotRecord,
    PayloadValue,
    refuse_private,
    refuse_private_subject,
)
from engagement.audit.registry import known_events
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour

__all__ = ["CannotDestroy", "CannotRecord", "destroy_payload", "record", "seal", "write_anchor"]

SALT_BYTES = 32
PAYLOAD_DESTROYED = "AUDIT_PAYLOAD_DESTROYED"
ENTRY_SUBJECT = "audit_entry"
PAYLOADS = "audit_payload"
BY_DATABASE = {"id", "xid"}
STORE = """
WITH entry AS (INSERT INTO audit_entry ({columns}) VALUES ({values}) RETURNING id, xid),
    payload AS (INSERT INTO audit_payload (entry_id, salt, body)
        SELECT entry.id, %s, %s FROM entry)
SELECT id, xid FROM entry"""


class CannotDestroy(Exception):
    """The entry has no payload, or not any more."""


def record(
    event: str,
    *,
    by: Actor,
    subject: Subject,
    agency_id: int | None,
    now: datetime,
    payload: Mapping[str, PayloadValue] | None = None,
    writes: Together | None = None,
) -> Entry:
    """Write one entry in the caller's transaction, so that it stands or falls with the change;
    with `writes` it is gathered there, and stored when they are sent.

    The time of anyone but staff and tasks is floored to the hour. Payload values are short codes,
    ids, numbers or booleans: no contact, free text or place. Raises CannotRecord on an
    unregistered event, on such a payload and outside a transaction.
    """
    if event not in known_events():
        raise CannotRecord(f"audit event {event} is not registered")
    if not connection.in_atomic_block:
        raise CannotRecord("history is written in the transaction of what it tells")
    refuse_private_subject(subject)
    body = dict(payload or {})
    refuse_private(body)
    salt = secrets.token_bytes(SALT_BYTES)
    entry = Entry(
        agency_id=agency_id,
        event=event,
        actor_kind=by.kind.value,
        actor_user_id=by.user_id,
        actor_name=by.name,
        subject_type=subject.type,
        subject_reference=subject.reference,
        at=now if by.keeps_exact_times else floor_to_hour(now),
        payload_digest=payload_digest(salt, body) if body else None,
    )
    if writes is not None:
        return _gather(entry, salt, body, writes)
    return _store_with_payload(entry, salt, body) if body else _store(entry)


def _gather(entry: Entry, salt: bytes, body: Mapping[str, PayloadValue], writes: Together) -> Entry:
    writes.insert(entry)
    if body:
        writes.insert(Payload(entry=entry, salt=salt, body=body))
    return entry


def _store(entry: Entry) -> Entry:
    entry.save(force_insert=True)
    return entry


def _store_with_payload(entry: Entry, salt: bytes, body: Mapping[str, PayloadValue]) -> Entry:
    """Both rows in one statement: nearly every change of the portal passes here."""
    fields = [field for field in Entry._meta.concrete_fields if field.name not in BY_DATABASE]
    statement = STORE.format(
        columns=", ".join(str(field.column) for field in fields),
        values=", ".join(["%s"] * len(fields)),
    )
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, salt, json.dumps(body)])
        entry.id, entry.xid = cursor.fetchone()
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


@transaction.atomic
def destroy_payload(entry: Entry, *, by: Actor, now: datetime) -> None:
    """Delete the entry's details and their salt, and write that this was done.

    The chain still verifies: it covers the digest alone. Raises CannotDestroy, and
    erasures.CannotRemember.
    """
    deleted, _ = Payload.objects.filter(entry=entry).delete()
    if not deleted:
        raise CannotDestroy(f"audit entry {entry.pk} has no payload")
    if entry.payload_digest is not None:
        mark = bytes(entry.payload_digest).hex()
        erasures.remember(PAYLOADS, [mark], on=now.astimezone(UTC).date())
    _record_destruction(entry, by=by, now=now)


def destroy_again(marks: Iterable[str], now: datetime) -> int:
    """After a restore: delete the details that were destroyed since the backup."""
    digests = [bytes.fromhex(mark) for mark in marks]
    found = Entry.objects.filter(payload_digest__in=digests, payload__isnull=False)
    count = 0
    for entry in found.order_by("pk"):
        Payload.objects.filter(entry=entry).delete()
        _record_destruction(entry, by=Actor.task("restore"), now=now)
        count += 1
    return count


def _record_destruction(entry: Entry, *, by: Actor, now: datetime) -> None:
    record(
        PAYLOAD_DESTROYED,
        by=by,
        subject=Subject(ENTRY_SUBJECT, str(entry.pk)),
        agency_id=entry.agency_id,
        now=now,
    )


def seal(now: datetime) -> int:
    """Link every finished entry into its chain; return how many. Safe to run at once and often."""
    return sealing.seal(now)


def write_anchor(now: datetime) -> date | None:
    """Sign today's heads into the database and a dated file; None when no chain exists yet."""
    return sealing.write_anchor(now)
