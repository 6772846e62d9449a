"""Wall time stays wall time, whatever clocks do in between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from meetings.clock import instant_of, is_ambiguous, is_gap, reminder_due, wall_of

CHICAGO = ZoneInfo("America/Chicago")
# Missouri keeps Chicago's time; the others change at other moments, by other amounts or never.
ZONES = [
    "America/Chicago",
    "America/Denver",
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "America/Anchorage",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Dublin",
    "UTC",
]
WALLS = st.datetimes(datetime(2024, 1, 1), datetime(2037, 12, 31)).map(
    lambda found: found.replace(second=0, microsecond=0)
)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (datetime(2026, 10, 31, 18, 30), datetime(2026, 10, 31, 23, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 18, 30), datetime(2026, 11, 2, 0, 30, tzinfo=UTC)),
        (datetime(2026, 11, 2, 18, 30), datetime(2026, 11, 3, 0, 30, tzinfo=UTC)),
        (datetime(2027, 3, 13, 18, 30), datetime(2027, 3, 14, 0, 30, tzinfo=UTC)),
        (datetime(2027, 3, 14, 18, 30), datetime(2027, 3, 14, 23, 30, tzinfo=UTC)),
        (datetime(2027, 3, 15, 18, 30), datetime(2027, 3, 15, 23, 30, tzinfo=UTC)),
    ],
)
def test_half_past_six_in_chicago_is_what_clocks_there_show(
    wall: datetime, instant: datetime
) -> None:
    assert instant_of(wall, CHICAGO) == instant
    assert wall_of(instant, CHICAGO) == wall
    assert not is_gap(wall, CHICAGO)
    assert not is_ambiguous(wall, CHICAGO)


def test_an_hour_that_is_skipped_goes_forward() -> None:
    wall = datetime(2027, 3, 14, 2, 30)

    assert is_gap(wall, CHICAGO)
    assert not is_ambiguous(wall, CHICAGO)
    assert wall_of(instant_of(wall, CHICAGO), CHICAGO) == datetime(2027, 3, 14, 3, 30)


def test_an_hour_that_comes_twice_is_its_first() -> None:
    wall = datetime(2026, 11, 1, 1, 30)

    assert is_ambiguous(wall, CHICAGO)
    assert not is_gap(wall, CHICAGO)
    # Central Daylight Time still; one hour later the clocks show half past one again.
    assert instant_of(wall, CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert wall_of(datetime(2026, 11, 1, 7, 30, tzinfo=UTC), CHICAGO) == wall


def test_a_wall_time_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        instant_of(datetime(2026, 11, 1, tzinfo=UTC), CHICAGO)


@given(wall=WALLS, name=st.sampled_from(ZONES))
@example(wall=datetime(2027, 3, 14, 2, 0), name="America/Chicago")
@example(wall=datetime(2026, 10, 4, 2, 15), name="Australia/Lord_Howe")
def test_a_wall_time_comes_back_unless_it_is_skipped(wall: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    back = wall_of(instant_of(wall, zone), zone)

    assert (back == wall) is not is_gap(wall, zone)
    assert wall <= back <= wall + timedelta(hours=1)
    assert not (is_gap(wall, zone) and is_ambiguous(wall, zone))


@given(wall=WALLS, name=st.sampled_from(ZONES), earlier=st.integers(2, 400))
def test_a_reminder_is_at_half_past_six_of_the_day_before(
    wall: datetime, name: str, earlier: int
) -> None:
    zone = ZoneInfo(name)
    starts_at = instant_of(wall, zone)
    due = reminder_due(
        starts_wall=wall, starts_at=starts_at, zone=zone, now=starts_at - timedelta(days=earlier)
    )

    assert due is not None
    shown = wall_of(due, zone)
    assert (shown.hour, shown.minute) == (18, 30)
    assert shown.date() == wall.date() - timedelta(days=1)
    assert due < starts_at


@pytest.mark.parametrize(
    ("wall", "due"),
    [
        # Twenty-five hours before, and twenty-three.
        (datetime(2026, 11, 1, 18, 30), datetime(2026, 10, 31, 23, 30, tzinfo=UTC)),
        (datetime(2027, 3, 14, 18, 30), datetime(2027, 3, 14, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_evening_before_a_change_of_clocks_is_no_day_of_24_hours(
    wall: datetime, due: datetime
) -> None:
    starts_at = instant_of(wall, CHICAGO)
    now = starts_at - timedelta(days=9)
    found = reminder_due(starts_wall=wall, starts_at=starts_at, zone=CHICAGO, now=now)
    assert found == due
    assert starts_at - due != timedelta(hours=24)


def test_who_comes_late_is_reminded_two_hours_before_or_not_at_all() -> None:
    wall = datetime(2026, 12, 8, 18, 30)
    starts_at = instant_of(wall, CHICAGO)

    def due(now: datetime) -> datetime | None:
        return reminder_due(starts_wall=wall, starts_at=starts_at, zone=CHICAGO, now=now)

    evening = starts_at - timedelta(hours=24)
    assert due(evening - timedelta(seconds=1)) == evening
    assert due(evening) == starts_at - timedelta(hours=2)
    assert due(starts_at - timedelta(hours=2, seconds=1)) == starts_at - timedelta(hours=2)
    assert due(starts_at - timedelta(hours=2)) is None
    assert due(starts_at) is None
