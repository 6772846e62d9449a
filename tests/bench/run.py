# ruff: noqa: T201 the table goes to standard output
"""All measurements, one after the other, as one table."""

import os
from collections.abc import Iterator

from portal import translations
from portal.preparation import collect_static
from tests.bench import areas, bulk, history, mails, start, visits, weights
from tests.bench.databases import Switch, prepare
from tests.bench.stand import make_stand
from tests.bench.timing import Line

SIZES = "10000,100000,1000000"
PARTS = ("pages", "weights", "bulk", "places", "outbox", "history", "start")


def main() -> None:
    sizes = sorted(int(size) for size in os.environ.get("BENCH_SIZES", SIZES).split(","))
    rounds = int(os.environ.get("BENCH_ROUNDS", "40"))
    parts = os.environ.get("BENCH_ONLY", ",".join(PARTS)).split(",")
    is_fresh = os.environ.get("BENCH_FRESH") == "1"
    translations.compile_catalogs()
    collect_static()
    names = [prepare(size, fresh=is_fresh) for size in sizes]
    switch = Switch(names)
    switch.to(names[-1])
    print(f"\nLargest database: {sizes[-1]:,} concerns; growth is against {sizes[0]:,}.")
    print("Middle times stand side by side, from the smallest database to the largest.")
    print(
        f"{rounds} rounds, yardsticks and pages in turns, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} before.\n"
    )
    print(Line("what", "budget", "figure"))
    over = 0
    for line in _lines(parts, switch, names, rounds):
        over += line.is_kept is False
        print(line, flush=True)
    print(f"\n{over} OVER BUDGET" if over else "\nall within budget")


def _lines(parts: list[str], switch: Switch, names: list[str], rounds: int) -> Iterator[Line]:
    if "pages" in parts:
        yield from visits.measure(switch, names, rounds)
    switch.to(names[-1])
    if "weights" in parts:
        yield from weights.measure(make_stand())
    if "bulk" in parts:
        yield from bulk.measure()
    if "places" in parts:
        yield from areas.measure()
    if "outbox" in parts:
        yield from mails.measure(names[-1])
    if "history" in parts:
        yield from history.measure()
    if "start" in parts:
        yield from start.measure()
