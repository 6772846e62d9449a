"""Staff correct how a concern is filed: its kind, and how pressing it is."""

from datetime import datetime

from django.db import transaction

from concerns.actions import publishing
from concerns.actions.casework import CannotMove, locked_as_seen, log, save
from concerns.deadlines import deadlines_from
from concerns.models import Category, Concern
from concerns.models.concern import Priority
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.queries import holidays_of


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
    *, concern_id: int, seen_version: int, category_id: int, by: Actor, now: datetime
) -> Concern:
    """File it under the right kind: its deadlines count anew from the day it was received, and
    what is public becomes as coarse as the new kind demands, or goes.

    Raises StaleEdit, CannotCorrectCategory.
    """
    concern = locked_as_seen(concern_id, seen_version)
    category = Category.objects.filter(
        pk=category_id, agency_id=concern.agency_id, is_active=True
    ).first()
    if category is None or not category.is_taken or not concern.is_open:
        raise CannotCorrectCategory(concern)
    at = floor_to_hour(now)
    before, concern.category = concern.category, category
    _count_deadlines_anew(concern)
    publishing.fit_to_category(concern, before=before, by=by, at=at)
    save(concern, "category", "acknowledge_by", "resolve_by", "public")
    payload: dict[str, str | int | bool | None] = {"from": before.code, "to": category.code}
    log("CONCERN_CATEGORY_CORRECTED", concern, by=by, at=at, payload=payload)
    return concern


def _count_deadlines_anew(concern: Concern) -> None:
    target = concern.category.target_days
    due = deadlines_from(
        day=concern.received_on,
        ack_days=concern.category.ack_days,
        target_days=None if target is None else target + concern.waited_days,
        holidays=holidays_of(concern.agency, since=concern.received_on),
    )
    concern.acknowledge_by, concern.resolve_by = due.acknowledge_by, due.resolve_by
