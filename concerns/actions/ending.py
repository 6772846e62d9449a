"""Staff say what came of a concern."""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    locked_as_seen,
    log,
    move,
    needed_words,
    save,
)
from concerns.actions.replying import Spoken, write
from concerns.models import Concern
from concerns.workflow import STAFF_OUTCOMES, State
from concerns.wrong_doors import demand_number
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour


class CannotResolve(CannotMove):
    """Only work under way is resolved, with one of the outcomes that staff may write."""


class CannotClose(CannotMove):
    """It is closed, or that outcome is not for staff to write."""


@transaction.atomic(durable=True)
def resolve(
    *,
    concern_id: int,
    seen_version: int,
    outcome: str,
    words: str,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> Concern:
    """Say what came of it, to the reporter and in the state; they have 14 days to disagree.

    Raises StaleEdit, CannotResolve, NeedsNumber, BadWords, UnsaidLanguage.
    """
    told = needed_words(words)
    concern = locked_as_seen(concern_id, seen_version)
    if outcome not in STAFF_OUTCOMES:
        raise CannotResolve(concern)
    demand_number(concern)
    at = floor_to_hour(now)
    change = move(concern, State.RESOLVED, by=by, at=at, outcome=outcome, refusal=CannotResolve)
    write(concern, told, by=by, at=at, spoken=spoken)
    save(concern, *STATE_FIELDS)
    log("CONCERN_RESOLVED", concern, by=by, at=at, payload={"outcome": str(outcome)})
    notices.resolved(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def close(
    *,
    concern_id: int,
    seen_version: int,
    outcome: str,
    words: str,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> Concern:
    """End it at once, with words to the reporter.

    Raises StaleEdit, CannotClose, NeedsNumber, BadWords, UnsaidLanguage.
    """
    told = needed_words(words)
    concern = locked_as_seen(concern_id, seen_version)
    if outcome not in STAFF_OUTCOMES:
        raise CannotClose(concern)
    demand_number(concern)
    at = floor_to_hour(now)
    change = move(concern, State.CLOSED, by=by, at=at, outcome=outcome, refusal=CannotClose)
    write(concern, told, by=by, at=at, spoken=spoken)
    save(concern, *STATE_FIELDS)
    log("CONCERN_CLOSED", concern, by=by, at=at, payload={"outcome": str(outcome)})
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern
