"""What came to the wrong door: mark it, take it over, write down who was called, end it.

None of this edits the concern, and all of it may be urgent: no version is asked for.
"""

from datetime import datetime

from django.db import transaction

from concerns import wrong_door_notices
from concerns.actions import public_side
from concerns.actions.casework import locked, log, needed_words, save
from concerns.actions.paging import start_paging
from concerns.models import Concern, WrongDoor, WrongDoorCall
from concerns.models.wrong_doors import REASON_LIMIT, Ending, Wrong
from concerns.words import clean_line
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

NAME_LIMIT, NUMBER_LIMIT, LINE_LIMIT = 120, 60, 200


class CannotEnd(ValueError):
    """`reason` is "no_reason" (a mistake is called off with one), "no_call" (handled needs a call
    on record or a reason why none was made) or "over" (it has ended)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic(durable=True)
def mark(*, concern_id: int, kind: str, by: Actor, now: datetime) -> WrongDoor:
    """Mark the case: it leaves the public pages at once, and the supervisor on duty is paged.

    Marked so already, the open mark is returned and nobody is paged again. Nothing is told to the
    reporter. Raises ValueError for an unknown kind.
    """
    if kind not in Wrong.values or by.user_id is None:
        raise ValueError(kind)
    concern = locked(concern_id)
    open_one = WrongDoor.objects.open().filter(concern=concern, kind=kind).first()
    if open_one is not None:
        return open_one
    made = WrongDoor.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        kind=kind,
        marked_at=now,
        marked_by_id=by.user_id,
    )
    if concern.public is not None:
        public_side.delete_public_side(concern, by=by, at=floor_to_hour(now))
        save(concern, "public")
    _log("WRONG_DOOR_MARKED", made, concern, by=by, now=now)
    start_paging(made, concern, now=now)
    return made


@transaction.atomic(durable=True)
def take_over(*, mark_id: int, by: Actor, now: datetime) -> bool:
    """Say "I have it": paging ends. Says whether nobody else had said so before."""
    found = _locked(mark_id)
    if found.ending or found.accepted_at is not None or by.user_id is None:
        return False
    found.accepted_at, found.accepted_by_id = now, by.user_id
    found.save(update_fields=["accepted_at", "accepted_by"])
    wrong_door_notices.call_back(found, found.concern, now=now)
    _log("WRONG_DOOR_ACCEPTED", found, found.concern, by=by, now=now)
    return True


@transaction.atomic(durable=True)
def write_down_call(
    *, mark_id: int, whom: str, number: str, line: str, by: Actor, now: datetime
) -> WrongDoorCall:
    """Write down who called whom, now. Raises BadWords when nobody is named."""
    found = _locked(mark_id)
    if by.user_id is None:
        raise ValueError("a person calls")
    made = WrongDoorCall.objects.create(
        agency_id=found.agency_id,
        wrong_door=found,
        by_user_id=by.user_id,
        at=now,
        whom=clean_line(needed_words(whom), limit=NAME_LIMIT),
        number=clean_line(number, limit=NUMBER_LIMIT),
        line=clean_line(line, limit=LINE_LIMIT),
    )
    _log("WRONG_DOOR_CALLED", found, found.concern, by=by, now=now)
    return made


@transaction.atomic(durable=True)
def end(*, mark_id: int, ending: str, reason: str, by: Actor, now: datetime) -> WrongDoor:
    """End the mark: handed to who acts on it, or set by mistake. Raises CannotEnd."""
    found, words = _locked(mark_id), clean_line(reason, limit=REASON_LIMIT)
    if found.ending:
        raise CannotEnd("over")
    if ending not in Ending.values or (ending == Ending.MISTAKE and not words):
        raise CannotEnd("no_reason")
    if ending == Ending.HANDLED and not words and not found.calls.exists():
        raise CannotEnd("no_call")
    found.ending, found.reason = ending, words
    found.ended_at, found.ended_by_id = now, by.user_id
    found.save(update_fields=["ending", "reason", "ended_at", "ended_by"])
    wrong_door_notices.call_back(found, found.concern, now=now)
    _log("WRONG_DOOR_ENDED", found, found.concern, by=by, now=now, ending=ending)
    return found


@transaction.atomic(durable=True)
def explain_no_number(*, concern_id: int, reason: str, by: Actor, now: datetime) -> bool:
    """Say why a crime has no report number, so that the case can be closed; say whether the case
    is marked as one. Raises BadWords."""
    words = clean_line(needed_words(reason), limit=REASON_LIMIT)
    concern = locked(concern_id)
    crimes = WrongDoor.objects.filter(concern=concern, kind=Wrong.CRIME)
    if not crimes.exclude(ending=Ending.MISTAKE).update(no_number_reason=words):
        return False
    log("WRONG_DOOR_EXPLAINED", concern, by=by, at=now)
    return True


def _locked(mark_id: int) -> WrongDoor:
    """The case is locked before its mark, as everywhere, so that nobody waits for the other."""
    concern_id = WrongDoor.objects.values_list("concern_id", flat=True).get(pk=mark_id)
    concern = locked(concern_id)
    found = WrongDoor.objects.select_for_update(of=("self",)).get(pk=mark_id)
    found.concern = concern
    return found


def _log(
    event: str, found: WrongDoor, concern: Concern, *, by: Actor, now: datetime, ending: str = ""
) -> None:
    payload: dict[str, str | int | bool | None] = {"mark": found.pk, "kind": found.kind}
    if ending:
        payload["ending"] = str(ending)
    log(event, concern, by=by, at=now, payload=payload)
