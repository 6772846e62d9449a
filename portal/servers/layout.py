"""Where the embedded servers keep data, sockets and passwords.

Plain paths, no Django: settings, the supervisor and the tests all read them here.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.environment import stored_secret, text

# A Unix socket path holds at most 107 bytes on Linux and 103 on macOS; the longest name below
# is PostgreSQL's ".s.PGSQL.5432.lock" (19 bytes with its slash).
LONGEST_SOCKET_FOLDER = 80
USER = "portal"


def database_name() -> str:
    """The database inside the embedded server; tests and trials name their own."""
    return text("PORTAL_DATABASE", "portal")


@dataclass(frozen=True)
class Layout:
    """The paths of one set of servers below `var`; keys lie in `keys`."""

    var: Path
    keys: Path

    @property
    def data(self) -> Path:
        return self.var / "data"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def broker(self) -> Path:
        return self.data / "broker"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def users_lock(self) -> Path:
        return self.var / "servers.users"

    @property
    def supervisor_lock(self) -> Path:
        return self.var / "servers.lock"

    @property
    def ready_mark(self) -> Path:
        return self.run / "servers.ready"

    @property
    def run(self) -> Path:
        """Private run-time files: demonstration accounts, marks."""
        return self.var / "run"

    @property
    def sockets(self) -> Path:
        """The folder of the sockets; a short one elsewhere when this path is too deep for them."""
        folder = self.var / "sockets"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        # Not the TMPDIR of the moment: every process must come to the same place.
        return Path("/tmp") / f"common-ground-{digest}"  # noqa: S108 checked before use

    @property
    def queue_socket(self) -> Path:
        return self.sockets / "queue.sock"

    @property
    def cache_socket(self) -> Path:
        return self.sockets / "cache.sock"

    def password(self, server: str) -> str:
        """The password of `server` (postgres, queue or cache), made at first use."""
        return stored_secret(self.keys / f"{server}.password")

    @property
    def queue_url(self) -> str:
        """The broker as Celery reads it."""
        return f"redis+socket://:{self.password('queue')}@{quote(str(self.queue_socket))}?virtual_host=0"

    @property
    def cache_url(self) -> str:
        """The cache as redis-py reads it."""
        return f"unix://:{self.password('cache')}@{quote(str(self.cache_socket))}?db=0"
