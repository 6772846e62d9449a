"""The processes of one running portal: started, watched, restarted, stopped together."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from portal.environment import ROOT
from portal.servers.process import end_with_parent, stop_process

logger = logging.getLogger(__name__)
LOOK_EVERY = 0.2
GRACE = 15.0
# More deaths than this within the window are no accident.
MOST_DEATHS = 5
WINDOW = 60.0


class KeepsDying(Exception):
    """A child ended again and again; the message names it."""


@dataclass
class Child:
    """One command that must always run; `keep` are descriptors it inherits."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    keep: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(
            list(self.command),
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # their lines go to standard error; the rest is chatter
            pass_fds=self.keep,
            # A session of its own: Ctrl-C reaches only us, and we stop it in order.
            preexec_fn=lambda: end_with_parent(signal.SIGTERM),
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start it again after a death. Raises KeepsDying when that does not help."""
        now = time.monotonic()
        self.deaths = [moment for moment in self.deaths if now - moment < WINDOW] + [now]
        if len(self.deaths) > MOST_DEATHS:
            raise KeepsDying(self.name)
        logger.warning("restart", extra={"event": f"{self.name} restarted"})
        time.sleep(min(0.2 * len(self.deaths), 1.0))
        self.start()

    def stop(self) -> None:
        if self.process is not None:
            stop_process(self.process, signal.SIGTERM, signal.SIGKILL, GRACE)


@contextmanager
def own_terminal() -> Iterator[None]:
    """Let Ctrl-C reach this process alone and not the `make` that started it.

    Make would end with an error although everything stopped as asked.
    """
    terminal = 0
    before = os.getpgrp()
    is_ours = os.isatty(terminal) and before != os.getpid()
    if not is_ours or os.tcgetpgrp(terminal) != before:
        yield
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpid())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, before)


class Crew:
    """All children of one portal, until a signal or a fault ends them."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.is_told_to_stop = False

    def heed_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.tell_to_stop)

    def tell_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_told_to_stop = True

    def run(self, *, when_up: Callable[[], bool], tend: Callable[[], None]) -> None:
        """Keep all alive until told to stop.

        `when_up` is asked until it says True; `tend` looks after what the children stand on.
        """
        is_up = False
        try:
            for child in self.children:
                child.start()
            while not self.is_told_to_stop:
                for child in self.children:
                    if not child.is_alive():
                        child.revive()
                tend()
                is_up = is_up or when_up()
                time.sleep(LOOK_EVERY)
        finally:
            self.stop()

    def stop(self) -> None:
        """All are asked at once, then each is waited for."""
        for child in self.children:
            if child.process is not None and child.is_alive():
                child.process.send_signal(signal.SIGTERM)
        for child in self.children:
            child.stop()
