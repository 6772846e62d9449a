"""How a process becomes a user of the embedded servers."""

import subprocess
import sys
import tempfile
import time

from portal.environment import ROOT
from portal.servers.faults import ServerFault, disk_fault
from portal.servers.layout import Layout
from portal.servers.locks import Lock

PATIENCE = 90.0


def attach(layout: Layout, *, hasty: bool = False) -> Lock:
    """Start the servers unless they run, wait until they answer, and return the hold on them.

    They run at least until the hold is released or the process ends. Raises ServerFault.
    """
    # While a supervisor shuts down it holds this exclusively, so newcomers wait here.
    hold = Lock(layout.users_lock).shared()
    deadline = time.monotonic() + PATIENCE
    try:
        while not is_ready(layout):
            if time.monotonic() > deadline:
                raise ServerFault(f"The servers did not start in time; see {layout.logs}.")
            if not is_supervised(layout):
                start_supervisor(layout, hasty=hasty)
            time.sleep(0.02)
    except BaseException:
        hold.release()
        raise
    return hold


def is_supervised(layout: Layout) -> bool:
    """Whether a live supervisor holds its lock; a mark on disk could be a dead one's."""
    with Lock(layout.supervisor_lock) as probe:
        return not probe.try_exclusive()


def is_ready(layout: Layout) -> bool:
    return layout.ready_mark.exists() and is_supervised(layout)


def start_supervisor(layout: Layout, *, hasty: bool) -> None:
    """Start one in a session of its own and wait until it is ready or has given up.

    Ctrl-C in our terminal does not reach it. Raises ServerFault with its own line.
    """
    command = [sys.executable, "-m", "portal.servers.supervisor"]
    command += ["--var", str(layout.var), "--keys", str(layout.keys)]
    if hasty:
        command.append("--hasty")
    try:
        with tempfile.TemporaryFile() as told:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=told,
                start_new_session=True,
            )
            assert process.stdout
            with process.stdout as voice:
                if voice.readline().strip() == b"ready" or process.wait() == 0:
                    return
            told.seek(0)
            lines = told.read().decode(errors="replace").strip().splitlines()
    except OSError as error:
        raise disk_fault(layout.var, error) from None
    raise ServerFault(lines[-1] if lines else f"The servers did not start; see {layout.logs}.")
