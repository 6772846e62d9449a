"""Deadlines in business days of the agency; the clock stops while a concern waits. Pure."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from engagement.places.business import add_business_days, business_days_between

# What took longer than so many times its target is very late, not just late.
VERY_LATE_FACTOR = 3


@dataclass(frozen=True)
class Deadlines:
    acknowledge_by: date | None
    resolve_by: date | None
    # The last day of three times the target; whatever is open after it is very late.
    very_late_after: date | None = None


def deadlines_from(
    *,
    day: date,
    ack_days: int | None,
    target_days: int | None,
    holidays: Set[date],
    waited_days: int = 0,
) -> Deadlines:
    """Return the deadlines of what came in on `day`; None where its category has no clock.

    `waited_days` are the business days that its clock has stood still so far: an answer in time
    is none of them, and waiting is not tripled.
    """

    def after(days: int | None) -> date | None:
        return None if days is None else add_business_days(day, days, holidays)

    target = None if target_days is None else target_days + waited_days
    thrice = None if target_days is None else target_days * VERY_LATE_FACTOR + waited_days
    return Deadlines(after(ack_days), after(target), after(thrice))


def very_late_after(day: date, resolve_by: date | None, holidays: Set[date]) -> date | None:
    """Return the same last day for a target date that another system set."""
    if resolve_by is None or resolve_by < day:
        return None
    days = business_days_between(day, resolve_by, holidays)
    return add_business_days(day, days * VERY_LATE_FACTOR, holidays)


def days_back(today: date, days: int, holidays: Set[date]) -> date:
    """Return the last day from which `days` business days have passed until `today`.

    What was due on it or before is overdue by so many or more.
    """
    day = today
    while business_days_between(day, today, holidays) < days:
        day -= timedelta(days=1)
    return day


def after_waiting(
    deadline: date | None, *, since: date | None, today: date, holidays: Set[date]
) -> date | None:
    """Return the deadline moved by the business days that the concern waited since `since`."""
    if deadline is None or since is None:
        return deadline
    waited = business_days_between(since, today, holidays)
    return add_business_days(deadline, waited, holidays) if waited else deadline
