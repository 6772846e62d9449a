"""Staff correct how a concern is filed: its kind, and how pressing it is."""

from datetime import date, datetime

from django.db import transaction

from concerns import notices
from concerns.actions import public_side, routing
from concerns.actions.casework import CannotMove, locked_as_seen, log, save
from concerns.deadlines import Deadlines, deadlines_from
from concerns.models import Category, Concern
from concerns.models.concern import Priority
from concerns.models.rules import Cause
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.places.queries import holidays_of

CLOCKS = ("acknowledge_by", "resolve_by", "very_late_after")


class CannotChangePriority(CannotMove):
    """There is no such priority."""


class CannotCorrectCategory(CannotMove):
    """That category is of another agency, not in use, or not taken here."""


@transaction.atomic(durable=True)
def change_priority(
    *, concern_id: int, seen_version: int, priority: str, by: Actor, now: datetime, why: str = ""
) -> Concern:
    """Say how pressing it is, and for staff why. Raises StaleEdit, CannotChangePriority."""
    concern = locked_as_seen(concern_id, seen_version)
    if priority not in Priority.values:
        raise CannotChangePriority(concern)
    at = floor_to_hour(now)
    before, concern.priority = concern.priority, priority
    save(concern, "priority")
    payload: dict[str, str | int | bool | None] = {"from": before, "to": priority}
    log("CONCERN_PRIORITY_CHANGED", concern, by=by, at=at, payload=payload, why=why)
    return concern


@transaction.atomic(durable=True)
def correct_category(
    *,
    concern_id: int,
    seen_version: int,
    category_id: int,
    by: Actor,
    now: datetime,
    tell: notices.Tell = notices.new_for_owner,
) -> Concern:
    """File it under the right kind: its deadlines count anew from the day it was received, rules
    may send it to somebody else, and what is public becomes as coarse as the new kind demands, or
    goes.

    `tell` is who tells whoever has it now. Raises StaleEdit, CannotCorrectCategory.
    """
    concern = locked_as_seen(concern_id, seen_version)
    category = Category.objects.filter(
        pk=category_id, agency_id=concern.agency_id, is_active=True
    ).first()
    if category is None or not category.is_taken or not concern.is_open:
        raise CannotCorrectCategory(concern)
    at = floor_to_hour(now)
    before, concern.category = concern.category, category
    table = routing.table_for(concern, at=at)
    due = clocks_under(concern, category, holidays=table.holidays)
    concern.acknowledge_by, concern.resolve_by = due.acknowledge_by, due.resolve_by
    concern.very_late_after = due.very_late_after
    writes = Together()
    public_side.fit_to_category(concern, before=before, by=by, at=at, writes=writes)
    payload: dict[str, str | int | bool | None] = {"from": before.code, "to": category.code}
    log("CONCERN_CATEGORY_CORRECTED", concern, by=by, at=at, payload=payload, writes=writes)
    was_sent_on = routing.reroute(
        concern, cause=Cause.CATEGORY, by=by, at=at, table=table, writes=writes
    )
    save(concern, "category", *CLOCKS, "public", *routing.ROUTE_FIELDS, writes=writes)
    writes.send()
    if was_sent_on:
        routing.tell_new_holder(concern, by=by, now=now, tell=tell)
    return concern


def clocks_under(
    concern: Concern, category: Category, *, holidays: frozenset[date] | None = None
) -> Deadlines:
    """Return its deadlines if it were of that kind, waiting so far included. One query, none with
    the `holidays` since the day it was received."""
    if holidays is None:
        holidays = frozenset(holidays_of(concern.agency, since=concern.received_on))
    return deadlines_from(
        day=concern.received_on,
        ack_days=category.ack_days,
        target_days=category.target_days,
        holidays=holidays,
        waited_days=concern.waited_days,
    )
