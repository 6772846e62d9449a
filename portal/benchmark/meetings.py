"""Invented meetings of six years, and crowds that answered the latest of the largest agency."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum

from engagement.keys import references
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency, Area
from engagement.places.wording import Wording
from meetings.clock import instant_of
from meetings.models import Kind, Meeting, MeetingArea, Rsvp, Schedule
from meetings.workflow import State
from portal.benchmark.shape import YEARS

DAYS_APART, AHEAD = 14, 12
# One answer to so many concerns, spread over the next meeting and those before it.
CONCERNS_PER_ANSWER = 25
ANSWERED = 20
BATCH = 5_000


@transaction.atomic
def hold(agencies: list[Agency], *, concerns: int, now: datetime) -> int:
    """Store the meetings of all agencies and the answers of the first; returns how many answers.

    The crowd has no addresses: figures of mails are measured by themselves.
    """
    for agency in agencies:
        _announce(agency, now)
    each = concerns // CONCERNS_PER_ANSWER // ANSWERED
    mine = Meeting.objects.of(agencies[0])
    before = list(mine.over(now).order_by("-starts_at", "-id")[: ANSWERED - 1])
    for meeting in (mine.ahead(now).earliest("starts_at"), *before):
        _answer(meeting, each, now)
    return each * ANSWERED


def _announce(agency: Agency, now: datetime) -> None:
    past = YEARS * 365 // DAYS_APART
    today = agency.day_of(now)
    days = [today + timedelta(days=DAYS_APART * n + 1) for n in range(-past, AHEAD)]
    walls = [datetime.combine(day, time(18, 30)) for day in days]
    rows = Meeting.objects.bulk_create(_meeting(agency, wall, now) for wall in walls)
    Schedule.objects.bulk_create(_schedule(row) for row in rows)
    areas = list(Area.objects.filter(agency=agency).order_by("id").values_list("pk", flat=True))
    MeetingArea.objects.bulk_create(
        MeetingArea(agency=agency, meeting=row, area_id=areas[number % len(areas)])
        for number, row in enumerate(rows)
        # Every third is for the whole agency.
        if number % 3
    )


def _meeting(agency: Agency, wall: datetime, now: datetime) -> Meeting:
    starts_at = instant_of(wall, agency.zone)
    reference = references.mint()
    return Meeting(
        agency=agency,
        reference=reference,
        slug=f"meeting-{wall.date()}-{reference.lower()}",
        uid=f"{reference}@bench.invalid",
        state=State.ANNOUNCED,
        kind=Kind.BEAT_MEETING,
        title=Wording({"en": "Beat meeting", "es": "Reunión de zona"}),
        summary=Wording({"en": "What moved since last time.", "es": "Lo que avanzó."}),
        starts_on=wall.date(),
        starts_time=wall.time(),
        timezone=agency.timezone,
        minutes=90,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        place_name="Invented Hall",
        languages=["en", "es"],
        announced_on=min(wall.date() - timedelta(days=30), agency.day_of(now)),
        created_on=min(wall.date() - timedelta(days=40), agency.day_of(now)),
        changed_at=now,
    )


def _schedule(meeting: Meeting) -> Schedule:
    return Schedule(
        agency_id=meeting.agency_id,
        meeting=meeting,
        revision=0,
        starts_on=meeting.starts_on,
        starts_time=meeting.starts_time,
        timezone=meeting.timezone,
        minutes=meeting.minutes,
        starts_at=meeting.starts_at,
        place_name=meeting.place_name,
    )


def _answer(meeting: Meeting, number: int, now: datetime) -> None:
    hour = floor_to_hour(now)
    rows = (
        Rsvp(
            agency_id=meeting.agency_id,
            meeting=meeting,
            party_size=1 + each % 3,
            created_at=hour,
            updated_at=hour,
        )
        for each in range(number)
    )
    Rsvp.objects.bulk_create(rows, batch_size=BATCH)
    taken = Rsvp.objects.filter(meeting=meeting).aggregate(taken=Sum("party_size", default=0))
    Meeting.objects.filter(pk=meeting.pk).update(seats_taken=taken["taken"])
