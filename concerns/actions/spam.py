"""What becomes of reports that look like spam: held, released, or closed, and never deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from concerns import notices
from concerns.actions.casework import STATE_FIELDS, CannotMove, locked, log, move, save
from concerns.models import Concern, SlowDown, Suspicion
from concerns.models.concern import Level
from concerns.models.suspicions import Finding
from concerns.workflow import Outcome, State
from concerns.wrong_doors import lacks_number
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.doors import challenge
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency

BY = Actor.task("concerns.spam")
LONGEST_HOURS = 72


class CannotJudge(CannotMove):
    """Somebody decided already, or the report is not suspected."""


class CannotSlowDown(ValueError):
    """Between one hour and three days."""


def suspect(concern: Concern, reasons: Sequence[str], *, at: datetime, writes: Together) -> bool:
    """Gather why a report just stored looks like spam, to be stored with the rest of it; return
    whether it is held back. Words of danger are never held back."""
    if not reasons:
        return False
    is_held = not concern.danger
    found = Suspicion(
        agency_id=concern.agency_id, concern=concern, reasons=list(reasons), is_held=is_held
    )
    writes.insert(found)
    payload: dict[str, str | int | bool | None] = {"why": " ".join(reasons), "held": is_held}
    log("CONCERN_SUSPECTED", concern, by=BY, at=at, payload=payload, writes=writes)
    return is_held


@transaction.atomic(durable=True)
def release(*, concern_id: int, by: Actor, now: datetime) -> Concern:
    """Let a suspected report into the queue as if it had never been held: its clock has run since
    the day it came, and whoever owns it is told now. Raises CannotJudge."""
    concern = locked(concern_id)
    suspicion = _undecided(concern)
    was_held = suspicion.is_held
    _find(suspicion, Finding.GENUINE)
    save(concern)
    log("CONCERN_RELEASED", concern, by=by, at=floor_to_hour(now))
    if was_held:
        tell(concern, now=now)
    return concern


@transaction.atomic(durable=True)
def close_as_spam(*, concern_id: int, by: Actor, now: datetime) -> Concern:
    """Close a suspected report as spam; it stays stored, and its reporter can say that it is
    none. What was marked as a crime is called off first. Raises CannotJudge."""
    concern = locked(concern_id)
    if lacks_number(concern):
        raise CannotJudge(concern)
    suspicion = _undecided(concern)
    _find(suspicion, Finding.SPAM)
    at = floor_to_hour(now)
    change = move(concern, State.CLOSED, by=by, at=at, outcome=Outcome.SPAM, refusal=CannotJudge)
    save(concern, *STATE_FIELDS)
    log("CONCERN_CLOSED_AS_SPAM", concern, by=by, at=at)
    if concern.level == Level.SIGNED_IN:
        # Theirs is a confirmed address; any other may have been typed in to have it flooded.
        notices.news(concern, event=f"status:{change.pk}", now=now)
    return concern


def dispute(concern: Concern, *, by: Actor, at: datetime) -> None:
    """Take a locked report, closed as spam, back into the queue at its reporter's word.

    In the transaction that stores the words; the caller saves it and tells. Raises CannotJudge.
    """
    if concern.outcome != Outcome.SPAM:
        raise CannotJudge(concern)
    Suspicion.objects.filter(concern=concern).update(finding=Finding.DISPUTED, is_held=False)
    move(concern, State.RECEIVED, by=by, at=at, refusal=CannotJudge)
    log("CONCERN_SPAM_DISPUTED", concern, by=by, at=at)


def tell(concern: Concern, *, now: datetime) -> None:
    """Send the mails that a new report causes."""
    notices.received(concern, now=now)
    notices.new_for_owner(concern, now=now)


@transaction.atomic(durable=True)
def slow_down(*, agency: Agency, hours: int, by: Actor, now: datetime) -> SlowDown:
    """Ask more work of everybody who sends to the agency, and hold what comes without, for so
    many hours from now. Nobody is refused. Raises CannotSlowDown."""
    if not 1 <= hours <= LONGEST_HOURS or by.user_id is None:
        raise CannotSlowDown
    ends_at = now + timedelta(hours=hours)
    _end(agency, now)
    made = SlowDown.objects.create(
        agency=agency, begins_at=now, ends_at=ends_at, by_user_id=by.user_id
    )
    _log_slowing("FLOOD_SLOWED", agency, by=by, now=now, hours=hours)
    transaction.on_commit(lambda: challenge.slow_down(agency.slug, seconds=hours * 3600))
    return made


@transaction.atomic(durable=True)
def end_slow_down(*, agency: Agency, by: Actor, now: datetime) -> None:
    """End it before its time; nothing happens where nothing is slowed."""
    if not _end(agency, now):
        return
    _log_slowing("FLOOD_SLOWING_ENDED", agency, by=by, now=now)
    transaction.on_commit(lambda: challenge.slow_down(agency.slug, seconds=0))


def _end(agency: Agency, now: datetime) -> int:
    return SlowDown.objects.filter(agency=agency, ends_at__gt=now).update(ends_at=now)


def _log_slowing(event: str, agency: Agency, *, by: Actor, now: datetime, **told: int) -> None:
    subject = Subject("agency", agency.slug)
    record(event, by=by, subject=subject, agency_id=agency.pk, now=now, payload=dict(told))


def _undecided(concern: Concern) -> Suspicion:
    suspicion = Suspicion.objects.filter(concern=concern, finding=Finding.OPEN).first()
    if suspicion is None or concern.state != State.RECEIVED:
        raise CannotJudge(concern)
    return suspicion


def _find(suspicion: Suspicion, finding: Finding) -> None:
    suspicion.finding, suspicion.is_held = finding, False
    suspicion.save(update_fields=["finding", "is_held"])
