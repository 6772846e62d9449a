"""It is somewhere else: area, rules and owner follow, the old place is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions import public_side, routing
from concerns.actions.boundaries import lie_elsewhere
from concerns.actions.casework import CannotMove, locked, locked_as_seen, log, save
from concerns.models import Concern, PlaceCorrection
from concerns.models.rules import Cause
from concerns.published.models import Precision
from concerns.words import PLACE_LIMIT, clean_line
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

DIGITS = 6
FIELDS = ("lon", "lat", "place_text", "place_source", "is_home")


class CannotCorrect(CannotMove):
    """It is resolved or closed: what was done was done at the place of that day."""


@dataclass(frozen=True)
class Place:
    """Degrees (WGS84), both or neither; `area_code` names an area of the public layer instead."""

    lon: float | None
    lat: float | None
    place_text: str
    place_source: str
    is_home: bool
    area_code: str = ""


@transaction.atomic(durable=True)
def correct_place(*, concern_id: int, place: Place, by: Actor, now: datetime) -> Concern:
    """Lay an open concern elsewhere, as its reporter says, and tell whoever has it now.

    What is public stays at its anchor, which is fixed when it is published; only a home that
    stands there as a place on the street goes at once, and staff publish it anew. The same place
    again changes nothing. Raises CannotCorrect.
    """
    return _lay(locked(concern_id), place, by=by, now=now)


@transaction.atomic(durable=True)
def move_place(
    *, concern_id: int, seen_version: int, place: Place, by: Actor, now: datetime
) -> Concern:
    """The same as staff say it: what is public moves along, and never becomes finer by it.

    Raises StaleEdit, CannotCorrect.
    """
    concern = locked_as_seen(concern_id, seen_version)
    return _lay(concern, place, by=by, now=now)


def _lay(concern: Concern, place: Place, *, by: Actor, now: datetime) -> Concern:
    if not concern.is_open:
        raise CannotCorrect(concern)
    before = PlaceCorrection(
        agency_id=concern.agency_id,
        concern=concern,
        at=floor_to_hour(now),
        area_id=concern.area_id,
        **{field: getattr(concern, field) for field in FIELDS},
    )
    held_before = (concern.team_id, concern.owner_id)
    concern.lon, concern.lat = place.lon, place.lat
    concern.place_text = clean_line(place.place_text[: PLACE_LIMIT * 2])
    concern.place_source = place.place_source
    concern.is_home = place.is_home and place.lon is not None
    if _named(concern) == _named(before):
        return concern
    before.save()
    save(concern, *FIELDS)
    lie_elsewhere(concern, area_code=place.area_code, now=now)
    if by.is_reporter:
        _hide_a_home(concern, by=by, at=before.at)
    else:
        public_side.fit_to_place(concern, by=by, at=before.at)
    if routing.reroute(concern, cause=Cause.PLACE, by=by, at=before.at):
        save(concern, *routing.ROUTE_FIELDS)
    payload: dict[str, str | int | bool | None] = {
        "from": before.area_id,
        "to": concern.area_id,
        "owner_from": held_before[1],
        "owner_to": concern.owner_id,
    }
    log("CONCERN_PLACE_CORRECTED", concern, by=by, at=before.at, payload=payload)
    _tell(concern, held_before, event=f"place:{before.pk}", by=by, now=now)
    return concern


def _named(row: Concern | PlaceCorrection) -> tuple[object, ...]:
    """What makes a place another one; a form carries degrees to a decimetre."""
    degrees = [None if each is None else round(each, DIGITS) for each in (row.lon, row.lat)]
    return (*degrees, row.place_text, row.is_home)


def _hide_a_home(concern: Concern, *, by: Actor, at: datetime) -> None:
    public = concern.public
    if concern.is_home and public is not None and public.precision == Precision.STREET:
        public_side.delete_public_side(concern, by=by, at=at)


def _tell(
    concern: Concern,
    held_before: tuple[int | None, int | None],
    *,
    event: str,
    by: Actor,
    now: datetime,
) -> None:
    if (concern.team_id, concern.owner_id) != held_before:
        routing.tell_new_holder(concern, by=by, now=now)
    elif by.is_reporter:
        notices.reporter_wrote(concern, event=event, now=now)
