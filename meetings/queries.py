"""What pages ask about meetings. The public ones work under the public database role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from engagement.places.models import Agency, Area
from meetings.models import Joining, Meeting, MeetingArea, Rsvp, Schedule
from meetings.querysets import MeetingQuerySet
from meetings.workflow import Going, State

# A cancelled meeting stays in the feed for so long: a calendar that hears nothing keeps it.
CANCELLED_STAYS = timedelta(days=30)


@dataclass(frozen=True)
class Answers:
    """How many answered, never who. `people` counts their parties."""

    parties: int
    people: int
    with_needs: int
    unreachable: int
    withdrawn: int
    by_size: tuple[tuple[int, int], ...]


def upcoming(agency: Agency, *, now: datetime, area: Area | None = None) -> MeetingQuerySet:
    """Announced and not over, soonest first; cancelled ones until they would have ended."""
    return _public(agency, area).ahead(now).order_by("starts_at", "id")


def past(agency: Agency, *, now: datetime, area: Area | None = None) -> MeetingQuerySet:
    """Meetings that took place, newest first."""
    return (
        _public(agency, area).over(now).filter(state=State.ANNOUNCED).order_by("-starts_at", "-id")
    )


def in_feed(agency: Agency, *, now: datetime, area: Area | None = None) -> MeetingQuerySet:
    """What a subscribed calendar holds: all ahead, and 30 days back."""
    return _public(agency, area).ahead(now - CANCELLED_STAYS).order_by("starts_at", "id")


def by_slug(agency: Agency, slug: str) -> Meeting | None:
    """A public meeting of this agency."""
    return _public(agency, None).filter(slug=slug).first()


def told_before(meeting: Meeting) -> Schedule | None:
    """Time and place before the last move, for the banner; None when it never moved."""
    if not meeting.has_moved:
        return None
    latest = Schedule.objects.filter(meeting=meeting).order_by("-revision")
    return latest[1:2].first()


def of_staff(
    user: AbstractBaseUser | AnonymousUser, agency: Agency, *, is_over: bool, now: datetime
) -> QuerySet[Meeting]:
    """The desk's list: what is ahead soonest first, or what is over newest first."""
    rows = with_areas(Meeting.objects.visible_to(user).of(agency))
    if is_over:
        return rows.over(now).order_by("-starts_at", "-id")
    return rows.ahead(now).order_by("starts_at", "id")


def answers_to(meeting: Meeting) -> Answers:
    """In two statements, however many answered."""
    of_meeting = Rsvp.objects.filter(meeting=meeting)
    going = Q(state=Going.GOING)
    found = of_meeting.aggregate(
        parties=Count("pk", filter=going),
        people=Sum("party_size", filter=going, default=0),
        with_needs=Count("pk", filter=going & ~Q(needs_sealed=b"")),
        unreachable=Count("pk", filter=going & Q(contact__isnull=True)),
        withdrawn=Count("pk", filter=~going),
    )
    sizes = of_meeting.filter(going).values_list("party_size").order_by("party_size")
    return Answers(**found, by_size=tuple(sizes.annotate(parties=Count("pk"))))


def to_be_told(meeting: Meeting) -> int:
    """How many mails a move or a cancellation would send."""
    rows = Rsvp.objects.filter(meeting=meeting, state=Going.GOING, contact__isnull=False)
    return rows.count()


def _public(agency: Agency, area: Area | None) -> MeetingQuerySet:
    rows = Meeting.objects.of(agency).public()
    return with_areas(rows.concerning(area) if area else rows)


def with_areas(rows: MeetingQuerySet) -> MeetingQuerySet:
    """The same meetings with agency and areas loaded."""
    areas = MeetingArea.objects.select_related("area").order_by("area__name", "pk")
    return rows.select_related("agency").prefetch_related(Prefetch("areas", queryset=areas))


def by_address(slug: str) -> Meeting | None:
    """A public meeting of any agency: its link opens wherever it was mailed or posted."""
    return with_areas(Meeting.objects.public()).filter(slug=slug).first()


def way_in(meeting: Meeting) -> Joining | None:
    """Link and number for those who join from elsewhere; not under the public role."""
    return Joining.objects.filter(meeting=meeting).first() if meeting.is_online else None


def linked_to(account_links: Sequence[bytes], *, now: datetime) -> QuerySet[Rsvp]:
    """Answers of one account to meetings that are not over, soonest first."""
    rows = Rsvp.objects.filter(account_link__in=account_links, meeting__ends_at__gt=now)
    areas = MeetingArea.objects.select_related("area").order_by("area__name", "pk")
    rows = rows.select_related("meeting__agency")
    return rows.prefetch_related(Prefetch("meeting__areas", queryset=areas)).order_by(
        "meeting__starts_at", "pk"
    )
