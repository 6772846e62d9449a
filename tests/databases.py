"""Databases for tests: one template per state of the schema, and copies of it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2 import sql

from portal.environment import ROOT
from portal.schema import schema_digest
from portal.servers.layout import USER
from portal.servers.locks import Lock

TEMPLATES_KEPT = 3


@contextmanager
def server() -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor on the server itself, outside any transaction."""
    layout = settings.SERVERS
    connection = psycopg2.connect(
        host=str(layout.sockets), user=USER, password=layout.password("postgres"), dbname="postgres"
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def point_connections_at(name: str) -> None:
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name
    for found in connections.settings.values():
        found["NAME"] = name


def drop(name: str) -> None:
    with server() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def copy_of_template() -> str:
    """A new database with the schema of this checkout; the caller drops it.

    Concurrent runs wait for each other here, so that the template is built once.
    """
    with Lock(settings.VAR / "template.lock").exclusive():
        template = f"template_{schema_digest()}"
        with server() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [template])
            if cursor.fetchone() is None:
                build(template)
            name = f"test_{os.getpid()}_{secrets.token_hex(3)}"
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            remove_stale(cursor)
    return name


def build(template: str) -> None:
    """Migrate a draft and give it the template's name when it is complete.

    The real command in a process of its own: nothing that tests patch can bend the schema.
    """
    draft = f"{template}_draft"
    drop(draft)
    with server() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input", "--verbosity=0"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_VAR": str(settings.VAR),
            "PORTAL_DATABASE": draft,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stderr}")
    with server() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(draft), sql.Identifier(template)
            )
        )


def remove_stale(cursor: "psycopg2.extensions.cursor") -> None:
    """Drop what killed runs left, and templates of schemas long gone."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
    for (name,) in cursor.fetchall():
        if not is_alive(int(name.split("_")[1])):
            drop(name)
    cursor.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%' "
        "ORDER BY oid DESC OFFSET %s",
        [TEMPLATES_KEPT],
    )
    for (name,) in cursor.fetchall():
        drop(name)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def analyse(*tables: str) -> None:
    """Renew the statistics of tables within a test's transaction: a plan must follow from the
    test's own rows, not from what other tests left behind."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
        # Only the owner of the tables may. RESET ROLE returns to the role that the connection was
        # opened with, which is the limited one; the login itself is the owner.
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT relname FROM pg_class "
            "WHERE oid = ANY(%s::regclass[]) AND NOT pg_has_role(relowner, 'USAGE')",
            [list(tables)],
        )
        strangers = [name for (name,) in cursor.fetchall()]
        assert strangers == [], f"these would be left as they are, with a warning: {strangers}"
        cursor.execute(f"ANALYZE {', '.join(tables)}; SET ROLE {role}")
