"""Write down under which number another system holds the same matter."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from concerns.actions.casework import locked, log
from concerns.models import CallSuggestion, Concern, OutsideCall, OutsideNumber, OutsideSystems
from concerns.models.outside_numbers import System
from concerns.number_masks import fits, normalised_number
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

MOST_NUMBERS = 20


class BadNumber(ValueError):
    """That is no number of the system as the agency writes it; `example` is one, or ""."""

    def __init__(self, example: str = "") -> None:
        super().__init__("number")
        self.example = example


@transaction.atomic(durable=True)
def add_number(
    *, concern_id: int, system: str, number: str, by: Actor, now: datetime
) -> OutsideNumber:
    """Add a number to the case; the same again changes nothing. It may stand on other cases too.

    It adds and edits nothing, so it needs no version. Raises BadNumber.
    """
    concern = locked(concern_id)
    return _add(concern, system=system, number=number, by=by, now=now)


@transaction.atomic(durable=True)
def remove_number(*, concern_id: int, number_id: int, by: Actor, now: datetime) -> bool:
    """Take a number off the case again; say whether it was there."""
    concern = locked(concern_id)
    found = OutsideNumber.objects.filter(concern=concern, pk=number_id).first()
    if found is None:
        return False
    system = found.system
    found.delete()
    log(
        "OUTSIDE_NUMBER_REMOVED",
        concern,
        by=by,
        at=floor_to_hour(now),
        payload={"system": system},
    )
    return True


@transaction.atomic(durable=True)
def settle_suggestion(
    *, concern_id: int, suggestion_id: int, is_right: bool, by: Actor, now: datetime
) -> bool:
    """Take the number of a suggested call onto the case, or say that it is another matter.

    Says whether there was such a suggestion.
    """
    concern = locked(concern_id)
    rows = CallSuggestion.objects.select_related("call")
    found = rows.filter(concern=concern, pk=suggestion_id, is_refused=False).first()
    if found is None:
        return False
    if is_right:
        _store(concern, found.call.system, found.call.number, by=by, now=now)
        found.delete()
    else:
        found.is_refused = True
        found.save(update_fields=["is_refused"])
    return True


def cases_with(number: OutsideNumber, *, among: QuerySet[Concern]) -> QuerySet[Concern, str]:
    """Staff references of other cases of `among` on which the same number stands."""
    same = OutsideNumber.objects.filter(
        agency_id=number.agency_id, system=number.system, number=number.number
    )
    others = among.filter(pk__in=same.values("concern_id")).exclude(pk=number.concern_id)
    return others.order_by("-received_on", "-id").values_list("staff_reference", flat=True)


def systems_of(agency_id: int) -> OutsideSystems:
    """What the agency says of its numbers; an unsaved row without masks when it says nothing."""
    found = OutsideSystems.objects.filter(agency_id=agency_id).first()
    return found or OutsideSystems(agency_id=agency_id)


def _add(concern: Concern, *, system: str, number: str, by: Actor, now: datetime) -> OutsideNumber:
    plain = normalised_number(number)
    if system not in System.values:
        raise BadNumber
    known = systems_of(concern.agency_id)
    is_full = OutsideNumber.objects.filter(concern=concern).count() >= MOST_NUMBERS
    if is_full or not fits(plain, known.masks_of(system)):
        raise BadNumber(known.example_of(system))
    return _store(concern, system, plain, by=by, now=now)


def _store(
    concern: Concern, system: str, number: str, *, by: Actor, now: datetime
) -> OutsideNumber:
    if by.user_id is None:
        raise ValueError("a person says which number it is")
    call = OutsideCall.objects.filter(
        agency_id=concern.agency_id, system=system, number=number
    ).first()
    stored, is_new = OutsideNumber.objects.get_or_create(
        concern=concern,
        system=system,
        number=number,
        defaults={
            "agency_id": concern.agency_id,
            "on": concern.agency.day_of(now),
            "by_user_id": by.user_id,
            "call": call,
        },
    )
    if is_new:
        at = floor_to_hour(now)
        log("OUTSIDE_NUMBER_ADDED", concern, by=by, at=at, payload={"system": system})
    return stored
