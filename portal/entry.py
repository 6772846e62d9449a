"""How a command starts: its servers first, then Django; an operator's fault ends in one line."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError

from portal import environment
from portal.environment import ImproperlySet
from portal.logging import told
from portal.servers.attach import attach
from portal.servers.faults import ServerFault
from portal.servers.layout import Layout
from portal.servers.locks import Lock

FAULT = 2
UNDEFINED_TABLE = "42P01"
# These read code and files alone.
WITHOUT_SERVERS = frozenset(
    {
        "help",
        "version",
        "--help",
        "--version",
        "check",
        "check_templates",
        "collectstatic",
        "findstatic",
    }
)


# What runs as a service says even its last word as a line of the log.
SERVICES = frozenset({"web", "work", "clock"})
# Also where an error may repeat rows: nobody at a terminal reads it, but a log keeps it.
UNATTENDED = SERVICES | {"migrate"}


def layout() -> Layout:
    """Where this installation's embedded servers are, as settings see it too."""
    var = environment.folder("PORTAL_VAR", Path("var"))
    return Layout(var=var, keys=environment.keys_folder(var))


def uses_embedded_servers() -> bool:
    return not (environment.text("DATABASE_URL") and environment.text("REDIS_URL"))


def attach_for(arguments: Sequence[str]) -> Lock | None:
    """Hold the embedded servers if this command needs them."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_SERVERS or "--help" in arguments or not uses_embedded_servers():
        return None
    return attach(layout())


def connection_fault(error: OperationalError) -> str:
    """The line for a database that cannot be reached, or nothing when a statement failed there.

    The first line of the driver's message names host and login, never the password.
    """
    if getattr(error.__cause__, "pgcode", None):
        return ""
    reason = (str(error).strip().splitlines() or ["no connection"])[0].rstrip(".")
    if environment.text("DATABASE_URL"):
        return f"DATABASE_URL: {reason}; check host, port, user, password and database name."
    return f"The embedded database does not answer: {reason}; see {layout().logs}."


def schema_fault(error: ProgrammingError) -> str:
    """The line for a table that is missing, whose name the message holds, or nothing."""
    if getattr(error.__cause__, "pgcode", None) != UNDEFINED_TABLE:
        return ""
    reason = str(error).strip().splitlines()[0]
    return f"The database is not migrated ({reason}): run python manage.py migrate."


def fault_of_database(error: Exception) -> str:
    """The line for a database that is away or empty; nothing for any other fault."""
    if isinstance(error, OperationalError):
        return connection_fault(error)
    return schema_fault(error) if isinstance(error, ProgrammingError) else ""


def is_service() -> bool:
    """Whether people report here; a demonstration speaks to the one person who started it."""
    return not environment.flag("PORTAL_DEMO", default=not environment.text("DATABASE_URL"))


def say(fault: Exception, sentence: str, command: str) -> int:
    """Tell why the command ends; returns the exit status."""
    line = sentence
    if command in SERVICES and is_service():
        line = told(fault, event=sentence)
    print(line, file=sys.stderr)  # noqa: T201 there is no logger yet
    return FAULT


def main(arguments: Sequence[str]) -> int:
    """Run one management command; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    command = arguments[1] if len(arguments) > 1 else "help"
    hold = None
    try:
        hold = attach_for(arguments)
        execute_from_command_line(list(arguments))
    except (ImproperlySet, ServerFault) as fault:
        return say(fault, str(fault), command)
    except Exception as error:
        if "--traceback" not in arguments and (sentence := fault_of_database(error)):
            return say(error, sentence, command)
        if command in UNATTENDED and is_service():
            print(told(error), file=sys.stderr)  # noqa: T201 the message may repeat a row
            return FAULT
        raise
    finally:
        if hold is not None:
            hold.release()
    return 0
