"""How rows pass through a worker's hands: claimed, marked as being sent, recorded, freed.

These statements run for every message, so they are written out: one each way per message.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Channel, Message, Sweep
from engagement.outbox.registry import Delivery, known_kinds
from engagement.outbox.retries import WAITS
from engagement.outbox.states import State
from engagement.people.models import Contact

BATCH = 50
# Longer than the slowest hand-over (connection, greeting and three commands of 10 s each).
LEASE = timedelta(minutes=5)
FREE: dict[str, Any] = {"claim": None, "leased_until": None}

# For what may be lost when the database itself crashes: the row then says again what it said a
# moment ago. Everybody sees the change at once; only the wait for the disk is left out.
UNHURRIED = "SELECT set_config('synchronous_commit', 'off', true);"

# Fifty rows in order need no sort. Until the statistics know of a large audience just planned,
# the planner would read, check and sort every due message for each claim.
IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"

# Later notices wait for earlier ones of the same reader and subject that have begun: a
# cancellation never overtakes the invitation that is on its way. OFFSET 0 keeps the question a
# question per row; joined, it would be answered for all rows before the first fifty are taken.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT message.id FROM outbox_message AS message
    WHERE message.state = 'planned' AND message.try_at <= %(now)s
        AND message.channel = %(channel)s
        AND (message.leased_until IS NULL OR message.leased_until <= %(now)s)
        AND NOT EXISTS (
            SELECT 1 FROM outbox_message AS earlier
            WHERE earlier.contact_id = message.contact_id
                AND earlier.subject_reference = message.subject_reference
                AND earlier.subject_type = message.subject_type
                AND earlier.state IN ('planned', 'sending') AND earlier.due_at <= %(now)s
                AND (earlier.due_at, earlier.position, earlier.id)
                    < (message.due_at, message.position, message.id)
            OFFSET 0)
    ORDER BY message.try_at LIMIT %(limit)s
    FOR UPDATE OF message SKIP LOCKED)
UPDATE outbox_message AS message SET claim = %(claim)s, leased_until = %(until)s
FROM due WHERE message.id = due.id RETURNING message.*"""

# Matches nothing when the message was withdrawn, or when this worker was so slow that its lease
# has ended. From then on the mark is the lock: nobody else touches a message that is being sent,
# and what is checked after it is checked as late as can be. The address comes along sealed, so
# that what was erased by now is not written to. Joined to nothing, the state keeps the planner
# from the index of what is due: it would read the whole backlog for each message.
TAKE = """
UPDATE outbox_message AS message
SET state = 'sending', attempts = message.attempts + 1, leased_until = %(until)s
FROM people_contact AS contact
WHERE message.id = %(id)s AND message.claim = %(claim)s AND message.state || '' = 'planned'
    AND message.leased_until > %(now)s AND contact.id = message.contact_id
RETURNING message.attempts,
    EXISTS (SELECT 1 FROM outbox_suppression AS ended
        WHERE ended.contact_id = message.contact_id AND ended.kind IN (message.kind, '*')),
    contact.id, contact.agency_id, contact.kind, contact.binding, contact.ciphertext,
    contact.language, contact.is_confirmed"""

# A worker that was taken for dead may still say that the text was accepted.
RECORD = """
UPDATE outbox_message
SET state = %(state)s, finished_at = %(finished_at)s, try_at = %(try_at)s, last_code = %(code)s,
    claim = NULL, leased_until = NULL
WHERE id = %(id)s AND claim = %(claim)s
    AND (state = 'sending' OR (state = 'unknown' AND %(state)s = 'sent'))"""


@dataclass(frozen=True)
class Taken:
    """A message that is marked as being sent, and whom it goes to."""

    attempts: int
    is_ended: bool
    contact: Contact


@dataclass(frozen=True)
class Outcome:
    """What became of a message: done (`finished_at`) or planned again (`try_at`)."""

    message: Message
    state: State
    code: str
    finished_at: datetime | None = None
    try_at: datetime | None = None


