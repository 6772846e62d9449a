"""Staff take a concern on, work on it, let it wait, and open it again."""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions import public_side
from concerns.actions.boundaries import look_again
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    locked_as_seen,
    log,
    move,
    save,
    tell_followers,
)
from concerns.models import Concern
from concerns.workflow import Outcome, State, WaitingOn
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour


class CannotAccept(CannotMove):
    """It was accepted or closed before."""


class CannotStart(CannotMove):
    """Work starts on an accepted concern, or goes on with a waiting one."""


class CannotWait(CannotMove):
    """Only what was accepted or is worked on can wait for somebody, and not without a reason."""


class CannotReopen(CannotMove):
    """It is open, or its reporter took it back."""


@transaction.atomic(durable=True)
def accept(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Take the concern on; whoever accepts one that nobody owns, owns it.

    A category that appears in public without anybody's words is published now.
    Raises StaleEdit, CannotAccept.
    """
    concern = locked_as_seen(concern_id, seen_version)
    at = floor_to_hour(now)
    writes, notes, was_public = Together(), Together(), concern.public is not None
    change = move(concern, State.ACCEPTED, by=by, at=at, refusal=CannotAccept, writes=writes)
    if concern.owner_id is None:
        concern.owner_id = by.user_id
    log("CONCERN_ACCEPTED", concern, by=by, at=at, writes=writes)
    public_side.publish_if_it_needs_no_text(concern, by=by, at=at, writes=writes)
    save(concern, *STATE_FIELDS, "owner", "public", writes=writes)
    writes.send()
    tell_followers(concern, change, was_public=was_public, now=at, notes=notes)
    notices.news(concern, event=f"status:{change.pk}", now=now, notes=notes)
    notes.send()
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
def wait(*, concern_id: int, seen_version: int, why: str, by: Actor, now: datetime) -> Concern:
    """Wait for someone outside the police; the clock stands still. `why` says for staff what is
    awaited from whom. Raises StaleEdit, CannotWait."""
    concern = locked_as_seen(concern_id, seen_version)
    if not why.strip():
        raise CannotWait(concern)
    at = floor_to_hour(now)
    change = move(
        concern, State.WAITING, by=by, at=at, waiting_on=WaitingOn.PARTNER, refusal=CannotWait
    )
    save(concern, *STATE_FIELDS)
    log("CONCERN_WAITS", concern, by=by, at=at, why=why)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def reopen(
    *, concern_id: int, seen_version: int, by: Actor, now: datetime, why: str = ""
) -> Concern:
    """Work on a done concern again, as staff decide. Raises StaleEdit, CannotReopen."""
    concern = locked_as_seen(concern_id, seen_version)
    if not may_be_reopened(concern):
        raise CannotReopen(concern)
    at = floor_to_hour(now)
    change = move(concern, State.WORKING, by=by, at=at, refusal=CannotReopen)
    concern.reopened_count += 1
    save(concern, *STATE_FIELDS, "reopened_count")
    log("CONCERN_REOPENED", concern, by=by, at=at, why=why)
    look_again(concern, now=now)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


def may_be_reopened(concern: Concern) -> bool:
    """Say whether staff may work on it again: not on what its reporter took back, and what was
    joined with another report is taken out of that instead."""
    return not concern.is_open and concern.outcome not in (Outcome.WITHDRAWN, Outcome.MERGED)
