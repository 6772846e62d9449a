"""What the reporter says and decides later, whichever way they came back.

The actor is always "the reporter", whoever that is.
"""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions import merging, public_side, spam, splitting
from concerns.actions.boundaries import look_again
from concerns.actions.casework import (
    STATE_FIELDS,
    BadWords,
    CannotMove,
    locked,
    locked_together,
    log,
    move,
    needed_words,
    save,
)
from concerns.families import joined_ids
from concerns.models import Concern, Reply
from concerns.models.casework import Direction
from concerns.workflow import (
    OPEN_STATES,
    Outcome,
    State,
    WaitingOn,
    reporter_may_reopen,
)
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

__all__ = [
    "BadWords",
    "CannotAnswer",
    "CannotConfirm",
    "CannotReopen",
    "CannotWithdraw",
    "answer",
    "confirm_fixed",
    "reopen",
    "withdraw",
]


# Closed, and still read by somebody who answers.
STILL_READ = frozenset({Outcome.SPAM, Outcome.MERGED})


class CannotAnswer(CannotMove):
    """The concern is closed."""


class CannotReopen(CannotMove):
    """It is not resolved, the 14 days are over, or it was opened again before: staff decide."""


class CannotWithdraw(CannotMove):
    """It is resolved or closed already."""


class CannotConfirm(CannotMove):
    """Nobody said yet that it is resolved, or it is closed."""


@transaction.atomic(durable=True)
def answer(*, concern_id: int, text: str, by: Actor, now: datetime) -> Reply:
    """Add the reporter's words; a question that waited for them is answered, and the clock runs.
    What was closed as spam is back in the queue.

    Raises CannotAnswer, BadWords.
    """
    words = needed_words(text)
    concern, survivor = merging.locked_with_survivor(concern_id)
    last = concern.replies.order_by("-id").first()
    if last is not None and (last.direction, last.text) == (Direction.FROM_REPORTER, words):
        # The page is the answer to a POST, so a reload sends the words again.
        return last
    if concern.state == State.CLOSED and concern.outcome not in STILL_READ:
        raise CannotAnswer(concern)
    at = floor_to_hour(now)
    written = _write(concern, words, by=by, at=at)
    if concern.outcome == Outcome.SPAM:
        spam.dispute(concern, by=by, at=at)
    elif concern.state == State.WAITING and concern.waiting_on == WaitingOn.REPORTER:
        move(concern, State.WORKING, by=by, at=at, refusal=CannotAnswer)
    if survivor is not None:
        merging.wait_for_answer(concern, survivor, at=at)
    splitting.answered(concern, by=by, at=at)
    save(concern, *STATE_FIELDS)
    log("CONCERN_ANSWERED", concern, by=by, at=at)
    notices.reporter_wrote(concern, event=f"reply:{written.pk}", now=now)
    return written


@transaction.atomic(durable=True)
def reopen(*, concern_id: int, text: str, by: Actor, now: datetime) -> Concern:
    """Say that a resolved concern is not resolved; possible once, within 14 days.

    Raises CannotReopen, BadWords.
    """
    words = needed_words(text)
    concern = locked(concern_id)
    if not reporter_may_reopen(
        state=concern.state,
        resolved_at=concern.resolved_at,
        reopened_count=concern.reopened_count,
        now=now,
    ):
        raise CannotReopen(concern)
    at = floor_to_hour(now)
    change = move(concern, State.WORKING, by=by, at=at, refusal=CannotReopen)
    concern.reopened_count += 1
    _write(concern, words, by=by, at=at)
    save(concern, *STATE_FIELDS, "reopened_count")
    log("CONCERN_REOPENED", concern, by=by, at=at)
    look_again(concern, now=now)
    notices.reporter_wrote(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def withdraw(*, concern_id: int, by: Actor, now: datetime) -> Concern:
    """Take the report back; what was public about it goes, and so do its parts. What others sent
    and staff joined with it stands for itself again. Raises CannotWithdraw."""
    rows = locked_together([concern_id, *joined_ids([concern_id])])
    concern = rows[concern_id]
    if concern.state not in OPEN_STATES:
        raise CannotWithdraw(concern)
    at = floor_to_hour(now)
    merging.let_all_out(concern, rows, by=by, at=at)
    splitting.withdraw_parts(concern, by=by, at=at)
    public_side.delete_public_side(concern, by=by, at=at)
    change = move(
        concern, State.CLOSED, by=by, at=at, outcome=Outcome.WITHDRAWN, refusal=CannotWithdraw
    )
    save(concern, *STATE_FIELDS, "public")
    log("CONCERN_WITHDRAWN", concern, by=by, at=at)
    notices.reporter_wrote(concern, event=f"status:{change.pk}", now=now)
    return concern


@transaction.atomic(durable=True)
def confirm_fixed(*, concern_id: int, by: Actor, now: datetime) -> Concern:
    """Close a resolved concern at the reporter's word; its outcome stays. Raises CannotConfirm."""
    concern = locked(concern_id)
    if concern.state != State.RESOLVED:
        raise CannotConfirm(concern)
    at = floor_to_hour(now)
    change = move(
        concern, State.CLOSED, by=by, at=at, outcome=concern.outcome, refusal=CannotConfirm
    )
    save(concern, *STATE_FIELDS)
    log("CONCERN_CONFIRMED_FIXED", concern, by=by, at=at)
    notices.reporter_wrote(concern, event=f"status:{change.pk}", now=now)
    return concern


def _write(concern: Concern, words: str, *, by: Actor, at: datetime) -> Reply:
    if not by.is_reporter:
        raise ValueError("these words are the reporter's")
    concern.unanswered_since = concern.unanswered_since or concern.agency.day_of(at)
    return Reply.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        direction=Direction.FROM_REPORTER,
        text=words,
        at=at,
    )
