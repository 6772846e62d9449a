"""Business days: Monday to Friday without the agency's holidays."""

from collections.abc import Set
from datetime import date, timedelta

SATURDAY = 5


def is_business_day(day: date, holidays: Set[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def add_business_days(start: date, days: int, holidays: Set[date]) -> date:
    """Give the day that lies `days` business days after `start`.

    `start` itself never counts: what arrives on a Friday and is due in one
    business day is due on Monday. With 0 days the answer is `start`, or the
    next business day when `start` is none.
    Raises ValueError when `days` is negative.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    day = start
    if days == 0:
        while not is_business_day(day, holidays):
            day += timedelta(days=1)
        return day
    left = days
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day, holidays)
    return day


def business_days_between(start: date, end: date, holidays: Set[date]) -> int:
    """Count the business days after `start` up to and with `end`; negative if `end` is earlier."""
    if end < start:
        return -business_days_between(end, start, holidays)
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(is_business_day(day, holidays) for day in days)
