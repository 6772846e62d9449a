"""A whole portal in processes of its own: web server, worker, clock, broker, mail sink."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Self

import redis
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from portal import translations
from portal.environment import ROOT
from portal.preparation import static_digest
from portal.servers.broker import Broker
from portal.servers.layout import Layout
from portal.servers.locks import Lock
from portal.servers.process import command_of
from tests.engagement.outbox.sink import Sink, free_port
from tests.journeys.waiting import PATIENCE, wait_for

# Each journey's agency answers under a loopback address of its own, as agencies in service
# answer under names of their own.
HOSTS = [f"127.0.0.{number}" for number in range(1, 200)]


def prepare_files() -> None:
    """Compile catalogs and gather static files for the portal's own settings, once per change."""
    with Lock(settings.VAR / "static.lock").exclusive():
        translations.compile_catalogs()
        stamp, digest = settings.VAR / "static.stamp", static_digest()
        if stamp.exists() and stamp.read_text() == digest:
            return
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--clear", "-v0"],
            cwd=ROOT,
            env={**os.environ, **common_environment()},
            check=True,
        )
        stamp.write_text(digest)


def common_environment() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_VAR": str(settings.VAR)}


class Gate(Sink):
    """A mail server that can be told to let nobody in, before any text is handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.is_knocked = threading.Event()
        self._is_open = threading.Event()
        self._is_open.set()

    def hold(self) -> None:
        self.is_knocked.clear()
        self._is_open.clear()

    def let_in(self) -> None:
        self._is_open.set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.is_knocked.set()
        if not self._is_open.is_set():
            await asyncio.get_running_loop().run_in_executor(None, self._is_open.wait, PATIENCE)
        return await super().handle_RCPT(server, session, envelope, address, options)


class RunningPortal:
    """`manage.py serve` on a database of the tests' cluster, with a queue broker of its own.

    Broker and cache are its own so that a journey may stop them without stopping other tests.
    """

    def __init__(self, database: str) -> None:
        self.database = database
        self.port = free_port()
        self.mails = Gate()
        self._folder = tempfile.TemporaryDirectory(prefix="cg-", dir="/tmp")
        place = Path(self._folder.name)
        self.broker = Broker(Layout(var=place, keys=place / "keys"), "queue")
        # Counters of its own: another run's reports would make these look like a flood.
        self._cache = Broker(self.broker.layout, "cache")
        self._output = place / "output"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        prepare_files()
        layout = self.broker.layout
        for folder in (layout.sockets, layout.logs, layout.run, layout.keys):
            folder.mkdir(mode=0o700, parents=True)
        self.broker.start()
        self._cache.start()
        self.mails.__enter__()
        with self._output.open("wb") as told:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
            )
        wait_for("the portal's greeting", self._greets)
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process is not None
        ended_early = self._process.poll() is not None
        told = self.output()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)
        self.mails.__exit__(*error)
        self.broker.stop()
        self._cache.stop()
        self._folder.cleanup()
        for left in settings.SERVERS.run.glob(f"beat-{self.database}*"):
            left.unlink()
        shutil.rmtree(settings.VAR / "audit" / self.database, ignore_errors=True)
        if ended_early:
            raise AssertionError(f"the portal ended during the journeys:\n{told}")

    def environment(self) -> dict[str, str]:
        return {
            **common_environment(),
            "PORTAL_DATABASE": self.database,
            "PORT": str(self.port),
            "PORTAL_HOSTS": ",".join(HOSTS),
            # A journey brings a staff directory of its own.
            "PORTAL_OUTBOUND_LOOPBACK": "1",
            "REDIS_URL": self.broker.layout.queue_url,
            "CACHE_URL": self._cache.layout.cache_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mails.port}?from=portal@journeys.example",
        }

    def origin(self, host: str = HOSTS[0]) -> str:
        return f"http://{host}:{self.port}"

    def output(self) -> str:
        return self._output.read_text(errors="replace")

    def worker(self) -> int:
        """The process id of the worker that runs now."""
        found: int = wait_for("a worker", self._find_worker)
        return found

    def empty_broker(self) -> None:
        layout = self.broker.layout
        with redis.Redis(
            unix_socket_path=str(layout.queue_socket), password=layout.password("queue")
        ) as client:
            client.flushall()

    def _find_worker(self) -> int:
        assert self._process is not None
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for pid in map(int, listed.split()):
            if b"\0work\0" in command_of(pid):
                return pid
        return 0

    def _greets(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the portal ended at once:\n{self.output()}")
        return "runs at" in self.output()
