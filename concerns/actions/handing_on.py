"""Staff hand work on to somebody outside. The clock stands still while they have it."""

from datetime import datetime

from django.db import transaction

from concerns import notices, partner_notices
from concerns.actions import publishing
from concerns.actions.casework import STATE_FIELDS, locked_as_seen, log, move, save
from concerns.actions.handoff_drafts import Document, Draft, document_of
from concerns.models import Concern, Handoff, OutsideRequest, SharedPhoto
from concerns.models.handoffs import HandoffState
from concerns.workflow import State, WaitingOn
from engagement.audit.actors import Actor
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
    if concern.state == State.RECEIVED:
        _accept(concern, by=by, at=at)
    handoff = _store(concern, document, by_user_id=by.user_id, at=at)
    wait_for_it(concern, handoff, by=by, at=at)
    save(concern, *STATE_FIELDS, "owner", "public")
    payload: dict[str, str | int | bool | None] = {
        "handoff": handoff.reference,
        "organisation": document.organisation.pk,
        "way": handoff.way,
    }
    log("CONCERN_HANDED_ON", concern, by=by, at=at, payload=payload)
    notices.news(concern, event=f"handoff:{handoff.reference}", now=now)
    partner_notices.sent(handoff, now=now)
    return handoff


def wait_for_it(concern: Concern, handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Let a locked concern wait for whom it was handed to, and say so in public; the caller saves
    it."""
    if concern.state != State.WAITING:
        move(concern, State.WAITING, by=by, at=at, waiting_on=WaitingOn.PARTNER)
    public = concern.public
    if public is not None and concern.waiting_on == WaitingOn.PARTNER:
        public.waits_for, public.waits_until = handoff.organisation.name, handoff.due_on
        public.save(update_fields=["waits_for", "waits_until"])


def _accept(concern: Concern, *, by: Actor, at: datetime) -> None:
    move(concern, State.ACCEPTED, by=by, at=at)
    if concern.owner_id is None:
        concern.owner_id = by.user_id
    publishing.publish_if_it_needs_no_text(concern, by=by, at=at)
    log("CONCERN_ACCEPTED", concern, by=by, at=at)


def _store(concern: Concern, document: Document, *, by_user_id: int, at: datetime) -> Handoff:
    handoff = Handoff.objects.create(
        agency_id=concern.agency_id,
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
    SharedPhoto.objects.bulk_create(
        SharedPhoto(agency_id=concern.agency_id, handoff=handoff, photo=photo)
        for photo in document.photos
    )
    if handoff.way == TakesBy.OPEN311 and document.service is not None:
        OutsideRequest.objects.create(
            agency_id=concern.agency_id,
            handoff=handoff,
            service_code=document.service.code,
            service_name=document.service.name,
            try_at=at,
        )
    return handoff
