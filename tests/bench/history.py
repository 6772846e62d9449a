"""What history costs when many write at once: the same actions with and without their entries."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from psycopg2 import sql

from engagement.audit.actions import seal
from engagement.audit.models import Entry
from engagement.audit.verification import verify
from portal.environment import ROOT
from tests import worlds
from tests.bench.timing import Line
from tests.databases import drop, point_connections_at, server

PROCESSES = 4  # each with four threads: sixteen writers, as two web servers would have
LEAST = 0.85
SECONDS = 2.0
ROUNDS = 15
# Oftener than the clock of the portal does it: all that a round writes is sealed within it.
SEAL_EVERY = 1.0
JOBS = {"report": "16 writers: reports", "mix": "16 writers: report, accept, reply"}
NAME = "bench_history"


def measure(rounds: int = ROUNDS) -> Iterator[Line]:
    """Rounds with and without take turns; the figure is the middle of the pairs' ratios."""
    before = connections["default"].settings_dict["NAME"]
    _prepare()
    try:
        with tempfile.TemporaryDirectory() as heads, override_settings(AUDIT_HEADS=Path(heads)):
            with _writers() as writers, _sealing():
                for job, what in JOBS.items():
                    yield _line(job, what, writers, rounds)
            yield _whole()
    finally:
        point_connections_at(before)
        drop(NAME)


Writer = subprocess.Popen[str]


def _line(job: str, what: str, writers: list[Writer], rounds: int) -> Line:
    _round(writers, job, "with")  # caches, plans
    rates: dict[str, list[float]] = {"with": [], "without": []}
    for number in range(rounds):
        order = ("with", "without") if number % 2 else ("without", "with")
        for how in order:
            rates[how].append(_round(writers, job, how))
    ratios = sorted(a / b for a, b in zip(rates["with"], rates["without"], strict=True))
    ratio = median(ratios)
    figure = (
        f"{ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}; {median(rates['with']):.0f} against "
        f"{median(rates['without']):.0f} a second)"
    )
    return Line(what, f"at least {LEAST} of without", figure, ratio >= LEAST)


def _round(writers: list[Writer], job: str, how: str) -> float:
    """Transactions per second of all writers together."""
    began = time.perf_counter()
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(f"{job} {how} {SECONDS}\n")
        writer.stdin.flush()
    done = sum(int(_heard(writer)) for writer in writers)
    return done / (time.perf_counter() - began)


def _heard(writer: Writer) -> str:
    assert writer.stdout
    line = writer.stdout.readline()
    assert line, "a writer has ended; see what it said above"
    return line.strip()


def _prepare() -> None:
    drop(NAME)
    with server() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    point_connections_at(NAME)
    call_command("migrate", verbosity=0, interactive=False)
    worlds.officer(worlds.agency())


@contextmanager
def _writers() -> Iterator[list[Writer]]:
    with ExitStack() as stack:
        writers = [stack.enter_context(_writer()) for _ in range(PROCESSES)]
        for writer in writers:
            assert _heard(writer) == "ready"
        yield writers


@contextmanager
def _writer() -> Iterator[Writer]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.writer", NAME],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _sealing() -> Iterator[None]:
    end = threading.Event()

    def run() -> None:
        while not end.wait(SEAL_EVERY):
            seal(timezone.now())
        connections.close_all()

    sealer = threading.Thread(target=run)
    sealer.start()
    try:
        yield
    finally:
        end.set()
        sealer.join()


def _whole() -> Line:
    """After all that, every entry stands in a chain that verifies."""
    while Entry.objects.filter(link=None).exists():
        seal(timezone.now())
    began = time.perf_counter()
    faults, count = verify().faults, Entry.objects.count()
    taken = time.perf_counter() - began
    return Line("their history", "whole", f"{count:,} entries checked in {taken:.1f} s", not faults)
