"""Moments made coarse, for rows that an anonymous reporter causes."""

from datetime import UTC, date, datetime, tzinfo


def floor_to_hour(moment: datetime) -> datetime:
    """The full UTC hour at or before the aware `moment`. Raises ValueError on a naive one."""
    _refuse_naive(moment)
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The calendar day of the aware `moment` in `zone`. Raises ValueError on a naive one."""
    _refuse_naive(moment)
    return moment.astimezone(zone).date()


def _refuse_naive(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
