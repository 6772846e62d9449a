"""What this process remembers of each agency's map, rebuilt when its revision rose.

Polygons and streets change a few times a year and are asked for on every page,
so every process keeps them in memory. The revision travels on the Agency row,
which each request reads anyway: asking whether the memory is fresh costs nothing.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Remembered(Protocol):
    """`revision` of the rows it was built from; `good_until` in seconds since 1970."""

    @property
    def revision(self) -> int: ...

    @property
    def good_until(self) -> float: ...


Built = TypeVar("Built", bound=Remembered)


class Memory(Generic[Built]):
    """A bounded, thread-safe store of one built thing per agency.

    `build(agency_id, revision)` reads the rows anew; they are then at least as new as
    the revision asked for, which was read before them. Nobody is served something older
    than what they ask for; while one thread builds for an agency, others that need the
    same wait for it.
    """

    def __init__(self, build: Callable[[int, int], Built], *, size: int) -> None:
        self._build = build
        self._size = size
        self._kept: OrderedDict[int, Built] = OrderedDict()
        self._lock = threading.Lock()
        self._building: dict[int, threading.Lock] = {}

    def of(self, agency_id: int, revision: int) -> Built:
        """Give what was built from `revision` of this agency or from a later one."""
        kept = self._kept.get(agency_id)
        if kept is not None and kept.revision >= revision and time.time() < kept.good_until:
            return kept
        with self._lock:
            turn = self._building.setdefault(agency_id, threading.Lock())
        with turn:
            kept = self._kept.get(agency_id)
            if kept is not None and kept.revision >= revision and time.time() < kept.good_until:
                return kept
            built = self._build(agency_id, revision)
            self._keep(agency_id, built)
        return built

    def _keep(self, agency_id: int, built: Built) -> None:
        with self._lock:
            self._kept[agency_id] = built
            self._kept.move_to_end(agency_id)
            while len(self._kept) > self._size:
                oldest, _built = self._kept.popitem(last=False)
                self._building.pop(oldest, None)

    def forget(self) -> None:
        """Drop everything, as a new process would start."""
        with self._lock:
            self._kept.clear()
            self._building.clear()
