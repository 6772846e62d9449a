"""Wall time and instants. Pure.

Organisers think in wall time ("18:30 on the first Thursday"), mails leave and calendars remind at
instants. The wall time is what was announced, so it is what is stored; the instant follows from it
here and never in SQL, as PostgreSQL reads an hour that occurs twice as the later one.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

REMINDER_DAYS = 1
REMINDER_TIME = time(18, 30)
SHORT_NOTICE = timedelta(hours=2)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment at which clocks in `zone` show the naive `wall`.

    An hour that is skipped in spring counts from before the change, so 02:30 becomes 03:30; one
    that occurs twice in autumn is its first. Raises ValueError when `wall` has a zone already.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in `zone` show at the aware `instant`, naive."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def is_gap(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in `zone` never show `wall`, as they are set forward over it."""
    return wall_of(instant_of(wall, zone), zone) != wall


def is_ambiguous(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in `zone` show `wall` twice, as they are set back over it."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset() and not is_gap(wall, zone)


def reminder_due(
    *, starts_wall: datetime, starts_at: datetime, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """When to remind somebody who knows of the meeting since `now`; None when it is too late.

    The evening before at 18:30 by the clocks of the place, which is not "24 hours before" when
    they change in between; for who comes later, two hours before the start.
    """
    evening = datetime.combine(starts_wall.date() - timedelta(days=REMINDER_DAYS), REMINDER_TIME)
    for due in (instant_of(evening, zone), starts_at - SHORT_NOTICE):
        if now < due:
            return due
    return None