def claim_due(*, now: datetime, limit: int = BATCH, channel: str = Channel.EMAIL) -> list[Message]:
    """Take up to `limit` due messages for this worker alone, until their lease ends."""
    values = {"now": now, "limit": limit, "claim": uuid.uuid4(), "until": now + LEASE}
    values["channel"] = str(channel)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(f"{UNHURRIED} {IN_ORDER}")
        claimed = list(Message.objects.raw(CLAIM, values))
    claimed.sort(key=lambda message: message.due_at)
    prefetch_related_objects(claimed, "agency")
    return claimed


def take(
    message: Message, *, now: datetime, last: Outcome | None = None, may_repeat: bool = False
) -> Taken | None:
    """Record the outcome of the message before and mark this one as being sent.

    One short transaction in one journey to the database, committed on return; no lock is held
    while a mail server is talked to. None when this worker may not send the message any more.
    The mark is on disk on return unless the message `may_repeat`: were the database server to
    crash, such messages of its last second may leave twice, with the same Message-ID.
    """
    values = {"id": message.id, "claim": message.claim, "now": now, "until": now + LEASE}
    with connection.cursor() as cursor:
        before = cursor.mogrify(RECORD, _values(last)).decode() + ";" if last else ""
        before += UNHURRIED if may_repeat else ""
        cursor.execute(before + cursor.mogrify(TAKE, values).decode())
        row = cursor.fetchone()
    if row is None:
        return None
    attempts, is_ended, number, agency_id, kind, binding, ciphertext, language, is_confirmed = row
    contact = Contact(
        id=number,
        agency_id=agency_id,
        kind=kind,
        binding=binding,
        ciphertext=ciphertext,
        language=language,
        is_confirmed=is_confirmed,
    )
    message.contact = contact
    return Taken(attempts, is_ended, contact)


def record(outcome: Outcome) -> None:
    """Write down what became of a message, if it is still this worker's."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, _values(outcome))


def give_back(claimed: list[Message]) -> None:
    """Free what this worker holds of these and has not begun, without counting a try."""
    ids = [message.id for message in claimed]
    held = Message.objects.filter(pk__in=ids, claim=claimed[0].claim, state=State.PLANNED)
    held.update(**FREE)


def postpone(message: Message, *, until: datetime) -> None:
    """Let a claimed message that was not begun wait until then, without counting a try."""
    held = Message.objects.filter(pk=message.pk, claim=message.claim, state=State.PLANNED)
    held.update(try_at=until, **FREE)


def recover(*, now: datetime) -> int:
    """Free what a dead worker held while sending; returns how many.

    Nobody knows whether its text had left: the delivery of the kind decides.
    """
    lost = Message.objects.filter(state=State.SENDING, leased_until__lt=now)
    if not lost.exists():
        return 0
    again = [kind.name for kind in known_kinds() if kind.delivery is Delivery.AT_LEAST_ONCE]
    hour = floor_to_hour(now)
    done = {"finished_at": hour, "try_at": None, "last_code": "worker-lost"}
    tired = lost.filter(attempts__gt=len(WAITS)).update(state=State.FAILED, **done, **FREE)
    freed = lost.filter(kind__in=again).update(
        state=State.PLANNED, try_at=hour, last_code="worker-lost", **FREE
    )
    # The claim stays: should that worker live after all, it may still report what it did.
    unsure = lost.update(state=State.UNKNOWN, leased_until=None, **done)
    return tired + freed + unsure


def note_sweep(now: datetime) -> None:
    """Leave the heartbeat that health looks at."""
    if not Sweep.objects.filter(pk=1).update(last_at=now):
        Sweep.objects.bulk_create([Sweep(pk=1, last_at=now)], ignore_conflicts=True)


def _values(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.message.id,
        "claim": outcome.message.claim,
        "state": outcome.state.value,
        "code": outcome.code,
        "finished_at": outcome.finished_at,
        "try_at": outcome.try_at,
    }
