"""Open concerns of somebody who may no longer work on them go to others, one by one."""

from datetime import datetime

from django.db import transaction

from concerns import given_notices
from concerns.actions.casework import log, save
from concerns.models import Concern
from concerns.queries import duties_in
from concerns.querysets import READ, ConcernQuerySet
from concerns.routing import owner_for
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.people.models import Departure
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.places.models import Agency

BY = Actor.task("departure")


def held(user_id: int, agency_id: int) -> int:
    """How many open concerns of the agency are with this person. One query."""
    return Concern.objects.open().filter(owner_id=user_id, agency_id=agency_id).count()


def hand_over(departure: Departure, *, now: datetime, limit: int) -> int:
    """Pass on up to `limit` unfinished concerns of somebody who may read none any more.

    They go to the named colleague if that one may read concerns, else to the officer of their
    area, else to nobody: a supervisor finds them in the list of what lies with nobody. Returns
    how many were passed on. Each is its own transaction.
    """
    agency = departure.agency
    if _may_read(departure.user_id, agency, now):
        return 0
    heir = departure.hand_to_id
    if heir is not None and not _may_read(heir, agency, now):
        heir = None
    concerns = _unfinished().filter(owner_id=departure.user_id, agency=agency)
    concern_ids = list(concerns.order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_pass_on(concern_id, departure, heir, now) for concern_id in concern_ids)


def _unfinished() -> ConcernQuerySet:
    """Open ones, and resolved ones that their reporters may still open again."""
    unfinished: ConcernQuerySet = Concern.objects.exclude(state=State.CLOSED)
    return unfinished


@transaction.atomic(durable=True)
def _pass_on(concern_id: int, departure: Departure, heir: int | None, now: datetime) -> bool:
    """Look again under the lock: somebody may have taken it, or closed it, in the meantime."""
    rows = _unfinished().select_related("agency").defer("search")
    concern = (
        rows.select_for_update(of=("self",))
        .filter(pk=concern_id, owner_id=departure.user_id)
        .first()
    )
    if concern is None:
        return False
    concern.owner_id = heir or _lead_there(concern, departure.user_id, now)
    save(concern, "owner")
    by = Actor.staff(departure.by_user_id) if departure.by_user_id else BY
    payload: dict[str, str | int | bool | None] = {
        "from": departure.user_id,
        "to": concern.owner_id,
        "departure": departure.pk,
    }
    log("CONCERN_ASSIGNED", concern, by=by, at=floor_to_hour(now), payload=payload)
    if concern.is_open and concern.owner_id not in (None, departure.by_user_id):
        given_notices.handed_over(concern, departure_id=departure.pk, now=now)
    return True


def _lead_there(concern: Concern, leaver: int, now: datetime) -> int | None:
    today = concern.agency.day_of(now)
    duties = duties_in(concern.area_id, on=today)
    others = [duty for duty in duties if duty.user_id != leaver]
    return owner_for(area_id=concern.area_id, duties=others, on=today)


def _may_read(user_id: int, agency: Agency, now: datetime) -> bool:
    roles = permission(READ).roles
    return staff_holding(roles=roles, agency=agency, now=now).filter(pk=user_id).exists()
