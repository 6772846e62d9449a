"""Waiting for a state of another process, never for a time."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 60.0


def wait_for(what: str, ask: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """Ask again and again until the answer is true; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for: {what}")
        time.sleep(0.05)
    return found
