"""Put notices into the outbox, and take them out again before they leave."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.outbox import bell
from engagement.outbox.models import Message
from engagement.outbox.registry import Kind, kind_named
from engagement.outbox.states import State
from engagement.people.models import Contact

HOUR = timedelta(hours=1)


class CannotQueue(RuntimeError):
    """A notice belongs into the transaction of the change that causes it."""


class CannotRequeue(ValueError):
    """The message is not a dead letter of this agency."""


@dataclass(frozen=True)
class Plan:
    """Everything about a notice but whom it goes to."""

    kind: Kind
    agency_id: int | None
    subject: Subject
    event: str
    due_at: datetime
    is_coarse: bool
    until: datetime | None
    now: datetime

    @property
    def useful_until(self) -> datetime | None:
        if self.until is not None:
            return self.until
        if self.kind.usefulness is None:
            return None
        # The due moment of a coarse message was cut to its hour; the reader must not lose by it.
        return self.due_at + self.kind.usefulness + (HOUR if self.is_coarse else timedelta())

    def ring(self, made: int) -> None:
        """Wake the outbox where so many messages may leave at once."""
        if made and self.due_at <= self.now:
            bell.ring_on_commit()


def queue(  # noqa: PLR0913 each says one thing of the row
    kind: str,
    *,
    contact_id: int,
    agency_id: int | None,
    subject: Subject,
    event: str,
    now: datetime,
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
    is_coarse: bool = False,
) -> Message | None:
    """Plan one notice, in the caller's transaction; without `due_at` it leaves at once.

    `useful_until` takes the place of the kind's usefulness, for what ends at a known moment.

    Returns None, and plans nothing, when this notice exists already (same kind, contact, subject
    and event), when the contact ended this kind or belongs to another agency, or when `due_at`
    is past: a reminder of something that is nearly here says nothing new. Say `is_coarse` when an
    anonymous report is the cause; the kept times are then full hours.
    Raises CannotQueue outside a transaction and UnknownKind.
    """
    about = (agency_id, subject, event)
    plan = _plan(kind, *about, due_at or now, is_coarse, until=useful_until, now=now)
    if due_at is not None and due_at < now:
        return None
    statement, values = _insertion(plan, Contact.objects.filter(pk=contact_id))
    made = list(Message.objects.raw(f"{statement} RETURNING *", values))
    plan.ring(len(made))
    return made[0] if made else None


def queue_audience(  # noqa: PLR0913 each says one thing of the row
    kind: str,
    *,
    audience: QuerySet[Contact],
    agency_id: int | None,
    subject: Subject,
    event: str,
    now: datetime,
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
    is_coarse: bool = False,
    notes: Together | None = None,
) -> int:
    """Plan the notice for every contact of `audience` in one statement; returns how many.

    With `notes` it is gathered there, and returns 0: no two of these may be for the same contact
    and subject, as neither would see the other's place in the row. Leaves out whom `queue` would
    leave out, and raises what it raises.
    """
    about = (agency_id, subject, event)
    plan = _plan(kind, *about, due_at or now, is_coarse, until=useful_until, now=now)
    if due_at is not None and due_at < now:
        return 0
    statement, values = _insertion(plan, audience)
    if notes is not None:
        notes.run(f"{statement} RETURNING 1", values, heard=plan.ring)
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        made: int = cursor.rowcount
    plan.ring(made)
    return made


def withdraw(
    *,
    subject: Subject,
    now: datetime,
    kind: str | None = None,
    event: str | None = None,
    contact_id: int | None = None,
) -> int:
    """Take back what has not left yet about `subject`; returns how many were taken back.

    In the caller's transaction. A message whose text is on its way stays: whatever is queued
    after it for the same reader follows it. Raises CannotQueue outside a transaction.
    """
    _demand_transaction()
    planned = Message.objects.filter(
        state=State.PLANNED, subject_type=subject.type, subject_reference=subject.reference
    )
    if kind is not None:
        planned = planned.filter(kind=kind_named(kind).name)
    if event is not None:
        planned = planned.filter(event=event)
    if contact_id is not None:
        planned = planned.filter(contact_id=contact_id)
    return planned.update(
        state=State.SUPERSEDED,
        finished_at=floor_to_hour(now),
        try_at=None,
        claim=None,
        leased_until=None,
    )


@transaction.atomic(durable=True)
def requeue(*, message_id: UUID, agency_id: int | None, by: Actor, now: datetime) -> Message:
    """Try a dead letter again from the start. Raises CannotRequeue."""
    dead = Message.objects.of_agency(agency_id).dead()
    message = dead.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise CannotRequeue(str(message_id))
    kind = kind_named(message.kind)
    message.state = State.PLANNED
    message.try_at = floor_to_hour(now) if message.is_coarse else now
    message.attempts = 0
    message.finished_at = None
    message.claim = None
    if message.useful_until is not None and kind.usefulness is not None:
        # Somebody decided that it is still worth saying; grant it its time anew.
        message.useful_until = now + kind.usefulness
    message.save()
    record(
        "MESSAGE_REQUEUED",
        by=by,
        subject=Subject(type="message", reference=str(message.pk)),
        agency_id=agency_id,
        now=now,
        payload={"kind": message.kind, "last_code": message.last_code},
    )
    bell.ring_on_commit()
    return message


def _demand_transaction() -> None:
    if not connection.in_atomic_block:
        raise CannotQueue("call this inside the transaction of the change")


def _plan(
    kind: str,
    agency_id: int | None,
    subject: Subject,
    event: str,
    due_at: datetime,
    is_coarse: bool,
    *,
    until: datetime | None,
    now: datetime,
) -> Plan:
    found = kind_named(kind)
    _demand_transaction()
    due_at = floor_to_hour(due_at) if is_coarse else due_at
    return Plan(found, agency_id, subject, event, due_at, is_coarse, until, now)


# An insert that meets its twin does nothing; a caught violation would write the row to the
# server's log. Position and due moment look only at open messages: among them order matters, and
# the moment of a coarse notice, cut to its hour, would lie before what began within that hour. The
# random key is drawn once and spread by contact: a hundred thousand draws would take the server a
# second.
INSERTION = """
INSERT INTO outbox_message (
    id, kind, channel, contact_id, agency_id, subject_type, subject_reference, event, state,
    is_coarse, due_at, position, useful_until, attempts, try_at, last_code)
