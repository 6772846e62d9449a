from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from engagement.keys.moments import day_of, floor_to_hour


def test_minutes_and_seconds_are_gone_after_flooring() -> None:
    moment = datetime(2026, 3, 1, 14, 59, 59, 999999, tzinfo=UTC)
    assert floor_to_hour(moment) == datetime(2026, 3, 1, 14, tzinfo=UTC)


def test_zones_with_half_hours_floor_to_the_same_hour_as_utc() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    moment = datetime(2026, 3, 1, 14, 10, tzinfo=india)
    assert floor_to_hour(moment) == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_the_day_is_that_of_the_zone() -> None:
    moment = datetime(2026, 3, 1, 3, tzinfo=UTC)
    assert day_of(moment, ZoneInfo("America/Chicago")) == date(2026, 2, 28)


def test_a_moment_without_zone_is_refused() -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 this is what is refused
    with pytest.raises(ValueError, match="zone"):
        floor_to_hour(naive)
    with pytest.raises(ValueError, match="zone"):
        day_of(naive, UTC)
