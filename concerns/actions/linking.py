"""Two cases that are read together, and words to everybody whose report is about one thing."""

from datetime import datetime

from django.db import transaction

from concerns import merged_notices, notices
from concerns.actions.borrowed_words import borrows, residents_words
from concerns.actions.casework import CannotMove, locked_as_seen, log, needed_words, save
from concerns.families import joined_with
from concerns.models import Concern, SeeAlso, WordForAll
from concerns.words import clean_line
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

LINK_REASON_LIMIT = 200


class CannotLink(CannotMove):
    """It is the same case, one of another agency, or linked with it already; or nobody said why."""


class CannotTellAll(CannotMove):
    """`reason` is "alone" where nothing was joined with it, "reporters_words" where somebody would
    read what another one wrote."""

    def __init__(self, concern: Concern, reason: str) -> None:
        super().__init__(concern)
        self.reason = reason


@transaction.atomic(durable=True)
def link(
    *, concern_id: int, seen_version: int, other_id: int, reason: str, by: Actor, now: datetime
) -> SeeAlso:
    """Let each of two cases point to the other, for staff alone. Raises StaleEdit, CannotLink."""
    concern = locked_as_seen(concern_id, seen_version)
    why = clean_line(reason)[:LINK_REASON_LIMIT]
    # Of a case elsewhere not even its being there is said.
    other = Concern.objects.filter(pk=other_id, agency_id=concern.agency_id).first()
    if other is None or other.pk == concern.pk or not why or by.user_id is None:
        raise CannotLink(concern)
    low, high = sorted([concern.pk, other.pk])
    made, is_new = SeeAlso.objects.get_or_create(
        low_id=low,
        high_id=high,
        defaults={
            "agency_id": concern.agency_id,
            "reason": why,
            "on": concern.agency.day_of(now),
            "by_user_id": by.user_id,
        },
    )
    if not is_new:
        raise CannotLink(concern)
    save(concern)
    payload: dict[str, str | int | bool | None] = {"with": other.staff_reference}
    log("CONCERN_LINKED", concern, by=by, at=floor_to_hour(now), payload=payload)
    return made


@transaction.atomic(durable=True)
def unlink(
    *, concern_id: int, seen_version: int, other_id: int, by: Actor, now: datetime
) -> Concern:
    """Take such a link away again. Raises StaleEdit, CannotLink."""
    concern = locked_as_seen(concern_id, seen_version)
    low, high = sorted([concern.pk, other_id])
    found = SeeAlso.objects.filter(low=low, high=high).select_related("low", "high").first()
    if found is None:
        raise CannotLink(concern)
    other = found.high if found.low_id == concern.pk else found.low
    found.delete()
    save(concern)
    payload: dict[str, str | int | bool | None] = {"with": other.staff_reference}
    log("CONCERN_UNLINKED", concern, by=by, at=floor_to_hour(now), payload=payload)
    return concern


@transaction.atomic(durable=True)
def tell_all(
    *, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime
) -> WordForAll:
    """Write to everybody whose report is about this one thing; none of them reads of the others.

    Raises StaleEdit, CannotTellAll, BadWords.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    if by.user_id is None or not joined_with(concern):
        raise CannotTellAll(concern, "alone")
    if any(borrows(words, written) for written in residents_words(concern)):
        raise CannotTellAll(concern, "reporters_words")
    at = floor_to_hour(now)
    written = WordForAll.objects.create(
        agency_id=concern.agency_id, concern=concern, text=words, at=at, by_user_id=by.user_id
    )
    concern.unanswered_since = None
    save(concern)
    log("CONCERN_TOLD_ALL", concern, by=by, at=at)
    event = f"reply:all-{written.pk}"
    notices.news(concern, event=event, now=now)
    merged_notices.pass_on(concern, event=event, now=now, is_worth_a_call=True)
    return written
