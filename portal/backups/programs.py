"""PostgreSQL's own programs, and how they reach the portal's database."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from django.db import connections
from psycopg2.extensions import make_dsn

from portal.backups.faults import BackupFault
from portal.environment import text
from portal.preconditions import ENCRYPTED
from portal.servers.faults import ServerFault
from portal.servers.postgres import binaries

OWNER = "owner"
DEBIAN = Path("/usr/lib/postgresql")


def program(name: str, *, oldest: int) -> Path:
    """`name` of the lowest version that is at least `oldest`, the server's. Raises BackupFault."""
    found: dict[int, Path] = {}
    for path in _places(name):
        version = version_of(path)
        if version >= oldest:
            found.setdefault(version, path)
    if not found:
        raise BackupFault(
            f"{name} of PostgreSQL {oldest} or newer is missing{' (with TLS)' * needs_tls()}: "
            "install PostgreSQL's client programs, or set PORTAL_PG_BIN to their folder."
        )
    return found[min(found)]


def server_version() -> int:
    """The major version of the database server."""
    connection = connections[OWNER]
    connection.ensure_connection()
    return int(connection.pg_version) // 10_000  # type: ignore[attr-defined]


def address() -> tuple[str, dict[str, str]]:
    """Where the database is, for `--dbname`, and the environment that holds its password."""
    values = connections[OWNER].get_connection_params()
    password = str(values.pop("password", ""))
    own = {"PGPASSWORD": password} if password else {}
    plain = {
        key: str(value)
        for key, value in values.items()
        if isinstance(value, str | int) and value != ""
    }
    return make_dsn(**plain), {**os.environ, **own, "PGCLIENTENCODING": "UTF8"}


def needs_tls() -> bool:
    """Whether the line to the database must be encrypted."""
    options = connections[OWNER].settings_dict.get("OPTIONS", {})
    return options.get("sslmode", "prefer") in ENCRYPTED


def _places(name: str) -> list[Path]:
    given = text("PORTAL_PG_BIN")
    folders = [Path(given).expanduser()] if given else []
    folders += sorted(DEBIAN.glob("*/bin"))
    on_path = shutil.which(name)
    places = [folder / name for folder in folders] + ([Path(on_path)] if on_path else [])
    # An installation on a server of its own needs no embedded one; those programs know no TLS.
    with suppress(ServerFault):
        places += [] if given or needs_tls() else [binaries() / name]
    return [path for path in places if os.access(path, os.X_OK)]


def version_of(path: Path) -> int:
    """The major version that the program tells; 0 when it tells none."""
    try:
        told = subprocess.run(
            [str(path), "--version"], capture_output=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    words = told.stdout.decode(errors="replace").replace("(PostgreSQL)", "").split()
    number = words[1].split(".")[0] if len(words) > 1 else ""
    digits = "".join(symbol for symbol in number if symbol.isdigit())
    return int(digits) if digits else 0
