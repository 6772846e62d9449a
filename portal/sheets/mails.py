"""Sheets by mail: who asked for one gets it when a shift, or a week, begins."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.audit.subjects import Subject
from engagement.outbox.actions import queue_audience
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact
from engagement.people.queries import staff_holding
from engagement.places.models import Agency, Area
from portal.models import SheetKind, SheetOrder, ShiftStart
from portal.sheets.beat import beat_sheet
from portal.sheets.printed import printed_beat, printed_week
from portal.sheets.registry import BEAT_ROLES, WEEK_ROLES
from portal.sheets.week import WEEK, monday_of, week_of

BEAT_SHEET = "portal.beat_sheet"
WEEK_SHEET = "portal.week"
# A clock that stood still for longer sends none: the shift has begun.
GRACE = timedelta(minutes=45)
WEEK_AT = time(6)
# The first two tables of a week name no single case.
NUMBERS_ALONE = 2


def send_due_sheets(*, now: datetime) -> int:
    """Plan the mails of shifts and weeks that began within the last 45 minutes; returns how many.

    Asked again it plans nothing twice.
    """
    planned = 0
    wanted = SheetOrder.objects.values("agency_id")
    for agency in Agency.objects.filter(pk__in=wanted).order_by("pk"):
        for start in _shifts_that_began(agency, now):
            planned += _send_beats(agency, start, now)
        if _begins(agency, monday_of(agency.day_of(now)), WEEK_AT, now):
            planned += _send_week(agency, now)
    return planned


def register_kinds() -> None:
    """Called once, when the apps are ready."""
    words = _("You get this because you asked for it at the desk, under Sheets.")
    for name, context in ((BEAT_SHEET, _beat_context), (WEEK_SHEET, _week_context)):
        register(
            Kind(
                name=name,
                template="sheets/mail/sheet",
                policy=Policy.TRANSACTIONAL,
                delivery=Delivery.AT_LEAST_ONCE,
                context=context,
                still_true=_still_wanted,
                usefulness=timedelta(hours=6),
                words=words,
            )
        )


def _shifts_that_began(agency: Agency, now: datetime) -> list[datetime]:
    today = agency.day_of(now)
    starts = ShiftStart.objects.filter(agency=agency).order_by("at").values_list("at", flat=True)
    return [
        datetime.combine(day, at, tzinfo=agency.zone)
        for at in starts
        for day in (today - timedelta(days=1), today)
        if _begins(agency, day, at, now)
    ]


def _begins(agency: Agency, day: Any, at: time, now: datetime) -> bool:
    start = datetime.combine(day, at, tzinfo=agency.zone)
    return timedelta() <= now - start < GRACE


@transaction.atomic(durable=True)
def _send_beats(agency: Agency, start: datetime, now: datetime) -> int:
    orders = SheetOrder.objects.filter(agency=agency, kind=SheetKind.BEAT)
    areas = Area.objects.filter(pk__in=orders.values("area_id")).order_by("pk")
    return sum(
        queue_audience(
            BEAT_SHEET,
            audience=_readers(orders.filter(area=area)),
            agency_id=agency.pk,
            subject=Subject("sheet", str(area.pk)),
            event=f"{start:%Y-%m-%dT%H:%M}",
            now=now,
        )
        for area in areas
    )


@transaction.atomic(durable=True)
def _send_week(agency: Agency, now: datetime) -> int:
    orders = SheetOrder.objects.filter(agency=agency, kind=SheetKind.WEEK)
    return queue_audience(
        WEEK_SHEET,
        audience=_readers(orders),
        agency_id=agency.pk,
        subject=Subject("sheet", "week"),
        event=f"{monday_of(agency.day_of(now)):%Y-%m-%d}",
        now=now,
    )


def _readers(orders: Any) -> Any:
    return Contact.objects.filter(account__in=orders.values("user_id"), account__is_active=True)


def _still_wanted(message: Message) -> bool:
    """Whether they still ask for it and still hold a role that may read it."""
    agency = Agency.objects.get(pk=message.agency_id or 0)
    is_beat = message.kind == BEAT_SHEET
    roles = BEAT_ROLES if is_beat else WEEK_ROLES
    readers = staff_holding(roles=roles, agency=agency, now=timezone.now())
    orders = SheetOrder.objects.filter(
        agency=agency,
        kind=SheetKind.BEAT if is_beat else SheetKind.WEEK,
        user__in=readers.order_by(),
        user__contact=message.contact_id,
    )
    if is_beat:
        orders = orders.filter(area=int(message.subject_reference))
    return orders.exists()


def _beat_context(message: Message) -> dict[str, Any]:
    agency = Agency.objects.get(pk=message.agency_id or 0)
    area = Area.objects.get(agency=agency, pk=int(message.subject_reference))
    sheet = printed_beat(beat_sheet(agency, area, now=timezone.now()))
    return {"sheet": sheet, "link": settings.ORIGIN + reverse("desk_sheet", args=[area.slug])}


def _week_context(message: Message) -> dict[str, Any]:
    agency, now = Agency.objects.get(pk=message.agency_id or 0), timezone.now()
    monday = monday_of(agency.day_of(now)) - WEEK
    whole = printed_week(week_of(agency, monday, now=now))
    return {
        # Numbers alone: single cases stay at the desk.
        "sheet": replace(whole, parts=whole.parts[:NUMBERS_ALONE]),
        "link": f"{settings.ORIGIN}{reverse('desk_week')}?from={monday:%Y-%m-%d}",
    }
