"""No published figure pins a small count, whoever adds and subtracts them all."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from concerns.published.joining_up import FEWEST, Joined, joined_up

pytestmark = pytest.mark.privacy

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=7)


def released(counts: list[int]) -> list[Joined]:
    return joined_up(dict(enumerate(counts)), cells=range(len(counts)))


@given(COUNTS)
def test_every_area_is_counted_once_and_no_sum_is_small(counts: list[int]) -> None:
    groups = released(counts)
    if sum(counts) < FEWEST:
        assert groups == []
        return
    assert sorted(cell for group in groups for cell in group.cells) == list(range(len(counts)))
    for group in groups:
        assert group.number == sum(counts[cell] for cell in group.cells) >= FEWEST


def reach(weeks: list[list[int]], week: int, cell: int) -> tuple[float, float]:
    """The least and the most that an integer solver allows for one cell, given all releases."""
    areas = len(weeks[0])
    size = areas * len(weeks)
    rows, sums = [], []
    for number, counts in enumerate(weeks):
        for group in released(counts):
            row = np.zeros(size)
            row[[number * areas + cell for cell in group.cells if cell is not None]] = 1
            rows.append(row)
            sums.append(group.number)
    goal = np.zeros(size)
    goal[week * areas + cell] = 1
    found = []
    for sign in (1, -1):
        answer = milp(
            sign * goal,
            integrality=np.ones(size),
            bounds=Bounds(0, 60),
            constraints=LinearConstraint(np.array(rows), sums, sums) if rows else None,
        )
        assert answer.success
        found.append(sign * answer.fun)
    return found[0], found[1]


@given(
    st.integers(2, 5).flatmap(
        lambda areas: st.lists(
            st.lists(st.integers(0, 9), min_size=areas, max_size=areas), min_size=1, max_size=3
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_a_solver_given_all_releases_pins_no_small_count(weeks: list[list[int]]) -> None:
    for week, counts in enumerate(weeks):
        for cell, number in enumerate(counts):
            if 1 <= number < FEWEST:
                least, most = reach(weeks, week, cell)
                assert least < number or most > number


@pytest.mark.parametrize("areas", [2, 3])
def test_not_even_who_knows_the_rule_can_pin_a_small_count(areas: int) -> None:
    """Every possible town is tried: more than one of them gives the same figures."""
    alike: dict[tuple[Joined, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(16), repeat=areas):
        alike[tuple(released(list(counts)))].append(counts)
    for figures, towns in alike.items():
        if sum(group.number for group in figures) > 12:
            continue  # at the rim of what was tried, some of its twins are missing
        for cell in range(areas):
            values = {town[cell] for town in towns}
            assert len(values) > 1 or min(values) >= FEWEST or values == {0}