SELECT md5(%s || contact.id)::uuid, %s,
    CASE contact.kind WHEN 'text' THEN 'text' ELSE 'email' END,
    contact.id, %s, %s, %s, %s, 'planned', %s,
    GREATEST(%s, earlier.due_at), 1 + COALESCE(earlier.position, 0), %s, 0, %s, ''
FROM ({audience}) AS audience (contact_id)
JOIN people_contact AS contact ON contact.id = audience.contact_id
CROSS JOIN LATERAL (
    SELECT MAX(begun.position) AS position,
        MAX(begun.due_at) FILTER (WHERE begun.due_at <= %s) AS due_at
    FROM outbox_message AS begun
    WHERE begun.contact_id = contact.id
        AND begun.subject_reference = %s AND begun.subject_type = %s
        AND begun.state IN ('planned', 'sending')) AS earlier
WHERE (contact.agency_id IS NULL OR %s OR contact.agency_id = %s)
    AND NOT EXISTS (
        SELECT 1 FROM outbox_suppression AS ended
        WHERE ended.contact_id = contact.id
            AND (ended.kind = '*' OR (ended.kind = %s AND NOT %s)))
ON CONFLICT (contact_id, subject_reference, event, kind, subject_type) DO NOTHING"""


def _insertion(plan: Plan, audience: QuerySet[Contact]) -> tuple[str, list[Any]]:
    chosen, chosen_values = audience.order_by().values("pk").query.sql_with_params()
    reference, kind = (plan.subject.reference, plan.subject.type), plan.kind.name
    values: list[Any] = [secrets.token_hex(16), kind, plan.agency_id]
    values += [plan.subject.type, plan.subject.reference]
    values += [plan.event, plan.is_coarse, plan.due_at, plan.useful_until, plan.due_at]
    values += [*chosen_values, plan.now, *reference]
    values += [plan.agency_id is None, plan.agency_id, kind, not plan.kind.can_be_ended]
    return INSERTION.format(audience=chosen), values
