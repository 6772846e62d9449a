"""Check each claimed message once more, hand it over, write down what became of it."""

import logging
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions.claims import (
    Outcome,
    Taken,
    claim_due,
    give_back,
    note_sweep,
    postpone,
    record,
    recover,
    take,
)
from engagement.outbox.actions.contexts import Contexts
from engagement.outbox.actions.texts import UNCONFIRMED
from engagement.outbox.channels.email import Answer, Fate, Line
from engagement.outbox.channels.sms import TextLine, can_send_texts
from engagement.outbox.letters import BadAddress, Drafts, compose
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, UnknownKind, kind_named
from engagement.outbox.retries import next_try
from engagement.outbox.states import State
from engagement.outbox.texts import BadNumber, compose_text
from engagement.people.identity import address_of
from engagement.people.models import ContactKind

logger = logging.getLogger(__name__)

AnyLine = Line | TextLine
# Also where nobody knows whether the text arrived: one too few harms less than one too many.
HAS_LEFT = (State.SENT, State.UNKNOWN)


@dataclass(frozen=True)
class Clock:
    """The moment it was when work began, plus the time that has passed since."""

    began_at: datetime
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.began_at + timedelta(seconds=time.monotonic() - self.began)


@dataclass(frozen=True)
class Desk:
    """What the letters of one batch are written and sent with."""

    line: AnyLine
    clock: Clock
    contexts: Contexts
    drafts: Drafts


def sweep(*, now: datetime, lasting: timedelta = timedelta(seconds=45)) -> int:
    """Deliver what is due until nothing is left, the time is up or no server answers.

    Any number of sweeps may run at once. Returns how many messages left.
    """
    clock = Clock(now)
    note_sweep(now)
    recover(now=now)
    # Texts are few, so they go first: neither a long queue of mails nor a mail server that is away
    # holds them up.
    sent = _empty(TextLine(), clock, now + lasting) if can_send_texts() else 0
    return sent + _empty(Line(), clock, now + lasting)


def _empty(line: AnyLine, clock: Clock, until: datetime) -> int:
    sent = 0
    with line:
        while clock.now() < until and (claimed := claim_due(now=clock.now(), channel=line.channel)):
            count, goes_on = deliver(claimed, line=line, clock=clock)
            sent += count
            if not goes_on:
                break
    return sent


def deliver(claimed: list[Message], *, line: AnyLine, clock: Clock) -> tuple[int, bool]:
    """Send the claimed messages one by one; returns how many left, and whether to go on."""
    last: Outcome | None = None
    sent, goes_on = 0, True
    desk = Desk(line, clock, Contexts(claimed), Drafts())
    for message in claimed:
        if until := line.held_until(message, clock.now()):
            postpone(message, until=until)
            continue
        taken = take(message, now=clock.now(), last=last, may_repeat=_may_repeat(message))
        last = None
        if taken is None:
            continue
        last, goes_on = _send(message, taken, desk)
        sent += last.state is State.SENT
        if not goes_on:
            break
    if last:
        record(last)
    if not goes_on:
        # Not these messages' fault: they go back as they were.
        give_back(claimed)
    return sent, goes_on


def _may_repeat(message: Message) -> bool:
    try:
        return kind_named(message.kind).delivery is Delivery.AT_LEAST_ONCE
    except UnknownKind:
        return False


def _send(message: Message, taken: Taken, desk: Desk) -> tuple[Outcome, bool]:
    """Check, write and hand over one message; False when no mail server answers."""
    now = desk.clock.now()
    try:
        kind = kind_named(message.kind)
        end = _reason_to_stop(message, kind, taken, now)
    except Exception:
        # A kind that is unknown here, or whose own code fails: its message waits, others go on.
        logger.exception("cannot check", extra={"event": f"outbox.check.{message.kind}"})
        return _again(message, taken, "check", now), True
    if end:
        return _finished(message, end, "", now), True
    if _waits_for_yes(message, taken):
        return _finished(message, State.SUPPRESSED, UNCONFIRMED, now), True
    # Nothing is written, and no link made, for a server that is away.
    answer = desk.line.open() or _hand_over(message, kind, taken, desk)
    outcome = _outcome(message, kind, taken, answer, desk.clock.now())
    return outcome, answer.fate is not Fate.CLOSED


def _reason_to_stop(message: Message, kind: Kind, taken: Taken, now: datetime) -> State | None:
    if message.useful_until is not None and now > message.useful_until:
        return State.EXPIRED
    if taken.is_ended and (kind.can_be_ended or taken.contact.kind == ContactKind.TEXT):
        # STOP ends every text to a number, also those that answer what somebody asked.
        return State.SUPPRESSED
    return None if kind.still_true(message) else State.SUPERSEDED


def _waits_for_yes(message: Message, taken: Taken) -> bool:
    """Whether a number was asked once, by its first text, and has not said yes so far."""
    if taken.contact.kind != ContactKind.TEXT or taken.contact.is_confirmed:
        return False
    return Message.objects.filter(contact=taken.contact.pk, state__in=HAS_LEFT).exists()


def _hand_over(message: Message, kind: Kind, taken: Taken, desk: Desk) -> Answer:
    try:
        address = address_of(taken.contact)
        if address is None or address.kind != desk.line.kind:
            return Answer(Fate.REFUSED, "no-address")
        if isinstance(desk.line, TextLine):
            asks = not taken.contact.is_confirmed
            return desk.line.send(compose_text(message, kind, address, asks=asks))
        context = desk.contexts.of(message, kind)
        letter = compose(
            message, kind, address, now=desk.clock.now(), context=context, drafts=desk.drafts
        )
    except (BadAddress, BadNumber):
        return Answer(Fate.REFUSED, "address")
    except Exception:
        # A template, a kind's own code, a missing key: nothing has left, and a repaired portal can
        # try again.
        logger.exception("cannot write", extra={"event": f"outbox.write.{message.kind}"})
        return Answer(Fate.LATER, "words")
    return desk.line.send(letter)


def _outcome(message: Message, kind: Kind, taken: Taken, answer: Answer, now: datetime) -> Outcome:
    if answer.fate is Fate.SENT:
        return _finished(message, State.SENT, answer.code, now)
    if answer.fate is Fate.REFUSED:
        return _finished(message, State.FAILED, answer.code, now)
    if answer.fate is Fate.UNSURE and kind.delivery is Delivery.AT_MOST_ONCE:
        return _finished(message, State.UNKNOWN, answer.code, now)
    return _again(message, taken, answer.code, now)


def _finished(message: Message, state: State, code: str, now: datetime) -> Outcome:
    moment = floor_to_hour(now) if message.is_coarse else now
    return Outcome(message, state, code, finished_at=moment)


def _again(message: Message, taken: Taken, code: str, now: datetime) -> Outcome:
    moment = next_try(
        code=code,
        attempts=taken.attempts,
        now=now,
        chance=random.random(),  # noqa: S311 it spreads load, it guards nothing
        is_coarse=message.is_coarse,
    )
    if moment is None:
        return _finished(message, State.FAILED, code, now)
    return Outcome(message, State.PLANNED, code, try_at=moment)
