"""Staff are away for some days, and others stand in for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from concerns.models import Absence
from concerns.querysets import READ
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.places.models import Agency

# Longer than that is a departure, or work for somebody else.
LONGEST = timedelta(days=366)


class CannotBeAway(ValueError):
    """These days cannot be set; `reason` is one of "over", "order", "too_long", "overlap",
    "not_staff", "not_stand_in"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date


@transaction.atomic(durable=True)
def set_absence(
    *,
    agency: Agency,
    user_id: int,
    days: Days,
    stand_in_id: int | None,
    by: Actor,
    now: datetime,
) -> Absence:
    """Note that somebody who works on concerns is away; their new ones go to the stand-in
    meanwhile, or to nobody where none is named. Raises CannotBeAway."""
    _refuse_odd(days, agency.day_of(now))
    here = staff_holding(roles=permission(READ).roles, agency=agency, now=now)
    # Two tabs of one person must not set two absences of the same days.
    if not here.select_for_update(no_key=True, of=("self",)).filter(pk=user_id).exists():
        raise CannotBeAway("not_staff")
    if stand_in_id is not None and (
        stand_in_id == user_id or not here.filter(pk=stand_in_id).exists()
    ):
        raise CannotBeAway("not_stand_in")
    rows = Absence.objects.filter(agency=agency, user_id=user_id)
    if rows.filter(from_on__lte=days.last, until_on__gte=days.first).exists():
        raise CannotBeAway("overlap")
    made = Absence.objects.create(
        agency=agency,
        user_id=user_id,
        stand_in_id=stand_in_id,
        from_on=days.first,
        until_on=days.last,
    )
    _log("ABSENCE_SET", made, by=by, now=now)
    return made


@transaction.atomic(durable=True)
def end_absence(*, absence_id: int, by: Actor, now: datetime) -> None:
    """They are back today; one that had not begun is deleted, one that is over stays as it is."""
    absence = (
        Absence.objects.select_related("agency").select_for_update(of=("self",)).get(pk=absence_id)
    )
    yesterday = absence.agency.day_of(now) - timedelta(days=1)
    if absence.until_on <= yesterday:
        return
    _log("ABSENCE_ENDED", absence, by=by, now=now)
    if absence.from_on > yesterday:
        absence.delete()
    else:
        absence.until_on = yesterday
        absence.save(update_fields=["until_on"])


def _refuse_odd(days: Days, today: date) -> None:
    if days.last < days.first:
        raise CannotBeAway("order")
    if days.last < today:
        raise CannotBeAway("over")
    if days.last - days.first > LONGEST:
        raise CannotBeAway("too_long")


def _log(event: str, absence: Absence, *, by: Actor, now: datetime) -> None:
    record(
        event,
        by=by,
        subject=Subject("account", str(absence.user_id)),
        agency_id=absence.agency_id,
        now=now,
        payload={
            "from": absence.from_on.isoformat(),
            "until": absence.until_on.isoformat(),
            "stand_in": absence.stand_in_id,
        },
    )
