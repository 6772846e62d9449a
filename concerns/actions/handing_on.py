"""Staff hand work on to somebody outside. The clock stands still while they have it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from concerns import notices, partner_notices
from concerns.actions import public_side
from concerns.actions.casework import (
    STATE_FIELDS,
    locked_as_seen,
    log,
    move,
    save,
    tell_followers,
)
from concerns.actions.handoff_drafts import Document, Draft, document_of
from concerns.models import Concern, Handoff, OutsideRequest, SharedPhoto, StatusChange
from concerns.models.handoffs import HandoffState
from concerns.workflow import State, WaitingOn
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.groups.models import TakesBy
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import mint


@transaction.atomic(durable=True)
def hand_on(
    *, concern_id: int, seen_version: int, draft: Draft, by: Actor, now: datetime
) -> Handoff:
    """Send what `document_of` showed, and let the concern wait for who gets it; one that nobody
    accepted yet is accepted by it. Raises StaleEdit, CannotHandOn."""
    concern = locked_as_seen(concern_id, seen_version)
    document = document_of(concern, draft, now=now)
    at = floor_to_hour(now)
    if by.user_id is None:
        raise ValueError("only staff hand work on")
    writes = Together()
    moves: list[_Moved | None] = []
    if concern.state == State.RECEIVED:
        moves.append(_accept(concern, by=by, at=at, writes=writes))
    handoff = _store(concern, document, by_user_id=by.user_id, at=at, writes=writes)
    moves.append(_wait(concern, handoff, by=by, at=at, writes=writes))
    save(concern, *STATE_FIELDS, "owner", "public", writes=writes)
    payload: dict[str, str | int | bool | None] = {
        "handoff": handoff.reference,
        "organisation": document.organisation.pk,
        "way": handoff.way,
    }
    log("CONCERN_HANDED_ON", concern, by=by, at=at, payload=payload, writes=writes)
    writes.send()
    _tell(concern, handoff, moves, at=at, now=now)
    return handoff


def wait_for_it(concern: Concern, handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Let a locked concern wait for whom it was handed to, and say so in public; the caller saves
    it."""
    writes = Together()
    moved = _wait(concern, handoff, by=by, at=at, writes=writes)
    writes.send()
    if moved is not None:
        tell_followers(concern, moved.change, was_public=moved.was_public, now=at)


@dataclass(frozen=True)
class _Moved:
    change: StatusChange
    was_public: bool


def _tell(
    concern: Concern, handoff: Handoff, moves: list[_Moved | None], *, at: datetime, now: datetime
) -> None:
    notes = Together()
    for moved in filter(None, moves):
        notes.send()  # whoever hears of two moves hears of them in their order
        tell_followers(concern, moved.change, was_public=moved.was_public, now=at, notes=notes)
    notices.news(concern, event=f"handoff:{handoff.reference}", now=now, notes=notes)
    partner_notices.sent(handoff, now=now, notes=notes)
    notes.send()


def _wait(
    concern: Concern, handoff: Handoff, *, by: Actor, at: datetime, writes: Together
) -> _Moved | None:
    public, moved = concern.public, None
    if concern.state != State.WAITING:
        waiting = WaitingOn.PARTNER
        change = move(concern, State.WAITING, by=by, at=at, waiting_on=waiting, writes=writes)
        moved = _Moved(change, public is not None)
    if public is not None and concern.waiting_on == WaitingOn.PARTNER:
        public.waits_for, public.waits_until = handoff.organisation.name, handoff.due_on
        writes.change(public, "waits_for", "waits_until")
    return moved


def _accept(concern: Concern, *, by: Actor, at: datetime, writes: Together) -> _Moved:
    was_public = concern.public is not None
    change = move(concern, State.ACCEPTED, by=by, at=at, writes=writes)
    if concern.owner_id is None:
        concern.owner_id = by.user_id
    # That nothing forbids it was asked before the document was written.
    public_side.publish_if_it_needs_no_text(concern, by=by, at=at, writes=writes, is_asked=True)
    log("CONCERN_ACCEPTED", concern, by=by, at=at, writes=writes)
    return _Moved(change, was_public)


def _store(
    concern: Concern, document: Document, *, by_user_id: int, at: datetime, writes: Together
) -> Handoff:
    handoff = Handoff(
        agency=concern.agency,
        concern=concern,
        organisation=document.organisation,
        reference=mint(),
        way=document.organisation.takes_by,
        brief=document.brief,
        asked=document.asked,
        precision=document.place.precision,
        place_label=document.place.label,
        lon=document.place.lon,
        lat=document.place.lat,
        due_on=document.due_on,
        state=HandoffState.OFFERED,
        sent_at=at,
        by_user_id=by_user_id,
    )
    writes.insert(handoff)
    writes.insert_all(
        SharedPhoto(agency_id=concern.agency_id, handoff=handoff, photo=photo)
        for photo in document.photos
    )
    if handoff.way == TakesBy.OPEN311 and document.service is not None:
        filed = OutsideRequest(
            agency_id=concern.agency_id,
            handoff=handoff,
            service_code=document.service.code,
            service_name=document.service.name,
            try_at=at,
        )
        writes.insert(filed)
    return handoff
