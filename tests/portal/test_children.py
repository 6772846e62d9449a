"""The processes of one portal live and end together."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.children import MOST_DEATHS, Child, Crew, KeepsDying

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
pytestmark = pytest.mark.chaos


def child(command: list[str]) -> Child:
    return Child("sleeper", command, dict(os.environ))


def test_a_killed_child_is_started_again_and_all_end_together() -> None:
    sleeper = child(SLEEPER)
    crew = Crew([sleeper])
    pids: list[int] = []

    def look() -> bool:
        assert sleeper.process
        if sleeper.process.pid not in pids:
            pids.append(sleeper.process.pid)
            os.kill(sleeper.process.pid, signal.SIGKILL)
        if len(pids) == 2:
            crew.tell_to_stop(signal.SIGTERM, None)
        return False

    crew.run(when_up=look, tend=lambda: None)

    assert len(pids) == 2
    assert not sleeper.is_alive()


def test_a_child_that_cannot_live_ends_the_portal_with_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.children.time.sleep", lambda seconds: None)
    hopeless = child([sys.executable, "-c", "raise SystemExit(3)"])

    with pytest.raises(KeepsDying, match="sleeper"):
        Crew([hopeless]).run(when_up=lambda: True, tend=lambda: None)

    assert len(hopeless.deaths) == MOST_DEATHS + 1


def test_children_of_a_killed_portal_do_not_outlive_it(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from portal.children import Child;"
        "child = Child('sleeper', [sys.executable, '-c', 'import time; time.sleep(600)'],"
        " dict(os.environ)); child.start(); print(child.process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as portal:
        assert portal.stdout
        pid = int(portal.stdout.readline())
        watch = os.pidfd_open(pid)
        portal.kill()

    # Readable once the process has ended.
    ended, _, _ = select.select([watch], [], [], 20)
    os.close(watch)
    assert ended
