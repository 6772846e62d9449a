"""Claim what is due, check it once more, hand it over, write down what became of it."""

import logging
import random
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, prefetch_related_objects

from engagement.keys.moments import floor_to_hour
from engagement.outbox.channels.email import Answer, Fate, Line
from engagement.outbox.letters import compose
from engagement.outbox.models import Message, Suppression, Sweep
from engagement.outbox.registry import Delivery, Kind, UnknownKind, kind_named, known_kinds
from engagement.outbox.retries import WAITS, next_try
from engagement.outbox.states import State
from engagement.people.identity import address_for_delivery
from engagement.people.models import ContactKind

logger = logging.getLogger(__name__)

BATCH = 50
# Longer than the slowest hand-over (connection, greeting and three commands of 10 s each).
LEASE = timedelta(minutes=5)
FREE: dict[str, Any] = {"claim": None, "leased_until": None}

# Later notices wait for earlier ones of the same reader and subject that have begun: a
# cancellation never overtakes the invitation that is on its way.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT message.id FROM outbox_message AS message
    WHERE message.state = 'planned' AND message.try_at <= %(now)s
        AND (message.leased_until IS NULL OR message.leased_until <= %(now)s)
        AND NOT EXISTS (
            SELECT 1 FROM outbox_message AS earlier
            WHERE earlier.contact_id = message.contact_id
                AND earlier.subject_reference = message.subject_reference
                AND earlier.subject_type = message.subject_type
                AND earlier.state IN ('planned', 'sending') AND earlier.due_at <= %(now)s
                AND (earlier.due_at, earlier.position, earlier.id)
                    < (message.due_at, message.position, message.id))
    ORDER BY message.try_at LIMIT %(limit)s
    FOR UPDATE OF message SKIP LOCKED)
