from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from engagement.outbox.retries import WAITS, next_try

NOW = datetime(2026, 11, 1, 6, 59, 59, tzinfo=UTC)


@given(
    code=some.sampled_from(["421", "450", "451", "452", "432", "connect", "lost"]),
    attempts=some.integers(1, len(WAITS)),
    chance=some.floats(0, 1, exclude_max=True),
    is_coarse=some.booleans(),
)
def test_the_next_try_is_ahead_and_spread(
    code: str, attempts: int, chance: float, is_coarse: bool
) -> None:
    moment = next_try(code=code, attempts=attempts, now=NOW, chance=chance, is_coarse=is_coarse)

    assert moment is not None
    assert moment > NOW
    assert moment <= NOW + timedelta(hours=35)
    assert not is_coarse or (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


def test_a_full_mailbox_waits_longer_than_a_broken_line() -> None:
    def wait(code: str) -> datetime | None:
        return next_try(code=code, attempts=1, now=NOW, chance=0, is_coarse=False)

    assert wait("lost") == NOW + timedelta(seconds=48)
    assert wait("452") == NOW + timedelta(minutes=24)


def test_after_three_days_nobody_tries_again() -> None:
    given_up = next_try(code="421", attempts=len(WAITS) + 1, now=NOW, chance=0, is_coarse=False)

    assert given_up is None
    assert timedelta(days=2) < sum(WAITS, timedelta()) < timedelta(days=4)
