"""A legal hold is placed and lifted; what a reporter wants erased meanwhile waits for its end."""

from datetime import datetime
from inspect import unwrap

from django.db import transaction

from concerns.actions.casework import CannotMove, locked, log, needed_words
from concerns.actions.erasing import OnHold, erase_reporter, forget_ways
from concerns.models import Concern, LegalHold, Reporter
from concerns.models.holds import REASON_LIMIT
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions.consent import silence
from engagement.outbox.actions.planning import withdraw
from engagement.outbox.models import ConsentWay


class CannotHold(CannotMove):
    """It is held already, is not held any more, or the reason is too long."""


@transaction.atomic(durable=True)
def place_hold(*, concern_id: int, reason: str, by: Actor, now: datetime) -> LegalHold:
    """Keep all of a report from being destroyed until the hold is lifted.

    RSMo 109.270: what a court or a request may need is not disposed of. Raises CannotHold,
    BadWords.
    """
    words = needed_words(reason)
    concern = locked(concern_id)
    is_held = LegalHold.objects.open().filter(concern=concern).exists()
    if is_held or len(words) > REASON_LIMIT:
        raise CannotHold(concern)
    if by.user_id is None:
        raise ValueError("a person places a hold")
    at = floor_to_hour(now)
    log("CONCERN_HELD", concern, by=by, at=at, why=words)
    return LegalHold.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        reason=words,
        placed_on=concern.agency.day_of(at),
        placed_by_id=by.user_id,
    )


@transaction.atomic(durable=True)
def lift_hold(*, concern_id: int, reason: str, by: Actor, now: datetime) -> LegalHold:
    """End the hold and, in the same transaction, do what the reporter wanted erased meanwhile.

    Raises CannotHold, BadWords and erasures.CannotRemember; the hold stands then.
    """
    words = needed_words(reason)
    concern = locked(concern_id)
    hold = LegalHold.objects.open().select_for_update().filter(concern=concern).first()
    if hold is None or len(words) > REASON_LIMIT:
        raise CannotHold(concern)
    at = floor_to_hour(now)
    hold.lifted_on, hold.lifted_by_id = concern.agency.day_of(at), by.user_id
    hold.lifted_because = words
    hold.save(update_fields=["lifted_on", "lifted_by", "lifted_because"])
    log("CONCERN_HOLD_LIFTED", concern, by=by, at=at, why=words)
    if hold.erasure_asked_on is not None:
        unwrap(erase_reporter)(concern_id=concern_id, by=by, now=now)
    return hold


def erase_or_wait(*, concern_id: int, by: Actor, now: datetime, why: str = "") -> bool:
    """Forget who reported it, or, under a hold, let that wait for its end; says whether it was
    done. Nobody is written to meanwhile. Raises erasures.CannotRemember."""
    try:
        erase_reporter(concern_id=concern_id, by=by, now=now, why=why)
    except OnHold:
        if _wait(concern_id=concern_id, by=by, now=now, why=why):
            return False
        # The hold was lifted in this very moment.
        erase_reporter(concern_id=concern_id, by=by, now=now, why=why)
    return True


@transaction.atomic(durable=True)
def _wait(*, concern_id: int, by: Actor, now: datetime, why: str) -> bool:
    concern = locked(concern_id)
    hold = LegalHold.objects.open().select_for_update().filter(concern=concern).first()
    if hold is None:
        return False
    if hold.erasure_asked_on is None:
        at = floor_to_hour(now)
        hold.erasure_asked_on = concern.agency.day_of(at)
        hold.save(update_fields=["erasure_asked_on"])
        log("CONCERN_ERASURE_WAITS", concern, by=by, at=at, why=why)
    _fall_silent(concern, by=by, now=now)
    return True


def _fall_silent(concern: Concern, *, by: Actor, now: datetime) -> None:
    """Whoever wants to be forgotten gets no mail, no text, no call and no letter any more."""
    forget_ways(concern, now)
    subject = Subject("concern", concern.staff_reference)
    way = ConsentWay.PAGE if by.is_reporter else ConsentWay.STAFF
    sent = Reporter.objects.filter(concern=concern, contact__isnull=False)
    for contact_id in sent.values_list("contact_id", flat=True):
        withdraw(subject=subject, now=now, contact_id=contact_id)
        silence(contact_id=contact_id, way=way, now=now)
