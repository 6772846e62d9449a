"""When to try again. Pure."""

from datetime import datetime, timedelta

from engagement.keys.moments import floor_to_hour

WAITS: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
# Servers that say why want more time: greylisting lets a stranger in after minutes (450, 451), a
# full mailbox or too many connections (452, 432) need longer than a broken line.
LEAST: dict[str, timedelta] = {
    "432": timedelta(minutes=15),
    "450": timedelta(minutes=5),
    "451": timedelta(minutes=5),
    "452": timedelta(minutes=30),
}


def next_try(
    *, code: str, attempts: int, now: datetime, chance: float, is_coarse: bool
) -> datetime | None:
    """The moment of the next try after `attempts` (from 1), or None to give up.

    `chance` in [0, 1) spreads messages that failed together over 0.8 to 1.4 times the wait. A
    coarse message waits for a full hour, as its next try must not tell when it was first tried.
    """
    if attempts > len(WAITS):
        return None
    wait = max(WAITS[max(attempts, 1) - 1], LEAST.get(code, timedelta()))
    moment = now + wait * (0.8 + 0.6 * chance)
    return floor_to_hour(moment) + timedelta(hours=1) if is_coarse else moment
