"""Days by which something is due: business days, holidays, waiting, and what is very late."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from concerns.deadlines import after_waiting, days_back, deadlines_from, very_late_after
from engagement.places.business import business_days_between

# The first Monday of 2018 was a holiday; so was the third.
HOLIDAYS = {date(2018, 1, 1), date(2018, 1, 15)}
DAYS = st.dates(date(2018, 1, 1), date(2018, 12, 31))


def test_targets_count_business_days_over_weekends_and_holidays() -> None:
    due = deadlines_from(day=date(2018, 1, 12), ack_days=1, target_days=5, holidays=HOLIDAYS)
    assert due.acknowledge_by == date(2018, 1, 16)
    assert due.resolve_by == date(2018, 1, 22)
    assert due.very_late_after == date(2018, 2, 5)


def test_waiting_moves_the_target_and_is_not_tripled() -> None:
    waited = deadlines_from(
        day=date(2018, 1, 2), ack_days=2, target_days=5, holidays=set(), waited_days=3
    )
    assert waited.acknowledge_by == date(2018, 1, 4)
    assert waited.resolve_by == date(2018, 1, 12)
    assert waited.very_late_after == date(2018, 1, 26)


def test_a_kind_without_clock_is_never_late() -> None:
    due = deadlines_from(day=date(2018, 1, 2), ack_days=None, target_days=None, holidays=set())
    assert (due.acknowledge_by, due.resolve_by, due.very_late_after) == (None, None, None)


def test_a_target_of_another_system_is_tripled_in_business_days() -> None:
    assert very_late_after(date(2018, 1, 2), date(2018, 1, 4), set()) == date(2018, 1, 10)
    assert very_late_after(date(2018, 1, 2), None, set()) is None
    assert very_late_after(date(2018, 1, 4), date(2018, 1, 2), set()) is None


def test_targets_in_calendar_days_are_known_by_their_weekends() -> None:
    """What another system counted in days of the calendar differs wherever a weekend lies
    between: seven of its days are five business days."""
    opened = date(2018, 1, 2)
    there = opened + timedelta(days=7)
    here = deadlines_from(day=opened, ack_days=None, target_days=5, holidays=set()).resolve_by
    assert here == there
    with_holiday = deadlines_from(
        day=date(2018, 1, 10), ack_days=None, target_days=5, holidays=HOLIDAYS
    ).resolve_by
    assert with_holiday == date(2018, 1, 18)
    assert with_holiday != date(2018, 1, 17)


@given(DAYS, st.integers(1, 60))
def test_days_back_is_the_last_day_that_long_ago(today: date, days: int) -> None:
    cutoff = days_back(today, days, HOLIDAYS)
    assert business_days_between(cutoff, today, HOLIDAYS) >= days
    assert business_days_between(cutoff + timedelta(days=1), today, HOLIDAYS) < days


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_clock_that_stood_still_is_as_late_as_one_that_waited_for(
    day: date, target: int, wait: int
) -> None:
    """Waiting moves a date as far as counting the waited days into its target does."""
    resolve_by = deadlines_from(
        day=day, ack_days=None, target_days=target, holidays=HOLIDAYS
    ).resolve_by
    until = day + timedelta(days=wait)
    moved = after_waiting(resolve_by, since=day, today=until, holidays=HOLIDAYS)
    waited = business_days_between(day, until, HOLIDAYS)
    anew = deadlines_from(
        day=day, ack_days=None, target_days=target, holidays=HOLIDAYS, waited_days=waited
    ).resolve_by
    assert moved == anew or target == 0
