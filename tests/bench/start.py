"""How long `make run` takes to its first page, without installing packages."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

from portal.environment import ROOT
from tests.bench.timing import Line
from tests.engagement.outbox.sink import free_port

PATIENCE = 180.0
VAR = ROOT / "var" / "bench-start"


def measure() -> Iterator[Line]:
    """On a folder of its own, first empty, then as the first run left it."""
    shutil.rmtree(VAR, ignore_errors=True)
    try:
        fresh, again = _to_first_page(), _to_first_page()
    finally:
        shutil.rmtree(VAR, ignore_errors=True)
    yield Line(
        "make run, nothing there (packages installed)",
        "at most 90 s",
        f"{fresh:.1f} s",
        fresh <= 90,
    )
    yield Line("make run, again", "at most 10 s", f"{again:.1f} s", again <= 10)


def _to_first_page() -> float:
    port = free_port()
    own = {"PORTAL_VAR": str(VAR), "PORT": str(port)}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PORTAL_", "DJANGO_"))}
    began = time.monotonic()
    portal = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "serve", "--prepare"],
        cwd=ROOT,
        env={**kept, **own},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            assert portal.poll() is None, "the portal did not start"
            assert time.monotonic() < began + PATIENCE, "the portal does not answer"
            time.sleep(0.1)
        return time.monotonic() - began
    finally:
        portal.send_signal(signal.SIGINT)
        portal.wait(30)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
