"""Servers that a test may break: each in a folder of its own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.servers.attach import is_supervised
from portal.servers.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    """A place without servers; whatever was started there is gone afterwards."""
    place = Layout(var=tmp_path / "var", keys=tmp_path / "var" / "keys")
    yield place
    stop_now(place)


def stop_now(layout: Layout) -> None:
    """End the servers without the wait for another user."""
    if layout.ready_mark.exists() and is_supervised(layout):
        os.kill(int(layout.ready_mark.read_text()), signal.SIGTERM)
        until(lambda: not is_supervised(layout))


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
