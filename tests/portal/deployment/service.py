"""The services of docker-compose.yml as processes of this machine.

Each runs its own command with its own environment. Only places are exchanged: host names and
ports for ones of loopback, folders of containers for a temporary one, programs for those that are
here. The containers themselves (images, networks, limits) are not tried.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import psycopg2

from portal.deployment.make_secrets import make
from portal.environment import ROOT
from portal.servers.broker import binary
from portal.servers.layout import Layout
from portal.servers.postgres import Postgres, binaries
from portal.servers.process import Unprivileged, stop_process
from tests.engagement.outbox.sink import Sink, free_port
from tests.journeys.waiting import wait_for
from tests.portal.deployment import compose
from tests.portal.deployment.front import Front
from tests.portal.deployment.visitors import accepts

SITE = "localhost"
WEB = ("web", "web-twin")
TERM, KILL = 15, 9


class Service:
    """Everything that the compose file starts, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.outputs = folder / "outputs"
        self.described = compose.services({"PORTAL_HOST": SITE})
        self.ports = {name: free_port() for name in ("postgres", "queue", "cache", *WEB)}
        self.mails = Sink()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.front = Front(folder / "front", [f"127.0.0.1:{self.ports[name]}" for name in WEB])

    def __enter__(self) -> Self:
        for place in ("outputs", "data", "keys", "static", "build", "temporary"):
            (self.folder / place).mkdir()
        self.write_secrets()
        self.mails.__enter__()
        try:
            self.start_servers()
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        if self.front.is_started:
            self.front.__exit__(*error)
        for name in reversed(list(self.running)):
            self.stop(name)
        self.mails.__exit__(*error)

    def write_secrets(self) -> None:
        """Made by the shipped program, then pointed at loopback."""
        assert make(self.secrets) == [
            "email_url",
            "certificates/certificate.pem",
            "certificates/key.pem",
        ]
        for name in ("database_url", "queue_url", "cache_url"):
            path = self.secrets / name
            path.chmod(0o600)
            path.write_text(self.placed(path.read_text()))
        mail = f"smtp://127.0.0.1:{self.mails.port}?from=portal@service.example"
        (self.secrets / "email_url").write_text(mail)

    def placed(self, text: str) -> str:
        """The same text with this machine's places in it."""
        for shipped, here in {
            "/run/secrets/": f"{self.secrets}/",
            "/var/lib/common-ground": str(self.folder / "data"),
            "/keys": str(self.folder / "keys"),
            "/srv/static": str(self.folder / "static"),
            "/tmp/build": str(self.folder / "build"),
            "@postgres:5432": f"@127.0.0.1:{self.ports['postgres']}",
            "@queue:6379": f"@127.0.0.1:{self.ports['queue']}",
            "@cache:6379": f"@127.0.0.1:{self.ports['cache']}",
            "172.30.7.2": "127.0.0.1",
            "0.0.0.0": "127.0.0.1",
        }.items():
            text = text.replace(shipped, here)
        return text

    def environment(self, name: str) -> dict[str, str]:
        """What the service `name` finds: of the image, then of the compose file, nothing else."""
        given = {**compose.image_environment(), **self.described[name].get("environment", {})}
        found = {key: self.placed(str(value)) for key, value in given.items() if key != "PATH"}
        if name in WEB:
            found["PORT"] = str(self.ports[name])
        # The machine's own: where programs and temporary files are.
        return {**found, "PATH": os.environ["PATH"], "TMPDIR": str(self.folder / "temporary")}

    def command(self, name: str) -> list[str]:
        words = [self.placed(str(word)) for word in self.described[name]["command"]]
        return [sys.executable if words[0] == "python" else words[0], *words[1:]]

    def start(self, name: str, *, called: str = "", **options: Any) -> None:
        """Start the service `name` by its own command."""
        with (self.outputs / (called or name)).open("ab") as told:
            self.running[called or name] = subprocess.Popen(
                options.pop("command", None) or self.command(name),
                cwd=ROOT,
                env=self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
                **options,
            )

    def stop(self, name: str) -> None:
        """As `docker compose stop` does: SIGTERM, and SIGKILL when it is not heeded."""
        stop_process(self.running.pop(name), TERM, KILL, 30)  # type: ignore[arg-type]

    def run(self, name: str, *command: str) -> str:
        """`docker compose run --rm NAME COMMAND`, or the service's own command; its output."""
        done = subprocess.run(
            [sys.executable, *command[1:]] if command else self.command(name),
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
        )
        with (self.outputs / f"{name}.runs").open("a") as told:
            told.write(done.stdout + done.stderr)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build(self) -> None:
        """The commands of the image's own build that make files for the service."""
        for command in compose.build_commands():
            if "manage.py" in command:
                words = shlex.split(self.placed(command).replace("/srv/venv/bin/python", "python"))
                given = dict(word.split("=", 1) for word in words if word.startswith("PORTAL_"))
                bare = [word for word in words if not word.startswith("PORTAL_")]
                subprocess.run(
                    [sys.executable, *bare[1:]],
                    cwd=ROOT,
                    env={"PATH": os.environ["PATH"], **given},
                    check=True,
                )

    def start_servers(self) -> None:
        for name in ("queue", "cache"):
            command = self.command(name)
            place = self.folder / name
            place.mkdir()
            here = ["--port", str(self.ports[name]), "--dir", str(place), "--bind", "127.0.0.1"]
            self.start(name, command=[str(binary()), *command[1:], *here])
        self.start_database()
        for name in ("postgres", "queue", "cache"):
            wait_for(name, lambda name=name: accepts(self.ports[name]))

    def start_database(self) -> None:
        """The shipped command on a cluster made by the tests' programs, then the shipped SQL."""
        layout = Layout(var=self.folder / "cluster", keys=self.folder / "cluster-keys")
        server = Postgres(layout, hasty=True)
        server._create(binaries())
        server.unprivileged.own(server.data, within=self.folder)
        here = {"port": self.ports["postgres"], "listen_addresses": "127.0.0.1"}
        here |= {"unix_socket_directories": "", "fsync": "off"}  # type: ignore[dict-item]
        command = [str(binaries() / "postgres"), "-D", str(server.data)]
        command += self.command("postgres")[1:]
        for key, value in here.items():
            command += ["-c", f"{key}={value}"]
        self.start("postgres", command=command, preexec_fn=Unprivileged().preparation())
        wait_for("the database", lambda: self.can_connect(layout.password("postgres")))
        self.run_shipped_sql(layout.password("postgres"))

    def connect(self, user: str, password: str, database: str) -> Any:
        return psycopg2.connect(
            host="127.0.0.1",
            port=self.ports["postgres"],
            user=user,
            password=password,
            dbname=database,
        )

    def can_connect(self, password: str) -> bool:
        try:
            self.connect("portal", password, "postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def run_shipped_sql(self, password: str) -> None:
        """portal/deployment/database.sql, which psql of the image runs, without its \\set."""
        text = (ROOT / "portal" / "deployment" / "database.sql").read_text()
        secret = (self.secrets / "database_password").read_text().strip()
        statements = "".join(
            line for line in text.splitlines(True) if not line.startswith(("--", "\\set"))
        ).replace(":'password'", f"'{secret}'")
        # The superuser of the tests' cluster bears the name that the shipped login takes.
        connection = self.connect("portal", password, "postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE administrator SUPERUSER LOGIN PASSWORD %s", [password])
        connection.close()
        connection = self.connect("administrator", password, "postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("ALTER ROLE portal RENAME TO bootstrap")
            for statement in statements.split(";"):
                if statement.strip():
                    cursor.execute(statement)
        connection.close()

    def start_portal(self) -> None:
        """As `up` does: migrate first, then everything that waits for it."""
        self.run("migrate")
        for name in (*WEB, "worker", "beat"):
            self.start(name)
        for name in WEB:
            self.await_web(name)
        self.front.folder.mkdir()
        self.front.__enter__()

    def await_web(self, name: str) -> None:
        """Until the image's own health check is content with it."""

        def is_alive() -> bool:
            assert self.running[name].poll() is None, self.told(name)
            done = subprocess.run(
                [sys.executable, "-m", "portal.deployment.alive"],
                cwd=ROOT,
                env=self.environment(name),
                check=False,
            )
            return done.returncode == 0

        wait_for(f"{name} to live", is_alive)

    def told(self, name: str) -> str:
        return (self.outputs / name).read_text(errors="replace")

    def lines(self, name: str) -> list[Mapping[str, Any]]:
        """What a service of ours said; fails on a line that is no JSON."""
        return [json.loads(line) for line in self.told(name).splitlines() if line.strip()]
