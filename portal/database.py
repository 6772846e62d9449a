"""Connection settings of the one database, seen with two sets of rights."""

from copy import deepcopy
from typing import Any

import dj_database_url
from django.db.models import Model

from portal.environment import ImproperlySet, text
from portal.servers.layout import USER, Layout, database_name

APP_ROLE = "common_ground_app"
PUBLIC_ROLE = "common_ground_public"
# Milliseconds, by process; commands may take their time. A page that waits longer has lost its
# reader. A task runs in a thread, which no time limit of the worker can end: the server does.
LIMITS: dict[str, dict[str, int]] = {
    "web": {
        "statement_timeout": 15_000,
        "lock_timeout": 5_000,
        "idle_in_transaction_session_timeout": 60_000,
    },
    "worker": {
        "statement_timeout": 120_000,
        "lock_timeout": 30_000,
        "idle_in_transaction_session_timeout": 240_000,
    },
}
# A server that vanished without a word (a pulled cable, a firewall that forgot) is noticed within
# a minute; over a Unix socket these mean nothing.
DEADLINES: dict[str, int] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


class Migrations:
    """Router: tables are made by their owner alone, never through the alias that pages use."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        return True


def embedded(layout: Layout) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name(),
        "USER": USER,
        "PASSWORD": layout.password("postgres"),
        "HOST": str(layout.sockets),
        "PORT": "5432",
    }


def outside() -> dict[str, Any] | None:
    """The server named by DATABASE_URL, if any. Raises ImproperlySet unless it is PostgreSQL."""
    value = text("DATABASE_URL")
    if not value:
        return None
    example = "write postgresql://user:password@host:5432/name"
    if not value.startswith(("postgres://", "postgresql://")):
        raise ImproperlySet("DATABASE_URL", f"only PostgreSQL is supported; {example}")
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(value))
    except Exception:
        # The parser's own message may repeat the password.
        raise ImproperlySet("DATABASE_URL", f"this is no database address; {example}") from None
    if not found.get("NAME"):
        raise ImproperlySet("DATABASE_URL", f"the database name is missing; {example}")
    return found


def limits(process: str) -> str:
    """What `process` (web, worker or another) asks of the server about time, as libpq options."""
    return " ".join(f"-c {name}={value}" for name, value in LIMITS.get(process, {}).items())


def aliases(layout: Layout, *, process: str) -> dict[str, dict[str, Any]]:
    """`default` runs as the limited role; `owner` is the same database for migrations."""
    owner = outside() or embedded(layout)
    owner |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    given = owner["OPTIONS"] = {**DEADLINES, **owner.get("OPTIONS", {})}
    default = deepcopy(owner)
    options = [given.get("options", ""), f"-c role={APP_ROLE}", limits(process)]
    default["OPTIONS"] = {**given, "options": " ".join(part for part in options if part)}
    return {"default": default, "owner": owner}
