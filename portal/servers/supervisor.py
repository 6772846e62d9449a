"""The process that owns the embedded servers: `python -m portal.servers.supervisor`.

It starts them under a lock, restarts one that dies, and stops them two seconds after the last
user is gone. Started by portal.servers.attach, never by settings.
"""

import argparse
import contextlib
import os
import shutil
import signal
import stat
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Protocol

from portal.environment import ImproperlySet
from portal.servers.broker import Broker
from portal.servers.faults import ServerFault, disk_fault
from portal.servers.layout import Layout
from portal.servers.locks import Lock
from portal.servers.postgres import Postgres
from portal.servers.process import NOBODY

IDLE_SECONDS = 2.0
LOOK_EVERY = 0.25
LEAST_FREE = 200 * 1024 * 1024
LONGEST_PATH = 900


class Server(Protocol):
    name: str

    def start(self) -> None: ...
    def is_alive(self) -> bool: ...
    def stop(self) -> None: ...


def prepare_folders(layout: Layout) -> None:
    """Make the folders and try the disk. Raises ServerFault with the line for the operator."""
    if len(os.fsencode(layout.var)) > LONGEST_PATH:
        raise ServerFault(f"{layout.var}: the path is too deep; set PORTAL_VAR to a shorter one.")
    probe = layout.var / f".probe.{os.getpid()}"
    folders = (layout.var, layout.data, layout.run, layout.logs, layout.keys)
    place = layout.var
    try:
        for place in folders:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = layout.var
        with open(probe, "wb") as file:
            file.write(b"\0" * 65536)
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(layout.var).free
    except OSError as error:
        raise disk_fault(place, error) from None
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    if free < LEAST_FREE:
        raise ServerFault(
            f"{layout.var}: the disk is nearly full ({free // 1048576} MB free, "
            f"{LEAST_FREE // 1048576} MB needed); make room or set PORTAL_VAR elsewhere."
        )
    prepare_sockets(layout.sockets)


def prepare_sockets(folder: Path) -> None:
    """A private folder; one that someone else made first under /tmp is refused."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise disk_fault(folder, error) from None
    ours = {os.geteuid()} | ({NOBODY} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or found.st_mode & 0o077:
        raise ServerFault(
            f"{folder}: this folder for sockets belongs to someone else; remove it, or set "
            "PORTAL_VAR to a shorter path."
        )


class Supervisor:
    """Runs `servers` while anyone holds the users' lock."""

    def __init__(self, layout: Layout, servers: list[Server]) -> None:
        self.layout = layout
        self.servers = servers
        self.users = Lock(layout.users_lock)
        self.is_told_to_stop = False

    def start(self) -> None:
        for server in self.servers:
            server.start()
        self.layout.ready_mark.write_text(str(os.getpid()))

    def watch(self) -> None:
        """Return when the servers are to be stopped; the users' lock is then held exclusively
        unless we were told to stop by a signal."""
        idle_since: float | None = None
        while not self.is_told_to_stop:
            if not self.users.try_exclusive():
                idle_since = None
            else:
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since >= IDLE_SECONDS:
                    return
                self.users.let_go()
            for server in self.servers:
                if not server.is_alive():
                    server.start()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        self.layout.ready_mark.unlink(missing_ok=True)
        for server in reversed(self.servers):
            server.stop()

    def tell_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_told_to_stop = True


def supervise(layout: Layout, *, hasty: bool) -> None:
    """Serve until unused. Returns at once if another supervisor is at work."""
    prepare_folders(layout)
    # Held before anything is started, so that two newcomers never start two sets.
    with Lock(layout.supervisor_lock) as mine:
        if not mine.try_exclusive():
            return
        layout.ready_mark.unlink(missing_ok=True)
        servers: list[Server] = [
            Postgres(layout, hasty=hasty),
            Broker(layout, "queue"),
            Broker(layout, "cache"),
        ]
        supervisor = Supervisor(layout, servers)
        signal.signal(signal.SIGTERM, supervisor.tell_to_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the users; we follow them
        try:
            supervisor.start()
            print("ready", flush=True)
            supervisor.watch()
        finally:
            supervisor.stop()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--hasty", action="store_true")
    given = parser.parse_args()
    os.umask(0o077)
    try:
        supervise(Layout(var=given.var, keys=given.keys), hasty=given.hasty)
    except (ServerFault, ImproperlySet) as fault:
        print(fault, file=sys.stderr, flush=True)
        return 2
    except OSError as error:
        print(disk_fault(Path(error.filename or given.var), error), file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
