"""The beat sheet: what one area asks of a shift, for officers who take paper along."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from concerns.models import Concern
from concerns.models.categories import Visibility
from concerns.querysets import ConcernQuerySet
from concerns.views.desk_rows import due_on
from concerns.workflow import State
from engagement.places.models import Agency, Area
from meetings import queries as meetings
from meetings.moments import when_words
from meetings.rows import where_words
from portal.sheets.lines import COLUMNS, CaseLine, line_of

MOST_LINES = 20
# A shift ends within so long; a meeting that begins until then is tonight's.
SHIFT = timedelta(hours=14)
MOST_MEETINGS = 6


@dataclass(frozen=True)
class Part:
    """Some lines under one heading; `has_more` when not all fit."""

    code: str
    lines: list[CaseLine]
    has_more: bool


@dataclass(frozen=True)
class MeetingLine:
    when: str
    title: str
    where: str


@dataclass(frozen=True)
class BeatSheet:
    agency: Agency
    area: Area
    at: datetime
    parts: list[Part]
    meetings: list[MeetingLine]

    @property
    def is_empty(self) -> bool:
        return not self.meetings and not any(part.lines for part in self.parts)


def beat_sheet(agency: Agency, area: Area, *, now: datetime) -> BeatSheet:
    """Read what waits in the area; one query for each part. A case stands under one heading.

    Private kinds never come onto paper, whoever prints it.
    """
    today = agency.day_of(now)
    late_or_due = Q(state=State.RECEIVED, acknowledge_by__lte=today) | Q(resolve_by__lte=today)
    wanted = {
        "first": Q(state=State.RECEIVED, danger__gt=""),
        "answer": Q(unanswered_since__isnull=False),
        "due": ~Q(state=State.WAITING) & late_or_due,
        "new": Q(state=State.RECEIVED, received_on__gte=today - timedelta(days=1)),
    }
    parts: list[Part] = []
    taken: set[int] = set()
    for code, condition in wanted.items():
        rows = list(
            on_paper(agency, area).filter(condition).exclude(pk__in=taken)[: MOST_LINES + 1]
        )
        taken |= {row.pk for row in rows[:MOST_LINES]}
        lines = [
            line_of(row, agency=agency, due_on=due_on(row), today=today)
            for row in rows[:MOST_LINES]
        ]
        parts.append(Part(code, lines, has_more=len(rows) > MOST_LINES))
    return BeatSheet(agency, area, now, parts, _tonight(agency, area, now))


def on_paper(agency: Agency, area: Area) -> ConcernQuerySet:
    """Open work of the area that may be printed, the most urgent first."""
    rows = Concern.objects.filter(agency=agency, area=area).not_held().open()
    rows = rows.exclude(category__visibility=Visibility.NEVER)
    rows = rows.select_related("category", "area", "owner").only(*COLUMNS)
    return rows.order_by("acknowledge_by", "resolve_by", "id")


def _tonight(agency: Agency, area: Area, now: datetime) -> list[MeetingLine]:
    ahead = meetings.upcoming(agency, now=now, area=area).filter(starts_at__lt=now + SHIFT)
    return [
        MeetingLine(when_words(meeting), str(meeting.title), where_words(meeting))
        for meeting in ahead[:MOST_MEETINGS]
    ]
