import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import time_machine

from engagement.places.memory import Memory


@dataclass(frozen=True)
class Built:
    revision: int
    number: int
    good_until: float = float("inf")


def test_what_is_fresh_is_not_built_again() -> None:
    numbers = count()
    memory = Memory(lambda agency, revision: Built(revision, next(numbers)), size=3)
    assert memory.of(1, 5) is memory.of(1, 5)
    assert memory.of(1, 4).number == 0
    assert memory.of(1, 6).number == 1
    assert memory.of(2, 0).number == 2


def test_it_is_built_again_once_its_day_is_over() -> None:
    memory = Memory(lambda agency, revision: Built(revision, 0, good_until=1000.0), size=3)
    with time_machine.travel(999.0, tick=False):
        before = memory.of(1, 1)
        assert memory.of(1, 1) is before
    with time_machine.travel(1000.0, tick=False):
        assert memory.of(1, 1) is not before


def test_only_so_many_agencies_are_kept() -> None:
    built: list[int] = []

    def build(agency_id: int, revision: int) -> Built:
        built.append(agency_id)
        return Built(revision, 0)

    memory = Memory(build, size=2)
    for agency_id in (1, 2, 3, 3, 1):
        memory.of(agency_id, 1)
    assert built == [1, 2, 3, 1]


def test_threads_that_ask_at_once_wait_for_one_builder_and_none_gets_old_news() -> None:
    built: list[int] = []
    start = threading.Barrier(8)
    slowly = threading.Event()

    def build(agency_id: int, revision: int) -> Built:
        built.append(revision)
        slowly.wait(0.05)
        return Built(revision, len(built))

    memory = Memory(build, size=4)

    def ask(revision: int) -> int:
        start.wait()
        return memory.of(1, revision).revision

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, [1, 1, 1, 1, 2, 2, 2, 2]))
    assert all(got >= asked for got, asked in zip(answers, [1] * 4 + [2] * 4, strict=True))
    assert len(built) <= 2
