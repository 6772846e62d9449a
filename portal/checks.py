"""What `manage.py check --deploy` asks of servers that somebody else runs.

The embedded servers are started with the right settings, so nothing is asked of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from redis import Redis
from redis.exceptions import RedisError, ResponseError

# With other values the log repeats what people write: a unique violation its whole row, a slow
# or sampled statement its parameters, "invalid input syntax" the value in its first line.
# The first value is the one advised. A server that does not know a setting has not loaded it.
QUIET_LOG: Mapping[str, Sequence[str]] = {
    "log_min_messages": ("fatal", "panic"),
    "log_min_error_statement": ("panic",),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none",),
    "log_duration": ("off",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log": ("none", ""),
}
NOTHING_ON_DISK = {"save": "", "appendonly": "no"}


def database_log_is_quiet(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """An Error with the SQL to run, if an outside server's log would repeat what people write.

    Raises OperationalError when the server cannot be reached.
    """
    if settings.EMBEDDED_DATABASE:
        return []
    remedy = silencing(connections["owner"])
    if not remedy:
        return []
    return [
        Error(
            "DATABASE_URL: this server's log may repeat what people write; let its "
            f"administrator run: {' '.join(remedy)}",
            id="portal.E001",
        )
    ]


def silencing(connection: BaseDatabaseWrapper) -> list[str]:
    """The SQL that sets right what is wrong, for this database alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_database())")
        database = cursor.fetchone()[0]
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET_LOG)]
        )
        found = dict(cursor.fetchall())
    return [
        f"ALTER DATABASE {database} SET {name} = '{allowed[0]}';"
        for name, allowed in QUIET_LOG.items()
        if found.get(name, allowed[0]) not in allowed
    ]


def cache_keeps_nothing(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """An Error if an outside cache writes to its disk, where pseudonyms of visitors would stay."""
    if settings.EMBEDDED_BROKER:
        return []
    try:
        loud = persistence(settings.CACHES["default"]["LOCATION"])
    except ResponseError:
        return [
            Warning(
                "CACHE_URL: this server does not tell whether it writes to disk; make sure that "
                "it does not.",
                id="portal.W001",
            )
        ]
    except (RedisError, OSError):
        return [Error("CACHE_URL: the cache does not answer.", id="portal.E003")]
    if not loud:
        return []
    return [
        Error(
            "CACHE_URL: this server writes to disk, and addresses of visitors must leave no "
            f"trace; run on it: {'; '.join(loud)}",
            id="portal.E002",
        )
    ]


def persistence(url: str) -> list[str]:
    """The commands that end what the server at `url` writes to disk. Raises RedisError."""
    with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as server:
        found = server.config_get(*NOTHING_ON_DISK)
    return [
        f'CONFIG SET {name} "{wanted}"'
        for name, wanted in NOTHING_ON_DISK.items()
        if found.get(name) != wanted
    ]
