"""Who gets which sheet by mail, and when shifts begin."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.models import Agency, Area
from portal.models import SheetKind, SheetOrder, ShiftStart

MOST_SHIFTS = 6


class TooManyShifts(ValueError):
    """A day has six shifts at most."""


@transaction.atomic(durable=True)
def order(
    *, agency: Agency, kind: SheetKind, area: Area | None, wanted: bool, by: Actor, now: datetime
) -> None:
    """Begin or end a sheet by mail for who asks; twice changes nothing."""
    about = {"agency": agency, "user_id": by.user_id, "kind": kind, "area": area}
    if wanted:
        SheetOrder.objects.bulk_create([SheetOrder(**about)], ignore_conflicts=True)
    else:
        SheetOrder.objects.filter(**about).delete()
    record(
        "SHEET_ORDERED" if wanted else "SHEET_ENDED",
        by=by,
        subject=Subject("sheet", f"{kind} {area.pk}" if area else str(kind)),
        agency_id=agency.pk,
        now=now,
    )


@transaction.atomic(durable=True)
def set_shifts(*, agency: Agency, starts: Iterable[time], by: Actor, now: datetime) -> None:
    """Replace the times at which shifts begin. Raises TooManyShifts."""
    wanted = sorted(set(starts))
    if len(wanted) > MOST_SHIFTS:
        raise TooManyShifts
    Agency.objects.select_for_update().get(pk=agency.pk)
    ShiftStart.objects.filter(agency=agency).delete()
    ShiftStart.objects.bulk_create(ShiftStart(agency=agency, at=at) for at in wanted)
    record(
        "SHIFTS_CHANGED",
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
        payload={"starts": " ".join(f"{at:%H:%M}" for at in wanted)},
    )
