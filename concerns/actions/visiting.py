"""An officer was there: it counts as work, and the reporter is told the day."""

from datetime import datetime, timedelta

from django.db import transaction

from concerns import notices
from concerns.actions import public_side
from concerns.actions.casework import STATE_FIELDS, CannotMove, locked, log, move, save
from concerns.models import Concern, StatusChange, Visit
from concerns.models.visits import LINE_LIMIT
from concerns.words import clean_line
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

# Who wrote it into a notebook last week may still say so.
BACK = timedelta(days=31)


class CannotVisit(CannotMove):
    """The case is done, or the visit lies ahead or too far back."""


@transaction.atomic(durable=True)
def was_there(
    *, concern_id: int, was_at: datetime | None, line: str, by: Actor, now: datetime
) -> Visit:
    """Write down a visit, of now when `was_at` is None, and move the case on to work.

    A received case is accepted by it, with all that accepting does. A second tap within the hour
    is the same visit. It takes no version: whatever a colleague did meanwhile, the officer was
    there. The reporter gets one message a day, however many visits.
    Raises CannotVisit.
    """
    concern = locked(concern_id)
    moment = was_at or now
    if not concern.is_open or not now - BACK <= moment <= now:
        raise CannotVisit(concern)
    return note_visit(concern, moment=moment, line=line, by=by, now=now)


def note_visit(concern: Concern, *, moment: datetime, line: str, by: Actor, now: datetime) -> Visit:
    """The same for an open concern that is locked already, in the caller's transaction."""
    if by.user_id is None:
        raise ValueError("an officer is there")
    at, on = floor_to_hour(now), concern.agency.day_of(moment)
    visit, is_new = Visit.objects.get_or_create(
        concern=concern,
        by_user_id=by.user_id,
        was_at=floor_to_hour(moment),
        is_taken_back=False,
        defaults={
            "agency_id": concern.agency_id,
            "on": on,
            "line": clean_line(line, limit=LINE_LIMIT),
        },
    )
    if not is_new:
        return visit
    _move_on(concern, by=by, at=at)
    log("VISIT_MADE", concern, by=by, at=at)
    notices.news(concern, event=f"visit:{on:%Y-%m-%d}", now=now)
    return visit


@transaction.atomic(durable=True)
def take_back(*, concern_id: int, visit_id: int, by: Actor, now: datetime) -> bool:
    """Mark one's own visit as pressed by mistake; say whether there was one to mark.

    How the case stands stays: somebody works on it all the same.
    """
    concern = locked(concern_id)
    changed = Visit.objects.filter(
        concern=concern, pk=visit_id, by_user_id=by.user_id, is_taken_back=False
    ).update(is_taken_back=True)
    if changed:
        log("VISIT_TAKEN_BACK", concern, by=by, at=floor_to_hour(now))
    return bool(changed)


def _move_on(concern: Concern, *, by: Actor, at: datetime) -> None:
    """Received becomes accepted, accepted becomes working. What waits for somebody goes on
    waiting: that an officer drove by is no answer."""
    made: list[StatusChange] = []
    if concern.state == State.RECEIVED:
        made.append(move(concern, State.ACCEPTED, by=by, at=at, refusal=CannotVisit))
        if concern.owner_id is None:
            concern.owner_id = by.user_id
        public_side.publish_if_it_needs_no_text(concern, by=by, at=at)
        log("CONCERN_ACCEPTED", concern, by=by, at=at)
    if concern.state == State.ACCEPTED:
        made.append(move(concern, State.WORKING, by=by, at=at, refusal=CannotVisit))
        log("CONCERN_STARTED", concern, by=by, at=at)
    if made:
        save(concern, *STATE_FIELDS, "owner", "public")
