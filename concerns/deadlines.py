"""Deadlines in business days of the agency; the clock stops while a concern waits. Pure."""

from dataclasses import dataclass
from datetime import date

from engagement.places.business import add_business_days, business_days_between


@dataclass(frozen=True)
class Deadlines:
    acknowledge_by: date | None
    resolve_by: date | None


def deadlines_from(
    *, day: date, ack_days: int | None, target_days: int | None, holidays: set[date]
) -> Deadlines:
    """Return both deadlines of what came in on `day`; None where its category has no clock."""
    return Deadlines(
        acknowledge_by=None if ack_days is None else add_business_days(day, ack_days, holidays),
        resolve_by=None if target_days is None else add_business_days(day, target_days, holidays),
    )


def after_waiting(
    deadline: date | None, *, since: date | None, today: date, holidays: set[date]
) -> date | None:
    """Return the deadline moved by the business days that the concern waited since `since`."""
    if deadline is None or since is None:
        return deadline
    waited = business_days_between(since, today, holidays)
    return add_business_days(deadline, waited, holidays) if waited else deadline
