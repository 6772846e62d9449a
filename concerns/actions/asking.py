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
from concerns.actions.replying import Spoken, demand_language, said
from concerns.models import BesideLanguage, Concern, DelayReason, RemovalRequest
from concerns.models.languages import Use
from concerns.words import TEXT_LIMIT
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.wording import DEFAULT_LANGUAGE


class CannotExplain(CannotMove):
    """It is done, so nothing is late any more."""


class CannotAnswerRemoval(CannotMove):
    """Nobody asked, or somebody has answered."""


@transaction.atomic(durable=True)
def explain_delay(
    *,
    concern_id: int,
    seen_version: int,
    text: str,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> DelayReason:
    """Tell the reporter why it takes longer. `spoken` is needed where they read another language
    than English. Raises StaleEdit, CannotExplain, BadWords, UnsaidLanguage."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    if not concern.is_open or by.user_id is None:
        raise CannotExplain(concern)
    demand_language(concern, spoken)
    at = floor_to_hour(now)
    reason = DelayReason.objects.create(
        agency_id=concern.agency_id, concern=concern, text=words, at=at, by_user_id=by.user_id
    )
    _keep_language(reason, spoken, by=by, at=at)
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
    *,
    concern_id: int,
    seen_version: int,
    text: str,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> RemovalRequest:
    """Say what was decided about the words. `spoken` is needed where the reporter reads another
    language than English. Raises StaleEdit, CannotAnswerRemoval, BadWords, UnsaidLanguage."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    found = RemovalRequest.objects.filter(concern=concern, answered_at__isnull=True).first()
    if found is None or by.user_id is None:
        raise CannotAnswerRemoval(concern)
    found.concern = concern
    demand_language(concern, spoken)
    found.answer, found.answered_at = words, floor_to_hour(now)
    found.answered_by_id = by.user_id
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    _keep_language(found, spoken, by=by, at=found.answered_at)
    save(concern)
    log("CONCERN_REMOVAL_ANSWERED", concern, by=by, at=found.answered_at)
    notices.news(concern, event=f"removal:{found.pk}:answered", now=now)
    return found


def _keep_language(
    about: DelayReason | RemovalRequest, spoken: Spoken | None, *, by: Actor, at: datetime
) -> None:
    """In which language the words are, where that is not English; what waited for it is done."""
    concern = about.concern
    if spoken is None or concern.language == DEFAULT_LANGUAGE:
        return
    BesideLanguage.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        delay=about if isinstance(about, DelayReason) else None,
        removal=about if isinstance(about, RemovalRequest) else None,
        language=spoken.language,
        made_by=spoken.made_by,
        original=spoken.original,
    )
    use = Use.DELAY if isinstance(about, DelayReason) else Use.REMOVAL
    said(concern, spoken, use=use, by=by, at=at)


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
