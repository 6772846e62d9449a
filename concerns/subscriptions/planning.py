"""Rounds: who is told what when. Days and hours are those of the agency, computed here."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from concerns.subscriptions.matching import audience
from concerns.subscriptions.models import News, Pace, Round
from concerns.subscriptions.notices import FOLLOWED
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions import queue_audience
from engagement.places.models import Agency

MORNING = 8
EVENING = 21
# After a long stop nobody needs the news of last month.
LONGEST = timedelta(days=14)
USEFUL = {
    Pace.NOW: timedelta(days=1),
    Pace.DAILY: timedelta(days=1),
    Pace.WEEKLY: timedelta(days=4),
}
# Two sweeps at once would tell the same news in two rounds.
LOCK = 7_302


def plan_due(*, now: datetime) -> int:
    """Plan every round that is due; returns how many had news. Safe to repeat.

    What was published in an hour is told after its end; digests leave at 8 in the morning, or
    later that day where nobody could at 8.
    """
    rounds = 0
    for agency in Agency.objects.filter(pk__in=_with_fresh_news(now)).order_by("pk"):
        rounds += plan_hour(agency=agency, now=now)
    told = _told_until()
    for agency in Agency.objects.order_by("pk"):
        for pace in (Pace.DAILY, Pace.WEEKLY):
            days = days_due(agency, pace, told=told.get((agency.pk, pace)), now=now)
            rounds += days is not None and plan_days(agency=agency, pace=pace, days=days, now=now)
    return rounds


@transaction.atomic(durable=True)
def plan_hour(*, agency: Agency, now: datetime) -> bool:
    """Tell what was published before this hour to those who wait for nothing."""
    if not _is_alone():
        return False
    fresh = News.objects.filter(agency=agency, round=None, hour__lt=floor_to_hour(now))
    today = agency.day_of(now)
    told = Round.objects.create(agency=agency, pace=Pace.NOW, first_on=today, last_on=today)
    if not fresh.update(round=told):
        told.delete()
        return False
    _plan(told, now)
    return True


@transaction.atomic(durable=True)
def plan_days(*, agency: Agency, pace: Pace, days: tuple[date, date], now: datetime) -> bool:
    """Tell what was published on these days, both included; False where that was done
    before, or nothing was published."""
    if not _is_alone():
        return False
    first, last = days
    told, is_new = Round.objects.get_or_create(
        agency=agency, pace=pace, last_on=last, defaults={"first_on": first}
    )
    if not is_new or not News.objects.filter(agency=agency, on__range=days).exists():
        return False
    _plan(told, now)
    return True


def days_due(
    agency: Agency, pace: Pace, *, told: date | None, now: datetime
) -> tuple[date, date] | None:
    """First and last day of the digest that is due, or None. `told` is the last day told before;
    days that were missed since then are made up for."""
    here = now.astimezone(agency.zone)
    if not MORNING <= here.hour < EVENING:
        return None
    last = here.date() - timedelta(days=1)
    if pace == Pace.WEEKLY:
        last = here.date() - timedelta(days=here.weekday() + 1)
    if told is not None and told >= last:
        return None
    usual = last - timedelta(days=6 if pace == Pace.WEEKLY else 0)
    missed = told + timedelta(days=1) if told else usual
    return max(missed, last - LONGEST), last


def _plan(told: Round, now: datetime) -> None:
    queue_audience(
        FOLLOWED,
        audience=audience(told),
        agency_id=told.agency_id,
        subject=Subject("round", str(told.pk)),
        event="news",
        now=now,
        useful_until=now + USEFUL[Pace(told.pace)],
    )


def _with_fresh_news(now: datetime) -> list[int]:
    fresh = News.objects.filter(round=None, hour__lt=floor_to_hour(now))
    return list(fresh.values_list("agency_id", flat=True).distinct().order_by("agency_id"))


def _told_until() -> dict[tuple[int, str], date]:
    rows = Round.objects.exclude(pace=Pace.NOW).values_list("agency_id", "pace")
    latest = rows.annotate(last=Max("last_on")).order_by("agency_id", "pace")
    return {(agency, pace): last for agency, pace, last in latest}


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
