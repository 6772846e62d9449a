"""Staff say what came of a concern."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    tell_followers,
)
from concerns.actions.photos import Kept
from concerns.actions.replying import Spoken, write
from concerns.models import Concern, StatusChange
from concerns.workflow import STAFF_OUTCOMES, State
from concerns.wrong_doors import demand_number
from engagement.audit.actors import Actor
from engagement.audit.together import Together
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
    photos: Sequence[Kept] = (),
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
    end = _End(State.RESOLVED, "CONCERN_RESOLVED", outcome, CannotResolve)
    change = _end(concern, end, told, by=by, at=at, spoken=spoken, photos=photos)
    _tell(concern, change, notices.resolved, at=at, now=now)
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
    photos: Sequence[Kept] = (),
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
    end = _End(State.CLOSED, "CONCERN_CLOSED", outcome, CannotClose)
    change = _end(concern, end, told, by=by, at=at, spoken=spoken, photos=photos)
    _tell(concern, change, notices.news, at=at, now=now)
    return concern


@dataclass(frozen=True)
class _End:
    state: State
    event: str
    outcome: str
    refusal: type[CannotMove]


def _end(
    concern: Concern,
    end: _End,
    words: str,
    *,
    by: Actor,
    at: datetime,
    spoken: Spoken | None,
    photos: Sequence[Kept],
) -> StatusChange:
    """Store the end and the words about it in one statement."""
    writes = Together()
    how: dict[str, Any] = {"outcome": end.outcome, "refusal": end.refusal, "writes": writes}
    change = move(concern, end.state, by=by, at=at, **how)
    payload: dict[str, str | int | bool | None] = {"outcome": str(end.outcome)}
    log(end.event, concern, by=by, at=at, payload=payload, writes=writes)
    write(concern, words, by=by, at=at, spoken=spoken, photos=photos, writes=writes)
    save(concern, *STATE_FIELDS, writes=writes)
    writes.send()
    return change


def _tell(
    concern: Concern,
    change: StatusChange,
    notice: Callable[..., None],
    *,
    at: datetime,
    now: datetime,
) -> None:
    notes, was_public = Together(), concern.public is not None
    tell_followers(concern, change, was_public=was_public, now=at, notes=notes)
    notice(concern, event=f"status:{change.pk}", now=now, notes=notes)
    notes.send()
