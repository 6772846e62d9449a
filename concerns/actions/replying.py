"""Staff write: to the reporter, or for their colleagues."""

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
from concerns.families import whole_of
from concerns.models import Concern, Note, Reply
from concerns.models.casework import Direction
from concerns.workflow import State, WaitingOn
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour


class CannotReply(CannotMove):
    """Nobody can read a reply: the concern was taken over from another system."""


class CannotAsk(CannotMove):
    """A question can be asked while the concern is accepted or worked on."""


@transaction.atomic(durable=True)
def reply(*, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime) -> Reply:
    """Write to the reporter. Raises StaleEdit, CannotReply, BadWords."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    written = write(concern, words, by=by, at=at)
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
    written = write(concern, words, by=by, at=at, is_question=True)
    save(concern, *STATE_FIELDS)
    log("CONCERN_ASKED", concern, by=by, at=at)
    notices.question(concern, event=f"reply:{written.pk}", now=now)
    return written


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


def _demand_reader(concern: Concern) -> None:
    # Of a part, whoever sent the whole report reads it.
    if not hasattr(concern, "reporter") and whole_of(concern) is None:
        raise CannotReply(concern)


def write(
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
