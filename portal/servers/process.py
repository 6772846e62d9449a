"""How a server is started so that it ends with its supervisor, also as root."""

import contextlib
import ctypes
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.servers.faults import ServerFault

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534
LIBC = ctypes.CDLL(None, use_errno=True)
Preparation = Callable[[], None]


def end_with_parent(stop: signal.Signals) -> None:
    """Ask Linux to send `stop` to this child when its supervisor is gone, even by kill -9."""
    os.setsid()
    follow_parent(stop)


def follow_parent(stop: signal.Signals = signal.SIGTERM) -> None:
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(stop), 0, 0, 0)


def enter_namespace() -> None:
    """Become `nobody` in a user namespace of our own; on disk we stay root.

    PostgreSQL refuses to run as root. This way files need no new owner, and a checkout in a
    root-only folder works. Raises OSError where the kernel forbids it.
    """
    if LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, value in (("setgroups", "deny"), ("uid_map", "65534 0 1"), ("gid_map", "65534 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(value)


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def namespace_works() -> bool:
    """Try it in a child; containers often forbid it."""
    child = os.fork()
    if child == 0:
        try:
            enter_namespace()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


class Unprivileged:
    """The way in which this machine lets us run a server that refuses to be root."""

    def __init__(self, way: str | None = None) -> None:
        if way is None:
            way = "plain"
            if os.geteuid() == 0:
                way = "namespace" if sys.platform == "linux" and namespace_works() else "nobody"
        self.way = way

    def preparation(self, stop: signal.Signals | None = None) -> Preparation:
        """What the child does between fork and exec; call only from a process without threads."""

        def prepare() -> None:
            if self.way == "namespace":
                enter_namespace()
            elif self.way == "nobody":
                become_nobody()
            if stop is not None:  # last, since a change of user clears it
                end_with_parent(stop)

        return prepare

    def own(self, *places: Path, within: Path) -> None:
        """Give the places to the user that the server becomes, and let it pass through `within`."""
        if self.way != "nobody":
            return
        for place in places:
            os.chown(place, NOBODY, NOBODY)
            for path in place.rglob("*"):
                os.lchown(path, NOBODY, NOBODY)
            self._open_way(place, within)

    def _open_way(self, place: Path, within: Path) -> None:
        for parent in place.parents:
            mode = parent.stat().st_mode
            if parent == within or within in parent.parents:
                parent.chmod(stat.S_IMODE(mode) | 0o011)
            elif not mode & 0o001:
                user = pwd.getpwuid(os.geteuid()).pw_name
                raise ServerFault(
                    f"{parent}: PostgreSQL does not run as {user} and may not enter this folder; "
                    "run as an ordinary user, set PORTAL_VAR elsewhere, or set DATABASE_URL."
                )


def command_of(pid: int) -> bytes:
    """The command line of a live process, or nothing."""
    if pid <= 0:
        return b""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return b""
    found = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False
    )
    return found.stdout


def stop_process(
    process: subprocess.Popen[bytes], stop: signal.Signals, kill: signal.Signals, seconds: float
) -> None:
    """Ask with `stop`; after `seconds` insist with `kill`."""
    if process.poll() is not None:
        return
    process.send_signal(stop)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(kill)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop_stray(pid: int, stop: signal.Signals, seconds: float) -> None:
    """End a server whose supervisor is gone; it is no child of ours, so its pid is watched."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop)
        # A zombie, which only its parent can clear away, has no command line left.
        while command_of(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)


def working_in(folder: Path) -> list[int]:
    """Live processes whose working folder this is; known on Linux only."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
    return found
