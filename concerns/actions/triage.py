"""What staff do with a concern. Each verb refuses a version that is no longer the one seen."""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions import publishing
from concerns.actions.boundaries import look_again
from concerns.actions.casework import (
    STATE_FIELDS,
    BadWords,
    CannotMove,
    StaleEdit,
    locked_as_seen,
    log,
    move,
    needed_words,
    save,
)
from concerns.deadlines import deadlines_from
from concerns.models import Category, Concern, Note, Reply
from concerns.models.casework import Direction
from concerns.models.concern import Priority
from concerns.querysets import READ
from concerns.workflow import STAFF_OUTCOMES, Outcome, State, WaitingOn
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.places.queries import holidays_of

__all__ = [
    "BadWords",
    "CannotAccept",
    "CannotAsk",
    "CannotAssign",
    "CannotChangePriority",
    "CannotClose",
    "CannotCorrectCategory",
    "CannotReopen",
    "CannotReply",
    "CannotResolve",
    "CannotStart",
    "StaleEdit",
    "accept",
    "add_note",
    "ask",
    "assign",
    "change_priority",
    "close",
    "correct_category",
    "may_be_reopened",
    "reopen",
    "reply",
    "resolve",
    "start",
]


class CannotAccept(CannotMove):
    """It was accepted or closed before."""


class CannotStart(CannotMove):
    """Work starts on an accepted concern, or goes on with a waiting one."""


class CannotAssign(CannotMove):
    """That person may not read concerns of this agency, or their account is locked."""


class CannotReply(CannotMove):
    """Nobody can read a reply: the concern was taken over from another system."""


class CannotAsk(CannotMove):
    """A question can be asked while the concern is accepted or worked on."""


class CannotResolve(CannotMove):
    """Only work under way is resolved, with one of the outcomes that staff may write."""


class CannotClose(CannotMove):
    """It is closed, or that outcome is not for staff to write."""


class CannotReopen(CannotMove):
    """It is open, or its reporter took it back."""


class CannotChangePriority(CannotMove):
    """There is no such priority."""


class CannotCorrectCategory(CannotMove):
    """That category is of another agency, not in use, or not taken here."""


