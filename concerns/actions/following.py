"""What the reporter does later, by code and secret, by a mailed link, or signed in.

The actor is always "the reporter", whoever that is.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from concerns import notices
from concerns.actions import publishing
from concerns.actions.boundaries import look_again
from concerns.actions.casework import (
    STATE_FIELDS,
    BadWords,
    CannotMove,
    locked,
    log,
    move,
    needed_words,
    save,
)
from concerns.links import token_digests
from concerns.models import AccessLink, Concern, Reply
from concerns.models.casework import Direction
from concerns.workflow import (
    OPEN_STATES,
    Outcome,
    State,
    WaitingOn,
    reporter_may_reopen,
)
from engagement.audit.actors import Actor
from engagement.keys.hashes import secret_digests
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import BadReference, normalise

__all__ = [
    "BadWords",
    "CannotAnswer",
    "CannotConfirm",
    "CannotReopen",
    "CannotWithdraw",
    "LinkState",
    "answer",
    "ask_for_fresh_link",
    "confirm_fixed",
    "link_state",
    "open_by_code",
    "open_by_link",
    "reopen",
    "withdraw",
]

NO_AGENCY = 0
UNTYPED = "0" * 20
NO_DIGEST = bytes(32)


class CannotAnswer(CannotMove):
    """The concern is closed."""


class CannotReopen(CannotMove):
    """It is not resolved, the 14 days are over, or it was opened again before: staff decide."""


class CannotWithdraw(CannotMove):
    """It is resolved or closed already."""


class CannotConfirm(CannotMove):
    """Nobody said yet that it is resolved, or it is closed."""


class LinkState(StrEnum):
    GOOD = "good"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class _Opened:
    """Stands for the row that is not there, so that an unknown code costs what a known one does."""

    agency_id: int
    secret_digest: bytes


def open_by_code(*, code: str, secret: str) -> Concern | None:
    """Return the concern of this tracking code if the secret fits, else None.

    One query and the same hashes whether the code is unknown, badly typed, or known with
    another secret. Nothing about the attempt is stored.
    """
    found = Concern.objects.select_related("agency", "category", "public").filter(
        tracking_code=_typed_code(code)
    )
    concern = found.first()
    shadow = _Opened(
        agency_id=concern.agency_id if concern else NO_AGENCY,
        secret_digest=bytes(concern.secret_digest or NO_DIGEST) if concern else NO_DIGEST,
    )
    fits = _fits(secret, shadow)
    return concern if fits else None


def link_state(*, token: str, now: datetime) -> LinkState:
    """Tell what a mailed link is still good for, without using it: mail programs look too."""
    link = AccessLink.objects.filter(token_digest__in=token_digests(token)).first()
    if link is None:
        return LinkState.UNKNOWN
    return LinkState.GOOD if link.used_at is None and now < link.expires_at else LinkState.OVER


@transaction.atomic(durable=True)
def open_by_link(*, token: str, now: datetime) -> Concern | None:
    """Spend a mailed link and return its concern; None when it is unknown, over or used.

    One conditional update decides, so of two presses at once only one gets in.
    """
    good = AccessLink.objects.filter(
        token_digest__in=token_digests(token), used_at__isnull=True, expires_at__gt=now
    )
    concern_id = good.values_list("concern_id", flat=True).first()
    if concern_id is None or not good.update(used_at=now):
        return None
    concern = Concern.objects.select_related("agency", "category", "public").get(pk=concern_id)
    by = Actor.reporter()
    log("CONCERN_LINK_OPENED", concern, by=by, at=floor_to_hour(now))
    return concern


@transaction.atomic(durable=True)
def ask_for_fresh_link(*, token: str, now: datetime) -> None:
    """Mail a new link to the address behind a link that is over; once per old link.

    Answers nothing, so that nobody learns from it whether a token ever was one.
    """
    over = Q(used_at__isnull=False) | Q(expires_at__lte=now)
    link = (
        AccessLink.objects.select_related("concern__agency")
        .filter(over, token_digest__in=token_digests(token))
        .first()
    )
    if link is not None:
        notices.fresh_link(link.concern, event=f"link:{link.pk}", now=now)


@transaction.atomic(durable=True)
def answer(*, concern_id: int, text: str, by: Actor, now: datetime) -> Reply:
    """Add the reporter's words; a question that waited for them is answered, and the clock runs.

    Raises CannotAnswer, BadWords.
    """
    words = needed_words(text)
    concern = locked(concern_id)
    last = concern.replies.order_by("-id").first()
    if last is not None and (last.direction, last.text) == (Direction.FROM_REPORTER, words):
        # The page is the answer to a POST, so a reload sends the words again.
        return last
    if concern.state == State.CLOSED:
        raise CannotAnswer(concern)
    at = floor_to_hour(now)
    written = _write(concern, words, by=by, at=at)
    if concern.state == State.WAITING and concern.waiting_on == WaitingOn.REPORTER:
        move(concern, State.WORKING, by=by, at=at, refusal=CannotAnswer)
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
    """Take the report back; what was public about it goes. Raises CannotWithdraw."""
    concern = locked(concern_id)
    if concern.state not in OPEN_STATES:
        raise CannotWithdraw(concern)
    at = floor_to_hour(now)
    publishing.delete_public_side(concern, by=by, at=at)
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


def _typed_code(code: str) -> str:
    try:
        return normalise(code)
    except BadReference:
        # No reference looks like this, so the query runs and finds nothing.
        return "?"


def _fits(secret: str, stored: _Opened) -> bool:
    typed, is_typed_well = secret, True
    try:
        digests = secret_digests(typed, agency_id=stored.agency_id)
    except BadReference:
        digests, is_typed_well = secret_digests(UNTYPED, agency_id=stored.agency_id), False
    # Every digest is compared, found or not.
    matches = [hmac.compare_digest(digest, stored.secret_digest) for digest in digests]
    return is_typed_well and any(matches)


def _write(concern: Concern, words: str, *, by: Actor, at: datetime) -> Reply:
    if not by.is_reporter:
        raise ValueError("these words are the reporter's")
    return Reply.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        direction=Direction.FROM_REPORTER,
        text=words,
        at=at,
    )
