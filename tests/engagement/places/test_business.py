from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.places.business import add_business_days, business_days_between, is_business_day

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


@pytest.mark.parametrize(
    ("start", "days", "holidays", "expected"),
    [
        (FRIDAY, 1, set(), MONDAY),
        (FRIDAY, 1, {MONDAY}, date(2026, 3, 10)),
        (FRIDAY, 0, set(), FRIDAY),
        (date(2026, 3, 7), 0, set(), MONDAY),
        (date(2026, 3, 7), 1, set(), MONDAY),
        (MONDAY, 5, set(), date(2026, 3, 16)),
    ],
)
def test_weekends_and_holidays_do_not_count(
    start: date, days: int, holidays: set[date], expected: date
) -> None:
    assert add_business_days(start, days, holidays) == expected


def test_days_cannot_be_counted_backwards() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_business_days(MONDAY, -1, set())


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 60),
    gaps=st.sets(st.integers(0, 120), max_size=20),
)
def test_counting_the_added_days_gives_them_back(start: date, days: int, gaps: set[int]) -> None:
    holidays = {start + timedelta(days=gap) for gap in gaps}
    end = add_business_days(start, days, holidays)
    assert is_business_day(end, holidays)
    assert business_days_between(start, end, holidays) == days
    assert business_days_between(end, start, holidays) == -days
