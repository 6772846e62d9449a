"""Figures from many short measurements that take turns, so that a busy moment hits all alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Figure:
    """How long something took, in milliseconds, each time it was done."""

    taken: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        self.taken.append((time.perf_counter() - began) * 1000)

    @property
    def p50(self) -> float:
        return self._at(0.5)

    @property
    def p95(self) -> float:
        return self._at(0.95)

    @property
    def noise(self) -> float:
        """How much slower the slow ones are than the middle: 1 on an idle machine."""
        return self.p95 / self.p50

    def _at(self, part: float) -> float:
        return sorted(self.taken)[min(len(self.taken) - 1, int(len(self.taken) * part))]


@dataclass(frozen=True)
class Line:
    """One line of the table: what, its budget and figure in words, and whether it is kept."""

    what: str
    budget: str
    figure: str
    is_kept: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "ok", False: "OVER <<<<", None: ""}[self.is_kept]
        return f"{self.what:<46} {self.budget:>26} {self.figure:>58}  {verdict}".rstrip()


def times(what: str, *, figure: float, most: float, words: str = "") -> Line:
    """A line whose figure may be at most so many times something else."""
    return Line(what, f"at most {most:g} times{words}", f"{figure:.2f} times", figure <= most)