UPDATE outbox_message AS message SET claim = %(claim)s, leased_until = %(until)s
FROM due WHERE message.id = due.id RETURNING message.*"""


class KindBroken(Exception):
    """The code of a kind failed; its own message waits, the others go on."""


@dataclass(frozen=True)
class Clock:
    """The moment it was when work began, plus the time that has passed since."""

    began_at: datetime
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.began_at + timedelta(seconds=time.monotonic() - self.began)


@dataclass(frozen=True)
class Result:
    message: Message
    answer: Answer
    at: datetime


def claim_due(*, now: datetime, limit: int = BATCH) -> list[Message]:
    """Take up to `limit` due messages for this worker alone, until their lease ends."""
    values = {"now": now, "limit": limit, "claim": uuid.uuid4(), "until": now + LEASE}
    claimed = sorted(Message.objects.raw(CLAIM, values), key=lambda message: message.due_at)
    prefetch_related_objects(claimed, "agency")
    return claimed


def sweep(*, now: datetime, lasting: timedelta = timedelta(seconds=45)) -> int:
    """Deliver what is due until nothing is left, the time is up or no mail server answers.

    Any number of sweeps may run at once. Returns how many messages left.
    """
    clock, sent = Clock(now), 0
    _note_sweep(now)
    recover(now=now)
    with Line() as line:
        while clock.now() < now + lasting and (claimed := claim_due(now=clock.now())):
            count, goes_on = deliver(claimed, line=line, clock=clock)
            sent += count
            if not goes_on:
                break
    return sent


def recover(*, now: datetime) -> int:
    """Free what a dead worker held while sending; returns how many.

    Nobody knows whether its text had left: the delivery of the kind decides.
    """
    lost = Message.objects.filter(state=State.SENDING, leased_until__lt=now)
    if not lost.exists():
        return 0
    again = [kind.name for kind in known_kinds() if kind.delivery is Delivery.AT_LEAST_ONCE]
    hour = floor_to_hour(now)
    tired = lost.filter(attempts__gt=len(WAITS)).update(
        state=State.FAILED, finished_at=hour, try_at=None, last_code="worker-lost", **FREE
    )
    freed = lost.filter(kind__in=again).update(
        state=State.PLANNED, try_at=hour, last_code="worker-lost", **FREE
    )
    # The claim stays: should that worker live after all, it may still report what it did.
    unsure = lost.update(
        state=State.UNKNOWN,
        finished_at=hour,
        try_at=None,
        leased_until=None,
        last_code="worker-lost",
    )
    return tired + freed + unsure


def deliver(claimed: list[Message], *, line: Line, clock: Clock) -> tuple[int, bool]:
    """Send the claimed messages one by one; returns how many left, and whether to go on."""
    last: Result | None = None
    sent, goes_on = 0, True
    for message in claimed:
        started = _start(message, last, clock)
        last = None
        if not started:
            continue
        answer = _hand_over(message, line, clock)
        last = Result(message, answer, clock.now())
        sent += answer.fate is Fate.SENT
        if answer.fate is Fate.CLOSED:
            goes_on = False
            break
    if last:
        _record(last)
    if not goes_on:
        # Not these messages' fault: they go back as they were, without counting a try.
        Message.objects.filter(claim=claimed[0].claim, state=State.PLANNED).update(**FREE)
    return sent, goes_on


def _start(message: Message, last: Result | None, clock: Clock) -> bool:
    """Record the last result and mark this message as being sent, in one transaction.

    The row's lock is held only for the checks, never while a mail server is talked to.
    """
    try:
        with transaction.atomic(durable=True):
            if last:
                _record(last)
            now = clock.now()
            if not _take(message, now):
                return False
            end = _reason_to_stop(message, now)
            if end:
                _finish(message, end, now, code="")
            return end is None
    except (KindBroken, UnknownKind):
        logger.exception("kind broken", extra={"event": f"outbox.check.{message.kind}"})
        if last:
            _record(last)
        _put_off(message, clock.now())
        return False


def _take(message: Message, now: datetime) -> bool:
    """False when it was withdrawn, or when this worker was so slow that the lease has ended."""
    taken = Message.objects.filter(
        pk=message.pk, claim=message.claim, state=State.PLANNED, leased_until__gt=now
    ).update(state=State.SENDING, attempts=F("attempts") + 1, leased_until=now + LEASE)
    message.attempts += 1
    return bool(taken)


def _reason_to_stop(message: Message, now: datetime) -> State | None:
    kind = kind_named(message.kind)
    if message.useful_until is not None and now > message.useful_until:
        return State.EXPIRED
    ended = Suppression.objects.filter(contact_id=message.contact_id, kind=kind.name)
    if kind.can_be_ended and ended.exists():
        return State.SUPPRESSED
    try:
        return None if kind.still_true(message) else State.SUPERSEDED
    except Exception as error:
        raise KindBroken(type(error).__name__) from error


def _hand_over(message: Message, line: Line, clock: Clock) -> Answer:
    kind: Kind = kind_named(message.kind)
    try:
        address = address_for_delivery(message.contact_id)
        if address is None or address.kind != ContactKind.EMAIL:
            return Answer(Fate.REFUSED, "no-address")
        letter = compose(message, kind, address, now=clock.now())
    except Exception:
        # A template, a kind's own code, a missing key: nothing has left, and a repaired portal can
        # try again.
        logger.exception("cannot write", extra={"event": f"outbox.write.{message.kind}"})
        return Answer(Fate.LATER, "words")
    return line.send(letter)


def _record(result: Result) -> None:
    message, answer = result.message, result.answer
    fate = answer.fate
    if fate is Fate.UNSURE and _is_at_most_once(message):
        _finish(message, State.UNKNOWN, result.at, answer.code)
    elif fate is Fate.SENT:
        _finish(message, State.SENT, result.at, answer.code)
    elif fate is Fate.REFUSED:
        _finish(message, State.FAILED, result.at, answer.code)
    else:
        _try_again(message, result.at, answer.code)


def _is_at_most_once(message: Message) -> bool:
    return kind_named(message.kind).delivery is Delivery.AT_MOST_ONCE


def _finish(message: Message, state: State, now: datetime, code: str) -> None:
    # A worker that was taken for dead may still say that the text was accepted.
    held = [State.SENDING, State.UNKNOWN] if state is State.SENT else [State.SENDING]
    Message.objects.filter(pk=message.pk, claim=message.claim, state__in=held).update(
        state=state,
        finished_at=floor_to_hour(now) if message.is_coarse else now,
        last_code=code,
        try_at=None,
        **FREE,
    )


def _try_again(message: Message, now: datetime, code: str) -> None:
    moment = next_try(
        code=code,
        attempts=message.attempts,
        now=now,
        chance=random.random(),  # noqa: S311 it spreads load, it guards nothing
        is_coarse=message.is_coarse,
    )
    if moment is None:
        _finish(message, State.FAILED, now, code)
        return
    Message.objects.filter(pk=message.pk, claim=message.claim, state=State.SENDING).update(
        state=State.PLANNED, try_at=moment, last_code=code, **FREE
    )


def _put_off(message: Message, now: datetime) -> None:
    with transaction.atomic(durable=True):
        if _take(message, now):
            _try_again(message, now, "check")


def _note_sweep(now: datetime) -> None:
    if not Sweep.objects.filter(pk=1).update(last_at=now):
        Sweep.objects.bulk_create([Sweep(pk=1, last_at=now)], ignore_conflicts=True)
