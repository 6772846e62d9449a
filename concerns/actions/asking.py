"""What passes between reporter and staff beside the conversation: why it is late, and words that
should go."""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions.casework import (
    BadWords,
    CannotMove,
    locked,
    locked_as_seen,
    log,
    needed_words,
    save,
)
from concerns.models import Concern, DelayReason, RemovalRequest
from concerns.words import TEXT_LIMIT
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour


class CannotExplain(CannotMove):
    """It is done, so nothing is late any more."""


class CannotAnswerRemoval(CannotMove):
    """Nobody asked, or somebody has answered."""


@transaction.atomic(durable=True)
def explain_delay(
    *, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime
) -> DelayReason:
    """Tell the reporter why it takes longer. Raises StaleEdit, CannotExplain, BadWords."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    if not concern.is_open or by.user_id is None:
        raise CannotExplain(concern)
    at = floor_to_hour(now)
    reason = DelayReason.objects.create(
        agency_id=concern.agency_id, concern=concern, text=words, at=at, by_user_id=by.user_id
    )
    save(concern)
    log("CONCERN_DELAY_EXPLAINED", concern, by=by, at=at)
    notices.news(concern, event=f"delay:{reason.pk}", now=now)
    return reason


@transaction.atomic(durable=True)
def ask_removal(*, concern_id: int, text: str, by: Actor, now: datetime) -> RemovalRequest:
    """Ask staff to remove words; nothing is removed by asking. Further words join an open
    request. Raises BadWords."""
    words = needed_words(text)
    concern = locked(concern_id)
    found = RemovalRequest.objects.filter(concern=concern, answered_at__isnull=True).first()
    if found is not None and words in found.asked:
        return found
    request = _request(concern, found, words, at=floor_to_hour(now))
    save(concern)
    log("CONCERN_REMOVAL_ASKED", concern, by=by, at=request.at)
    notices.reporter_wrote(concern, event=f"removal:{request.pk}:{concern.version}", now=now)
    return request


@transaction.atomic(durable=True)
def answer_removal(
    *, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime
) -> RemovalRequest:
    """Say what was decided about the words. Raises StaleEdit, CannotAnswerRemoval, BadWords."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    found = RemovalRequest.objects.filter(concern=concern, answered_at__isnull=True).first()
    if found is None or by.user_id is None:
        raise CannotAnswerRemoval(concern)
    found.answer, found.answered_at = words, floor_to_hour(now)
    found.answered_by_id = by.user_id
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    save(concern)
    log("CONCERN_REMOVAL_ANSWERED", concern, by=by, at=found.answered_at)
    notices.news(concern, event=f"removal:{found.pk}:answered", now=now)
    return found


def _request(
    concern: Concern, found: RemovalRequest | None, words: str, *, at: datetime
) -> RemovalRequest:
    if found is None:
        return RemovalRequest.objects.create(
            agency_id=concern.agency_id, concern=concern, asked=words, at=at
        )
    joined = f"{found.asked}\n\n{words}"
    if len(joined) > TEXT_LIMIT:
        raise BadWords(TEXT_LIMIT - len(found.asked))
    found.asked = joined
    found.save(update_fields=["asked"])
    return found
