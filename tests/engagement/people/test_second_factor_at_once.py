"""Two windows at the same moment: a code still works once, and one factor stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from engagement.people.factors import (
    CannotRemove,
    WrongCode,
    add_app,
    add_key,
    check_code,
    factors_of,
    remove_factor,
)
from engagement.people.models import User
from tests import worlds
from tests.engagement.people.phone import code_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("committed_database")


def at_once(one: Callable[[int], None], refused: type[Exception]) -> list[bool]:
    """Run it in two threads that start together; whether each was let through, refusals first."""
    start = Barrier(2)

    def run(number: int) -> bool:
        start.wait()
        try:
            one(number)
        except refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(run, range(2)))


@pytest.fixture
def vale() -> User:
    return worlds.operator(now=LONG_AGO)


def test_a_code_typed_in_two_windows_opens_one(vale: User) -> None:
    add_app(user=vale, secret=SECRET, code=code_of(SECRET, steps=-1), now=LONG_AGO)
    code = code_of(SECRET)

    def show(_number: int) -> None:
        check_code(user=vale, code=code, now=timezone.now())

    assert at_once(show, WrongCode) == [False, True]


def test_two_windows_that_remove_two_factors_leave_one(vale: User) -> None:
    for name in ("blue key", "red key"):
        add_key(user=vale, name=name, credential={}, now=LONG_AGO)
    ids = [factor.id for factor in factors_of(vale)]

    def remove(number: int) -> None:
        remove_factor(user=vale, factor_id=ids[number], now=LONG_AGO)

    assert at_once(remove, CannotRemove) == [False, True]
    assert len(factors_of(vale)) == 1
