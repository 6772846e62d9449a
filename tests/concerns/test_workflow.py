from datetime import timedelta

import pytest

from concerns.workflow import (
    DONE_STATES,
    MOVES,
    OPEN_STATES,
    STAFF_OUTCOMES,
    Outcome,
    State,
    allows,
    reporter_may_reopen,
)
from tests.concerns.conftest import NOW


def test_every_state_is_either_open_or_done_and_has_moves() -> None:
    assert set(State) == OPEN_STATES | DONE_STATES == set(MOVES)
    assert not OPEN_STATES & DONE_STATES


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("received", "working"),
        ("received", "resolved"),
        ("received", "waiting"),
        ("resolved", "accepted"),
        ("closed", "resolved"),
        ("working", "received"),
        ("working", "working"),
    ],
)
def test_no_step_of_the_work_is_skipped_or_repeated(old: str, new: str) -> None:
    assert not allows(old, new)


def test_staff_cannot_write_that_the_reporter_took_it_back() -> None:
    assert Outcome.WITHDRAWN not in STAFF_OUTCOMES


@pytest.mark.parametrize(
    ("state", "days", "times", "may"),
    [
        ("resolved", 0, 0, True),
        ("resolved", 13, 0, True),
        ("resolved", 14, 0, False),
        ("resolved", 1, 1, False),
        ("closed", 1, 0, False),
        ("working", 1, 0, False),
    ],
)
def test_the_reporter_alone_reopens_once_within_fourteen_days(
    state: str, days: int, times: int, may: bool
) -> None:
    assert may is reporter_may_reopen(
        state=state, resolved_at=NOW, reopened_count=times, now=NOW + timedelta(days=days)
    )
