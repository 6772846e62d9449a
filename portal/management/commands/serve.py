"""One process that runs the whole portal: web server, worker and clock."""

import errno
import http.client
import os
import socket
import sys
import time
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.children import Child, Crew, KeepsDying, own_terminal
from portal.environment import ROOT, ImproperlySet
from portal.preconditions import bind_address, check_may_serve, check_settings
from portal.preparation import ACCOUNTS, demonstration_accounts, prepare
from portal.servers.attach import attach
from portal.web_server import command

# A predecessor that was just stopped may still be letting the port go.
PORT_PATIENCE = 3.0


class Command(BaseCommand):
    help = "Run the web server and the background worker until Ctrl-C."
    requires_system_checks = []  # done below, after the settings, and told in one line

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="First bring database, translations, static files and demonstration up to date.",
        )
        parser.add_argument("--web-processes", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        check_settings()
        check_system()
        check_port(bind_address(), settings.PORT)
        if options["prepare"]:
            self.say("Preparing ...")
            prepare()
        check_may_serve()
        crew = Crew(children(options["web_processes"]))
        crew.heed_signals()
        try:
            with own_terminal():
                crew.run(when_up=self.greet, tend=tend_servers)
        except KeepsDying as fault:
            raise CommandError(f"The {fault} keeps stopping; its last lines are above.") from None
        self.say("Stopped.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def greet(self) -> bool:
        """Say where the portal is, once it answers."""
        if not answers(bind_address(), settings.PORT, settings.ALLOWED_HOSTS[0]):
            return False
        self.say(f"\nCommon Ground runs at {settings.ORIGIN}/   (Ctrl-C stops it)")
        accounts = demonstration_accounts() if settings.DEMO else []
        if accounts:
            self.say("\nDemonstration accounts (invented people; this database only):")
        elif settings.DEMO:
            self.say(
                "\nThe accounts of this demonstration keep their passwords; copy "
                f"{ACCOUNTS} from where it was first started to {settings.SERVERS.run}."
            )
        for account in accounts:
            self.say(f"  {account['email']:<32} {account['password']:<24} {account['role']}")
        if settings.DEMO and not settings.MAIL_SERVER:
            self.say(f"\nMails are written to {settings.EMAIL_FILE_PATH}/")
        return True


def check_system() -> None:
    """What the apps ask of an installation. Raises CommandError with one line for each fault."""
    faults = [str(found.msg) for found in run_checks() if found.is_serious()]
    if faults:
        raise CommandError("\n".join(faults))


def check_port(host: str, port: int) -> None:
    """Raises ImproperlySet when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                return
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ImproperlySet(
                    "PORT", f"cannot use {host}:{port} ({error.strerror})."
                ) from None
            if time.monotonic() > deadline:
                advice = f"{port} is taken by another program; choose another: make run PORT=8001"
                raise ImproperlySet("PORT", advice) from None
        time.sleep(0.1)


def children(web_processes: int) -> list[Child]:
    """The web server and the worker; both keep the embedded servers alive by themselves."""
    keep: tuple[int, ...] = ()
    if settings.EMBEDDED_DATABASE or settings.EMBEDDED_BROKER:
        keep = (attach(settings.SERVERS).descriptor,)
    inherited = dict(os.environ)
    work = [sys.executable, str(ROOT / "manage.py"), "work"]
    return [
        Child("web server", command(web_processes), {**inherited, "PORTAL_PROCESS": "web"}, keep),
        Child("worker", work, {**inherited, "PORTAL_PROCESS": "worker"}, keep),
    ]


def tend_servers() -> None:
    """Bring the embedded servers back if their supervisor was killed; we still hold a share."""
    if settings.EMBEDDED_DATABASE or settings.EMBEDDED_BROKER:
        attach(settings.SERVERS).release()


def answers(host: str, port: int, name: str) -> bool:
    """Whether the web server at `host` is alive; `name` is one that it answers to."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/live", headers={"Host": name})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
