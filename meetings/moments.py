"""When a meeting is, in words: always with weekday and zone, on the clock of its place. Pure."""

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class Dated(Protocol):
    """Anything that starts at an aware moment, lasts so many minutes, and has a clock."""

    starts_at: datetime
    minutes: int

    @property
    def zone(self) -> ZoneInfo: ...


def local_start(meeting: Dated) -> datetime:
    return meeting.starts_at.astimezone(meeting.zone)


def local_end(meeting: Dated) -> datetime:
    return (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(meeting.zone)


def day_words(meeting: Dated) -> str:
    """ "Tuesday, December 8, 2026" in the active language."""
    return formats.date_format(local_start(meeting), pgettext("form of a date", "l, F j, Y"))


def time_words(meeting: Dated) -> str:
    """ "6:30 PM to 8:00 PM CST". The zone is said twice where it changes between the two, and the
    day of the end where it is another day."""
    start, end = local_start(meeting), local_end(meeting)
    is_same_zone = start.tzname() == end.tzname()
    begins = _clock(start) if is_same_zone else f"{_clock(start)}\N{NO-BREAK SPACE}{start.tzname()}"
    ends = f"{_clock(end)}\N{NO-BREAK SPACE}{end.tzname()}"
    if start.date() != end.date():
        ends = f"{formats.date_format(end, pgettext('form of a date', 'l, F j'))}, {ends}"
    return _("%(start)s to %(end)s") % {"start": begins, "end": ends}


def when_words(meeting: Dated) -> str:
    """Day and times in one line."""
    return f"{day_words(meeting)}, {time_words(meeting)}"


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """ "Tuesday, December 8, 2026, 6:30 PM CST" for one aware moment."""
    local = moment.astimezone(zone)
    day = formats.date_format(local, pgettext("form of a date", "l, F j, Y"))
    return f"{day}, {_clock(local)}\N{NO-BREAK SPACE}{local.tzname()}"


def _clock(moment: datetime) -> str:
    """ "6:30 PM" that no line end tears apart."""
    words = formats.date_format(moment, pgettext("form of a time", "g:i A"))
    return words.replace(" ", "\N{NO-BREAK SPACE}")
