"""One report that tells of several things becomes several cases; its reporter follows all of them
by the one code that they have."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from concerns.actions import routing
from concerns.actions.borrowed_words import borrows, residents_words
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    locked_as_seen,
    locked_together,
    log,
    move,
    needed_words,
    record_status,
    save,
)
from concerns.actions.correcting import FIELDS as PLACE_FIELDS
from concerns.actions.correcting import Place
from concerns.actions.intake import areas_of
from concerns.actions.public_side import delete_public_side
from concerns.deadlines import deadlines_from
from concerns.models import Category, Concern, ConcernArea, Part
from concerns.models.rules import Cause
from concerns.notices import news
from concerns.querysets import ConcernQuerySet
from concerns.routing import route
from concerns.routing_table import routing_table
from concerns.workflow import Outcome, State, WaitingOn
from engagement.audit.actors import Actor
from engagement.keys import references
from engagement.keys.moments import floor_to_hour
from engagement.places.queries import holidays_of

MOST_PARTS = 10
# What a part takes over from the report: who sent it, since when it waits, and who has it as long
# as nothing sends the part to somebody else.
TAKEN_OVER = (
    "agency_id",
    "language",
    "owner_id",
    "team_id",
    "priority",
    "level",
    "channel",
    "received_at",
    "received_on",
)


class CannotSplit(CannotMove):
    """`reason` is one of "done", "is_part", "too_many", "kind", "reporters_words"."""

    def __init__(self, concern: Concern, reason: str) -> None:
        super().__init__(concern)
        self.reason = reason


@dataclass(frozen=True)
class Brief:
    """What the new case is about, in words of staff. Its reporter reads them. `place` is where it
    lies, None where the report does."""

    text: str
    category_id: int
    place: Place | None = None


@transaction.atomic(durable=True)
def split(
    *,
    concern_id: int,
    seen_version: int,
    brief: Brief,
    by: Actor,
    now: datetime,
) -> Concern:
    """Make a case of one of the things that an open report tells.

    It starts at its beginning: nobody accepted it, nothing of it is public, its days to resolve
    count from the day of the report, and rules send it as they send a new one, else to the officer
    of its area. Where that is nobody, whoever has the report has the part.
    Raises StaleEdit, CannotSplit, BadWords.
    """
    if by.user_id is None:
        raise ValueError("only staff split reports")
    words = needed_words(brief.text)
    whole = locked_as_seen(concern_id, seen_version)
    why_not = refusal(whole)
    if why_not:
        raise CannotSplit(whole, why_not)
    category = _category(whole, brief.category_id)
    if any(borrows(words, written) for written in residents_words(whole)):
        raise CannotSplit(whole, "reporters_words")
    at = floor_to_hour(now)
    part = _store(whole, category, words, brief.place, at=at)
    Part.objects.create(
        agency_id=whole.agency_id, concern=part, of=whole, at=at, by_user_id=by.user_id
    )
    _send(part, at=at)
    change = record_status(part, by=by, at=at)
    save(whole)
    log("CONCERN_SPLIT", whole, by=by, at=at, payload={"part": part.staff_reference})
    log("CONCERN_PART_MADE", part, by=by, at=at, payload={"of": whole.staff_reference})
    routing.tell_new_holder(part, by=by, now=now)
    news(part, event=f"status:{change.pk}", now=now)
    return part


def refusal(whole: Concern) -> str:
    """Why no part can be made of a report, as CannotSplit says it; empty if one can."""
    if not whole.is_open:
        return "done"
    if Part.objects.filter(concern=whole).exists():
        return "is_part"
    return "too_many" if whole.parts.count() >= MOST_PARTS else ""


def answered(whole: Concern, *, by: Actor, at: datetime) -> None:
    """The reporter wrote: parts that waited for that go on. The report itself is locked."""
    waiting = Concern.objects.filter(
        part__of=whole, state=State.WAITING, waiting_on=WaitingOn.REPORTER
    )
    for part in _locked_parts(waiting):
        if part.state == State.WAITING and part.waiting_on == WaitingOn.REPORTER:
            move(part, State.WORKING, by=by, at=at)
            save(part, *STATE_FIELDS)
            log("CONCERN_ANSWERED", part, by=by, at=at)


def withdraw_parts(whole: Concern, *, by: Actor, at: datetime) -> None:
    """The reporter takes the report back: its open parts end with it. The report is locked, and
    the ids of its parts are higher than its own."""
    for part in _locked_parts(Concern.objects.open().filter(part__of=whole)):
        if part.is_open:
            delete_public_side(part, by=by, at=at)
            move(part, State.CLOSED, by=by, at=at, outcome=Outcome.WITHDRAWN)
            save(part, *STATE_FIELDS, "public")
            log("CONCERN_WITHDRAWN", part, by=by, at=at)


def _locked_parts(parts: ConcernQuerySet) -> list[Concern]:
    found = list(parts.order_by("pk").values_list("pk", flat=True))
    return list(locked_together(found).values()) if found else []


def _category(whole: Concern, category_id: int) -> Category:
    category = Category.objects.filter(
        pk=category_id, agency_id=whole.agency_id, is_active=True
    ).first()
    if category is None or not category.is_taken:
        raise CannotSplit(whole, "kind")
    return category


def _send(part: Concern, *, at: datetime) -> None:
    """Give a stored part to whom the rules of the day name for its kind and place."""
    today = part.agency.day_of(at)
    area_ids = [] if part.area_id is None else [part.area_id]
    table = routing_table(part.agency, on=today, area_ids=area_ids)
    found = route(routing.facts_of(part), rules=table.rules, staff=table.staff, on=today)
    if found.goes_to != (None, None):
        routing.lay(part, found)
        part.save(update_fields=routing.ROUTE_FIELDS)
    routing.keep(part, found, cause=Cause.PART, on=today)


def _store(
    whole: Concern, category: Category, words: str, place: Place | None, *, at: datetime
) -> Concern:
    today = whole.agency.day_of(at)
    holidays = holidays_of(whole.agency, since=whole.received_on)
    first = deadlines_from(
        day=today, ack_days=category.ack_days, target_days=None, holidays=holidays
    )
    whole_time = deadlines_from(
        day=whole.received_on,
        ack_days=None,
        target_days=category.target_days,
        holidays=holidays,
    )
    part = Concern(
        **{name: getattr(whole, name) for name in TAKEN_OVER},
        staff_reference=references.mint(),
        tracking_code=references.mint(),
        category=category,
        text=words,
        acknowledge_by=first.acknowledge_by,
        resolve_by=whole_time.resolve_by,
        very_late_after=whole_time.very_late_after,
    )
    part.agency = whole.agency
    areas = _lay(part, whole, place)
    part.save(force_insert=True)
    ConcernArea.objects.bulk_create(
        ConcernArea(agency_id=whole.agency_id, concern=part, area_id=area_id) for area_id in areas
    )
    return part


def _lay(part: Concern, whole: Concern, place: Place | None) -> list[int]:
    """Put a part that is not stored yet where it lies; returns its areas in all layers."""
    for name in PLACE_FIELDS:
        setattr(part, name, getattr(whole if place is None else place, name))
    if place is None:
        part.area_id = whole.area_id
        return list(whole.areas.order_by("pk").values_list("area_id", flat=True))
    found = areas_of(whole.agency, place.lon, place.lat, place.area_code)
    part.area_id = found.get(whole.agency.responsible_layer)
    return sorted(set(found.values()))
