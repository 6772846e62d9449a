"""Every page on every database, in turns with the yardsticks."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.databases import Switch
from tests.bench.pages import PAGES, Page
from tests.bench.stand import Stand, make_stand
from tests.bench.timing import Figure, Line

MOST_QUERIES = 12
MOST_GROWTH = 1.3
WARMING = 3


class Wrong(Exception):
    """A page did not answer as it should; its figures would mean nothing."""


class Measured:
    """What was found about one page: its figures by database, queries and size."""

    def __init__(self, page: Page, names: list[str]) -> None:
        self.page = page
        self.by_name = {name: Figure() for name in names}
        self.queries = 0
        self.points = 0
        self.bare_json = Figure()


def measure(switch: Switch, names: list[str], rounds: int) -> Iterator[Line]:
    """Measure in so many rounds; `names` are databases from the smallest to the largest.

    Each line has the middle time on every one, and the growth from the first to the last.
    """
    stands: dict[str, Stand] = {}
    for name in names:
        switch.to(name)
        stands[name] = make_stand()
    found = [Measured(page, names) for page in PAGES]
    bare = Figure()
    for number in range(-WARMING, rounds):
        for one in found:
            for name in names:
                switch.to(name)
                _visit(one, stands[name], one.by_name[name], number)
            _yardsticks(one, stands[names[-1]], bare, number)
    yield Line("bare page (yardstick)", "", f"p50 {bare.p50:.1f} ms, p95 {bare.p95:.1f} ms")
    yield Line("this machine's noise: p95 / p50 of it", "", f"{bare.noise:.2f}")
    for one in found:
        yield from _lines(one, names, bare)


def _visit(one: Measured, stand: Stand, figure: Figure, number: int) -> None:
    page = one.page
    if page.before:
        page.before(stand)
    answers: list[Any] = []
    if number < 0:
        with CaptureQueriesContext(connection) as captured:
            answers.append(page.visit(stand))
        # The last one counts: at first a process fills what it keeps in memory.
        one.queries = len(_asking(captured.captured_queries))
    else:
        figure.measure(lambda: answers.append(page.visit(stand)))
    answer = answers[0]
    if answer.status_code != page.expect:
        raise Wrong(f"{page.name}: {answer.status_code} instead of {page.expect}")
    if page.most_json:
        one.points = len(answer.json()["points"])
    if page.after:
        page.after(stand, answer)


def _asking(captured: list[dict[str, str]]) -> list[str]:
    """Statements that ask or change something; beginning and ending a transaction do neither."""
    edges = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET LOCAL")
    return [query["sql"] for query in captured if not query["sql"].startswith(edges)]


def _yardsticks(one: Measured, stand: Stand, bare: Figure, number: int) -> None:
    figure, json_figure = (bare, one.bare_json) if number >= 0 else (Figure(), Figure())
    figure.measure(lambda: stand.yardstick.get("/yardstick/page/"))
    if one.page.most_json:
        path = f"/yardstick/json/{max(1, one.points)}/"
        json_figure.measure(lambda: stand.yardstick.get(path))


def _lines(one: Measured, names: list[str], bare: Figure) -> Iterator[Line]:
    small, large = one.by_name[names[0]], one.by_name[names[-1]]
    growth = large.p95 / small.p95
    middles = "/".join(f"{one.by_name[name].p50:.1f}" for name in names)
    is_kept = one.queries <= MOST_QUERIES and (growth <= MOST_GROWTH or len(names) == 1)
    yield Line(
        one.page.name,
        f"12 queries, growth {MOST_GROWTH}",
        f"{one.queries:>2} q {middles:>14} ms, p95 {large.p95:5.1f} x{growth:.2f} "
        f"(p50 x{large.p50 / small.p50:.2f})",
        is_kept,
    )
    if one.page.most_bare:
        ratio = large.p50 / bare.p50
        yield Line(
            "   against the bare page",
            f"at most {one.page.most_bare:g} times",
            f"{ratio:.2f} times",
            ratio <= one.page.most_bare,
        )
    if one.page.most_json:
        ratio = large.p50 / one.bare_json.p50
        yield Line(
            f"   against bare JSON of {one.points} points",
            f"at most {one.page.most_json:g} times",
            f"{ratio:.2f} times",
            ratio <= one.page.most_json,
        )
