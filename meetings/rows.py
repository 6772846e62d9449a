"""A meeting as one line of a list, in ready words: a template calls nothing per row."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagement.doors.addresses import address
from meetings.models import Kind, Meeting, Mode
from meetings.moments import local_start, when_words


@dataclass(frozen=True)
class Row:
    """`weekday`, `day` and `month` are the leaf of a calendar; `state` is "cancelled", "moved" or
    empty; `at` is the start as ISO 8601."""

    url: str
    title: str
    is_untranslated: bool
    weekday: str
    day: int
    month: str
    when: str
    at: str
    kind: str
    where: str
    areas: str
    state: str
    state_words: str


@dataclass(frozen=True)
class Month:
    """ "December 2026" and its meetings in order."""

    name: str
    rows: list[Row]


def rows_of(request: HttpRequest, meetings: Iterable[Meeting]) -> list[Row]:
    """Lines in the active language, in the order given; areas must be loaded."""
    return [_row(request, meeting) for meeting in meetings]


def months_of(request: HttpRequest, meetings: Iterable[Meeting]) -> list[Month]:
    """The same lines under their months, by the clock of each meeting."""
    return [
        Month(name, rows_of(request, found)) for name, found in groupby(meetings, key=month_words)
    ]


def month_words(meeting: Meeting) -> str:
    return formats.date_format(local_start(meeting), pgettext("form of a date", "F Y"))


def where_words(meeting: Meeting) -> str:
    """The place, or the word Online, or both."""
    if meeting.mode == Mode.ONLINE:
        return str(Mode.ONLINE.label)
    if meeting.mode == Mode.HYBRID:
        return _("%(place)s, and online") % {"place": meeting.place_name}
    return meeting.place_name


def state_of(meeting: Meeting) -> tuple[str, str]:
    """ "cancelled", "moved" or nothing, and its word."""
    if meeting.is_cancelled:
        return "cancelled", pgettext("state of a meeting", "Cancelled")
    if meeting.has_moved:
        return "moved", pgettext("state of a meeting", "Moved")
    return "", ""


def _row(request: HttpRequest, meeting: Meeting) -> Row:
    start = local_start(meeting)
    state, state_words = state_of(meeting)
    return Row(
        url=address(request, "meeting", meeting.slug),
        title=str(meeting.title),
        is_untranslated=meeting.title.missing(),
        weekday=formats.date_format(start, pgettext("form of a date", "D")),
        day=start.day,
        month=formats.date_format(start, pgettext("form of a date", "M")),
        when=when_words(meeting),
        at=start.isoformat(),
        kind=str(Kind(meeting.kind).label),
        where=where_words(meeting),
        areas=", ".join(link.area.name for link in meeting.areas.all()),
        state=state,
        state_words=state_words,
    )
