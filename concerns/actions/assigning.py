"""Staff give a concern to an officer, or back to the queue."""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions.casework import CannotMove, locked_as_seen, log, save
from concerns.models import Concern
from concerns.querysets import READ
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.people.queries import staff_holding
from engagement.people.registry import permission


class CannotAssign(CannotMove):
    """That person may not read concerns of this agency, or their account is locked."""


@transaction.atomic(durable=True)
def assign(
    *,
    concern_id: int,
    seen_version: int,
    officer_id: int | None,
    by: Actor,
    now: datetime,
    tell: notices.Tell = notices.new_for_owner,
) -> Concern:
    """Give the concern to an officer who may read it, or to nobody (None: back to the queue).

    `tell` is who tells them. Raises StaleEdit, CannotAssign.
    """
    concern = locked_as_seen(concern_id, seen_version)
    if officer_id is not None and not _can_own(officer_id, concern, now):
        raise CannotAssign(concern)
    at = floor_to_hour(now)
    before, concern.owner_id = concern.owner_id, officer_id
    save(concern, "owner")
    log("CONCERN_ASSIGNED", concern, by=by, at=at, payload={"from": before, "to": officer_id})
    if officer_id not in (None, before, by.user_id):
        tell(concern, now=now)
    return concern


def _can_own(officer_id: int, concern: Concern, now: datetime) -> bool:
    # Asked of the grants: rights also ask for a second factor, which only a session has.
    readers = staff_holding(roles=permission(READ).roles, agency=concern.agency, now=now)
    return readers.filter(pk=officer_id).exists()