@transaction.atomic(durable=True)
def accept(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Take the concern on; whoever accepts one that nobody owns, owns it.

    A category that appears in public without anybody's words is published now.
    Raises StaleEdit, CannotAccept.
    """
    concern = locked_as_seen(concern_id, seen_version)
    at = floor_to_hour(now)
    change = move(concern, State.ACCEPTED, by=by, at=at, refusal=CannotAccept)
    if concern.owner_id is None:
        concern.owner_id = by.user_id
    publishing.publish_if_it_needs_no_text(concern, by=by, at=at)
    save(concern, *STATE_FIELDS, "owner", "public")
    log("CONCERN_ACCEPTED", concern, by=by, at=at)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def start(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Say that work has begun, or goes on after waiting. Raises StaleEdit, CannotStart."""
    concern = locked_as_seen(concern_id, seen_version)
    if concern.state not in (State.ACCEPTED, State.WAITING):
        raise CannotStart(concern)
    at = floor_to_hour(now)
    change = move(concern, State.WORKING, by=by, at=at, refusal=CannotStart)
    save(concern, *STATE_FIELDS)
    log("CONCERN_STARTED", concern, by=by, at=at)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def assign(
    *, concern_id: int, seen_version: int, officer_id: int | None, by: Actor, now: datetime
) -> Concern:
    """Give the concern to an officer who may read it, or to nobody (None: back to the queue).

    Raises StaleEdit, CannotAssign.
    """
    concern = locked_as_seen(concern_id, seen_version)
    if officer_id is not None and not _can_own(officer_id, concern, now):
        raise CannotAssign(concern)
    at = floor_to_hour(now)
    before, concern.owner_id = concern.owner_id, officer_id
    save(concern, "owner")
    log("CONCERN_ASSIGNED", concern, by=by, at=at, payload={"from": before, "to": officer_id})
    if officer_id not in (None, before, by.user_id):
        notices.new_for_owner(concern, now=now)
    return concern


@transaction.atomic(durable=True)
def reply(*, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime) -> Reply:
    """Write to the reporter. Raises StaleEdit, CannotReply, BadWords."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    written = _write(concern, words, by=by, at=at)
    save(concern)
    log("CONCERN_REPLIED", concern, by=by, at=at)
    notices.news(concern, event=f"reply:{written.pk}", now=now)
    return written


@transaction.atomic(durable=True)
def ask(*, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime) -> Reply:
    """Ask the reporter something; the clock stops until they answer.

    Raises StaleEdit, CannotAsk, CannotReply, BadWords.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    move(
        concern,
        State.WAITING,
        by=by,
        at=at,
        waiting_on=WaitingOn.REPORTER,
        refusal=CannotAsk,
    )
    written = _write(concern, words, by=by, at=at, is_question=True)
    save(concern, *STATE_FIELDS)
    log("CONCERN_ASKED", concern, by=by, at=at)
    notices.question(concern, event=f"reply:{written.pk}", now=now)
    return written


@transaction.atomic(durable=True)
def resolve(
    *, concern_id: int, seen_version: int, outcome: str, words: str, by: Actor, now: datetime
) -> Concern:
    """Say what came of it, to the reporter and in the state; they have 14 days to disagree.

    Raises StaleEdit, CannotResolve, BadWords.
    """
    told = needed_words(words)
    concern = locked_as_seen(concern_id, seen_version)
    if outcome not in STAFF_OUTCOMES:
        raise CannotResolve(concern)
    at = floor_to_hour(now)
    change = move(concern, State.RESOLVED, by=by, at=at, outcome=outcome, refusal=CannotResolve)
    _write(concern, told, by=by, at=at)
    save(concern, *STATE_FIELDS)
    log("CONCERN_RESOLVED", concern, by=by, at=at, payload={"outcome": str(outcome)})
    notices.resolved(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def close(
    *, concern_id: int, seen_version: int, outcome: str, words: str, by: Actor, now: datetime
) -> Concern:
    """End it at once, with words to the reporter. Raises StaleEdit, CannotClose, BadWords."""
    told = needed_words(words)
    concern = locked_as_seen(concern_id, seen_version)
    if outcome not in STAFF_OUTCOMES:
        raise CannotClose(concern)
    at = floor_to_hour(now)
    change = move(concern, State.CLOSED, by=by, at=at, outcome=outcome, refusal=CannotClose)
    _write(concern, told, by=by, at=at)
    save(concern, *STATE_FIELDS)
    log("CONCERN_CLOSED", concern, by=by, at=at, payload={"outcome": str(outcome)})
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def reopen(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Work on a done concern again, as staff decide. Raises StaleEdit, CannotReopen."""
    concern = locked_as_seen(concern_id, seen_version)
    if not may_be_reopened(concern):
        raise CannotReopen(concern)
    at = floor_to_hour(now)
    change = move(concern, State.WORKING, by=by, at=at, refusal=CannotReopen)
    concern.reopened_count += 1
    save(concern, *STATE_FIELDS, "reopened_count")
    log("CONCERN_REOPENED", concern, by=by, at=at)
    look_again(concern, now=now)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def add_note(*, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime) -> Note:
    """Write for colleagues only. Raises StaleEdit, BadWords."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    if by.user_id is None:
        raise ValueError("only staff write notes")
    at = floor_to_hour(now)
    note = Note.objects.create(
        agency_id=concern.agency_id, concern=concern, text=words, at=at, by_user_id=by.user_id
    )
    save(concern)
    log("CONCERN_NOTED", concern, by=by, at=at)
    return note


@transaction.atomic(durable=True)
def change_priority(
    *, concern_id: int, seen_version: int, priority: str, by: Actor, now: datetime
) -> Concern:
    """Raises StaleEdit, CannotChangePriority."""
    concern = locked_as_seen(concern_id, seen_version)
    if priority not in Priority.values:
        raise CannotChangePriority(concern)
    at = floor_to_hour(now)
    before, concern.priority = concern.priority, priority
    save(concern, "priority")
    payload: dict[str, str | int | bool | None] = {"from": before, "to": priority}
    log("CONCERN_PRIORITY_CHANGED", concern, by=by, at=at, payload=payload)
    return concern


@transaction.atomic(durable=True)
def correct_category(
    *, concern_id: int, seen_version: int, category_id: int, by: Actor, now: datetime
) -> Concern:
    """File it under the right kind: its deadlines count anew from the day it was received, and
    what is public becomes as coarse as the new kind demands, or goes.

    Raises StaleEdit, CannotCorrectCategory.
    """
    concern = locked_as_seen(concern_id, seen_version)
    category = Category.objects.filter(
        pk=category_id, agency_id=concern.agency_id, is_active=True
    ).first()
    if category is None or not category.is_taken or not concern.is_open:
        raise CannotCorrectCategory(concern)
    at = floor_to_hour(now)
    before, concern.category = concern.category, category
    _count_deadlines_anew(concern)
    publishing.fit_to_category(concern, before=before, by=by, at=at)
    save(concern, "category", "acknowledge_by", "resolve_by", "public")
    payload: dict[str, str | int | bool | None] = {"from": before.code, "to": category.code}
    log("CONCERN_CATEGORY_CORRECTED", concern, by=by, at=at, payload=payload)
    return concern


def may_be_reopened(concern: Concern) -> bool:
    """Say whether staff may work on it again: not on what its reporter took back."""
    return not concern.is_open and concern.outcome != Outcome.WITHDRAWN


def _can_own(officer_id: int, concern: Concern, now: datetime) -> bool:
    # Asked of the grants: rights also ask for a second factor, which only a session has.
    readers = staff_holding(roles=permission(READ).roles, agency=concern.agency, now=now)
    return readers.filter(pk=officer_id).exists()


def _demand_reader(concern: Concern) -> None:
    if not hasattr(concern, "reporter"):
        raise CannotReply(concern)


def _write(
    concern: Concern, words: str, *, by: Actor, at: datetime, is_question: bool = False
) -> Reply:
    concern.unanswered_since = None
    return Reply.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        direction=Direction.TO_REPORTER,
        is_question=is_question,
        text=words,
        at=at,
        by_user_id=by.user_id,
    )


def _count_deadlines_anew(concern: Concern) -> None:
    target = concern.category.target_days
    due = deadlines_from(
        day=concern.received_on,
        ack_days=concern.category.ack_days,
        target_days=None if target is None else target + concern.waited_days,
        holidays=holidays_of(concern.agency, since=concern.received_on),
    )
    concern.acknowledge_by, concern.resolve_by = due.acknowledge_by, due.resolve_by
