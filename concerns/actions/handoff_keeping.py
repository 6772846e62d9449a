"""What staff do with work that is outside: their number, more time, a new link, taking it back."""

from datetime import date, datetime

from django.db import transaction

from concerns import partner_notices
from concerns.actions.casework import STATE_FIELDS, locked_as_seen, log, save
from concerns.actions.filing_elsewhere import follow_number
from concerns.actions.handing_on import wait_for_it
from concerns.actions.handoff_answers import ENDS, Words, back_to_work, tell
from concerns.models import Concern, Handoff, HandoffEntry, HandoffLink
from concerns.models.handoffs import (
    BRIEF_LIMIT,
    NUMBER_LIMIT,
    STATUS_LIMIT,
    HandoffState,
    Said,
    SaidBy,
)
from concerns.words import TooLong, clean_line, clean_words
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour


class CannotKeep(Exception):
    """It has ended, or the day is past, or there was nothing to write down."""


@transaction.atomic(durable=True)
def note_number(
    *,
    concern_id: int,
    seen_version: int,
    handoff_id: int,
    number: str,
    status: str,
    by: Actor,
    now: datetime,
) -> Handoff:
    """Write down the number and the status that they told. Raises StaleEdit, CannotKeep."""
    concern, handoff = _locked(concern_id, seen_version, handoff_id)
    number, status = clean_line(number)[:NUMBER_LIMIT], clean_line(status)[:STATUS_LIMIT]
    if handoff.state == HandoffState.WITHDRAWN or not (number or status):
        raise CannotKeep
    handoff.number, handoff.status = number, status
    handoff.save(update_fields=["number", "status"])
    if number:
        follow_number(handoff, now=now)
    tell(handoff, concern, Said.NUMBERED, way=SaidBy.STAFF, by=by, now=now)
    save(concern)
    return handoff


@transaction.atomic(durable=True)
def note_answer(
    *,
    concern_id: int,
    seen_version: int,
    handoff_id: int,
    said: str,
    text: str,
    by: Actor,
    now: datetime,
) -> HandoffEntry:
    """Write down what they said by phone or on their own site: an answer, done or given back.

    Raises StaleEdit, CannotKeep.
    """
    concern, handoff = _locked(concern_id, seen_version, handoff_id)
    words = _words(text)
    if not handoff.can_be_answered or (said == Said.ANSWERED and not words):
        raise CannotKeep
    if said in ENDS:
        handoff.state, handoff.ended_at = ENDS[Said(said)], floor_to_hour(now)
        handoff.save(update_fields=["state", "ended_at"])
    elif said != Said.ANSWERED:
        raise CannotKeep
    entry = tell(handoff, concern, Said(said), way=SaidBy.STAFF, words=Words(words), by=by, now=now)
    back_to_work(concern, by=by, now=now)
    return entry


@transaction.atomic(durable=True)
def give_time(
    *,
    concern_id: int,
    seen_version: int,
    handoff_id: int,
    due_on: date,
    by: Actor,
    now: datetime,
) -> Handoff:
    """Move the day until which they were asked to be done; what lapsed waits for them again.

    Raises StaleEdit, CannotKeep.
    """
    concern, handoff = _locked(concern_id, seen_version, handoff_id)
    if not handoff.can_be_answered or due_on < concern.agency.day_of(now):
        raise CannotKeep
    before, handoff.due_on, handoff.reminded_on = handoff.due_on, due_on, None
    if handoff.state == HandoffState.LAPSED:
        handoff.state, handoff.ended_at = HandoffState.OFFERED, None
    handoff.save(update_fields=["due_on", "reminded_on", "state", "ended_at"])
    HandoffLink.objects.filter(handoff=handoff).update(
        expires_at=partner_notices.link_ends_at(handoff)
    )
    wait_for_it(concern, handoff, by=by, at=floor_to_hour(now))
    save(concern, *STATE_FIELDS)
    payload: dict[str, str | int | bool | None] = {
        "handoff": handoff.reference,
        "from": before.isoformat(),
        "to": due_on.isoformat(),
    }
    log("HANDOFF_GIVEN_TIME", concern, by=by, at=floor_to_hour(now), payload=payload)
    return handoff


@transaction.atomic(durable=True)
def send_again(
    *, concern_id: int, seen_version: int, handoff_id: int, by: Actor, now: datetime
) -> Handoff:
    """End every link to it and send a new one. Raises StaleEdit, CannotKeep."""
    concern, handoff = _locked(concern_id, seen_version, handoff_id)
    if not handoff.is_under_way:
        raise CannotKeep
    end_links(handoff, now=now)
    handoff.mailings += 1
    handoff.save(update_fields=["mailings"])
    save(concern)
    payload: dict[str, str | int | bool | None] = {"handoff": handoff.reference}
    log("HANDOFF_SENT_AGAIN", concern, by=by, at=floor_to_hour(now), payload=payload)
    partner_notices.sent(handoff, now=now)
    return handoff


@transaction.atomic(durable=True)
def revoke_links(
    *, concern_id: int, seen_version: int, handoff_id: int, by: Actor, now: datetime
) -> int:
    """End every link to it at once, also for who has it open; returns how many ended.

    Raises StaleEdit.
    """
    concern, handoff = _locked(concern_id, seen_version, handoff_id)
    ended = end_links(handoff, now=now)
    save(concern)
    payload: dict[str, str | int | bool | None] = {"handoff": handoff.reference}
    log("HANDOFF_LINKS_REVOKED", concern, by=by, at=floor_to_hour(now), payload=payload)
    return ended


@transaction.atomic(durable=True)
def withdraw(
    *, concern_id: int, seen_version: int, handoff_id: int, by: Actor, now: datetime
) -> Handoff:
    """Take it back: nobody outside sees it any more. Raises StaleEdit, CannotKeep."""
    concern, handoff = _locked(concern_id, seen_version, handoff_id)
    if not handoff.can_be_answered:
        raise CannotKeep
    handoff.state, handoff.ended_at = HandoffState.WITHDRAWN, floor_to_hour(now)
    handoff.save(update_fields=["state", "ended_at"])
    end_links(handoff, now=now)
    partner_notices.taken_back(handoff, now=now)
    payload: dict[str, str | int | bool | None] = {"handoff": handoff.reference}
    log("HANDOFF_WITHDRAWN", concern, by=by, at=floor_to_hour(now), payload=payload)
    back_to_work(concern, by=by, now=now)
    return handoff


def end_links(handoff: Handoff, *, now: datetime) -> int:
    """End every way in without an account, in the caller's transaction."""
    return HandoffLink.objects.filter(handoff=handoff, revoked_at__isnull=True).update(
        revoked_at=floor_to_hour(now)
    )


def _locked(concern_id: int, seen_version: int, handoff_id: int) -> tuple[Concern, Handoff]:
    concern = locked_as_seen(concern_id, seen_version)
    rows = Handoff.objects.select_related("organisation", "agency")
    return concern, rows.get(pk=handoff_id, concern=concern)


def _words(text: str) -> str:
    try:
        return clean_words(text, limit=BRIEF_LIMIT)
    except TooLong:
        raise CannotKeep from None
