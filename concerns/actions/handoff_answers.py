"""What comes back from whom work was handed to. Their words reach staff; they decide nothing but
whether they still have it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from concerns import notices, partner_notices
from concerns.actions.casework import STATE_FIELDS, BadWords, locked, log, move, save
from concerns.actions.photos import Kept
from concerns.models import Concern, Handoff, HandoffEntry, ReturnedPhoto
from concerns.models.handoffs import HandoffState, Said, SaidBy
from concerns.words import TooLong, clean_words
from concerns.workflow import State, WaitingOn
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

OUTSIDE = Actor.token("handoff")
ENDS = {Said.DONE: HandoffState.DONE, Said.GIVEN_BACK: HandoffState.GIVEN_BACK}
EVENTS = {
    Said.ACCEPTED: "HANDOFF_ACCEPTED",
    Said.ANSWERED: "HANDOFF_ANSWERED",
    Said.DONE: "HANDOFF_DONE",
    Said.GIVEN_BACK: "HANDOFF_GIVEN_BACK",
    Said.NUMBERED: "HANDOFF_NUMBERED",
}


class CannotAnswer(Exception):
    """It was taken back, given back or done before."""


class SaidBefore(Exception):
    """The very same mail is there already."""


@transaction.atomic(durable=True)
def accept(*, handoff_id: int, way: str, by: Actor, now: datetime) -> Handoff:
    """Take the work on; twice is once. Raises CannotAnswer."""
    handoff, concern = _locked(handoff_id)
    if handoff.state == HandoffState.ACCEPTED:
        return handoff
    if handoff.state != HandoffState.OFFERED:
        raise CannotAnswer
    handoff.state = HandoffState.ACCEPTED
    handoff.save(update_fields=["state"])
    tell(handoff, concern, Said.ACCEPTED, way=way, by=by, now=now)
    return handoff


@transaction.atomic(durable=True)
def answer(
    *,
    handoff_id: int,
    text: str,
    way: str,
    photos: Sequence[Kept] = (),
    digest: bytes | None = None,
    by: Actor,
    now: datetime,
) -> HandoffEntry:
    """Write to the police about it. Raises CannotAnswer, BadWords, SaidBefore."""
    handoff, concern = _locked(handoff_id)
    if not handoff.can_be_answered:
        raise CannotAnswer
    if digest is not None and handoff.entries.filter(digest=digest).exists():
        raise SaidBefore
    said = Words(_words(text, needed=not photos), photos, digest)
    return tell(handoff, concern, Said.ANSWERED, way=way, words=said, by=by, now=now)


@transaction.atomic(durable=True)
def finish(
    *,
    handoff_id: int,
    text: str,
    way: str,
    photos: Sequence[Kept] = (),
    by: Actor,
    now: datetime,
) -> HandoffEntry:
    """Say that it is done; the officer looks and decides what the reporter hears.

    Raises CannotAnswer, BadWords.
    """
    handoff, concern = _locked(handoff_id)
    words = Words(_words(text, needed=False), photos)
    return _end(handoff, concern, Said.DONE, words, way=way, by=by, now=now)


@transaction.atomic(durable=True)
def give_back(*, handoff_id: int, text: str, way: str, by: Actor, now: datetime) -> HandoffEntry:
    """Say why somebody else must do it. Raises CannotAnswer, BadWords."""
    handoff, concern = _locked(handoff_id)
    words = Words(_words(text, needed=True))
    return _end(handoff, concern, Said.GIVEN_BACK, words, way=way, by=by, now=now)


class Words:
    """What an entry holds besides its kind; `digest` tells one mail from another."""

    def __init__(self, text: str, photos: Sequence[Kept] = (), digest: bytes | None = None) -> None:
        self.text, self.photos, self.digest = text, photos, digest


def tell(
    handoff: Handoff,
    concern: Concern,
    said: Said,
    *,
    way: str,
    words: Words | None = None,
    by: Actor,
    now: datetime,
) -> HandoffEntry:
    """Append an entry to a locked hand-off, with history, and tell the officer of it."""
    words = words or Words("")
    at = floor_to_hour(now)
    entry = HandoffEntry.objects.create(
        agency_id=handoff.agency_id,
        handoff=handoff,
        said=said,
        way=way,
        text=words.text,
        at=at,
        by_user_id=by.user_id,
        digest=words.digest,
    )
    ReturnedPhoto.objects.bulk_create(
        ReturnedPhoto(
            agency_id=handoff.agency_id,
            entry=entry,
            name=photo.name,
            width=photo.width,
            height=photo.height,
        )
        for photo in words.photos
    )
    payload: dict[str, str | int | bool | None] = {"handoff": handoff.reference, "way": way}
    log(EVENTS[said], concern, by=by, at=at, payload=payload)
    if way != SaidBy.STAFF:
        partner_notices.came_back(concern, event=f"handoff:{entry.pk}", now=now)
    return entry


def back_to_work(concern: Concern, *, by: Actor, now: datetime) -> None:
    """Let a locked concern go on here once nobody outside has it any more, and save it."""
    is_elsewhere = Handoff.objects.filter(concern=concern).under_way().exists()
    waits = concern.state == State.WAITING and concern.waiting_on == WaitingOn.PARTNER
    if waits and not is_elsewhere:
        change = move(concern, State.WORKING, by=by, at=floor_to_hour(now))
        save(concern, *STATE_FIELDS)
        notices.news(concern, event=f"status:{change.pk}", now=now)
    else:
        save(concern)


def _locked(handoff_id: int) -> tuple[Handoff, Concern]:
    """The hand-off with its concern, locked in the order in which staff lock them."""
    about = Handoff.objects.values_list("concern_id", flat=True).get(pk=handoff_id)
    concern = locked(about)
    handoff = Handoff.objects.select_related("organisation", "agency").get(pk=handoff_id)
    return handoff, concern


def _end(
    handoff: Handoff,
    concern: Concern,
    said: Said,
    words: Words,
    *,
    way: str,
    by: Actor,
    now: datetime,
) -> HandoffEntry:
    if not handoff.can_be_answered:
        raise CannotAnswer
    handoff.state, handoff.ended_at = ENDS[said], floor_to_hour(now)
    handoff.save(update_fields=["state", "ended_at"])
    entry = tell(handoff, concern, said, way=way, words=words, by=by, now=now)
    back_to_work(concern, by=OUTSIDE, now=now)
    return entry


def _words(text: str, *, needed: bool) -> str:
    try:
        words = clean_words(text)
    except TooLong as error:
        raise BadWords(error.limit) from None
    if needed and not words:
        raise BadWords
    return words
