from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, connections, transaction

from portal import database_roles
from portal.database import APP_ROLE, PUBLIC_ROLE
from portal.database_roles import (
    APPEND_ONLY,
    PUBLIC_TABLES,
    READ_ONLY,
    CannotGrant,
    check_ownership,
    ensure_roles,
    grant_rights,
)
from tests.databases import drop, point_connections_at, server

pytestmark = pytest.mark.privacy


def rights(role: str, right: str) -> set[str]:
    """The tables on which `role` has `right`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege(%s, oid, %s)",
            [role, right],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_in_the_lists_exists() -> None:
    tables = set(connection.introspection.table_names())

    assert set(APPEND_ONLY) | set(READ_ONLY) | set(PUBLIC_TABLES) <= tables


@pytest.mark.django_db
def test_pages_run_as_the_limited_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP_ROLE,)


@pytest.mark.django_db
def test_a_public_page_can_read_the_listed_tables_and_no_other() -> None:
    assert rights(PUBLIC_ROLE, "SELECT") == set(PUBLIC_TABLES)
    for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
        assert rights(PUBLIC_ROLE, right) == set()


@pytest.mark.django_db
def test_history_cannot_be_rewritten_by_the_portal() -> None:
    for right in ("UPDATE", "DELETE"):
        assert not rights(APP_ROLE, right) & (set(APPEND_ONLY) | set(READ_ONLY))
    assert rights(APP_ROLE, "TRUNCATE") == set()


@pytest.mark.django_db
def test_the_public_role_is_refused_a_private_table() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {PUBLIC_ROLE}")
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute("SELECT * FROM people_user")
        transaction.set_rollback(True)


def test_granting_again_changes_nothing(committed_database: str) -> None:
    before = {right: rights(APP_ROLE, right) for right in ("SELECT", "UPDATE", "DELETE")}

    grant_rights(connections["owner"])

    assert {right: rights(APP_ROLE, right) for right in before} == before


def test_another_portal_of_the_server_cannot_come_in_through_the_shared_roles(
    committed_database: str,
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT CONNECT ON DATABASE {committed_database} TO PUBLIC")

    grant_rights(connections["owner"])

    with connections["owner"].cursor() as cursor:
        for role in (APP_ROLE, PUBLIC_ROLE):
            cursor.execute(
                "SELECT has_database_privilege(%s, current_database(), 'CONNECT')", [role]
            )
            assert cursor.fetchone() == (False,)


@pytest.fixture
def stranger(committed_database: str) -> Iterator[Callable[[str], None]]:
    """Lets the session of the owner become a login with few rights, by name; gone at the end."""
    name = f"stranger_{committed_database}"
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN")

    def become(right: str) -> None:
        with owner.cursor() as cursor:
            cursor.execute(f"ALTER ROLE {name} {right}")
            if right == "CREATEROLE":
                cursor.execute(f"ALTER DATABASE {committed_database} OWNER TO {name}")
            cursor.execute(f"SET ROLE {name}")

    yield become
    with owner.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"ALTER DATABASE {committed_database} OWNER TO CURRENT_USER")
        cursor.execute(f"DROP ROLE {name}")


def test_a_login_that_may_not_make_roles_is_told_all_the_sql_at_once(
    stranger: Callable[[str], None], committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_roles, "PUBLIC_ROLE", f"missing_{committed_database}")
    stranger("NOCREATEROLE")

    with pytest.raises(CannotGrant) as refused:
        ensure_roles(connections["owner"])

    login = f"stranger_{committed_database}"
    missing = f"missing_{committed_database}"
    assert str(refused.value).endswith(
        f"run: GRANT {APP_ROLE} TO {login}; "
        f"CREATE ROLE {missing} NOLOGIN; GRANT {missing} TO {login};"
    )


def test_a_login_that_owns_nothing_is_told_before_any_table_is_made(
    stranger: Callable[[str], None], committed_database: str
) -> None:
    stranger("NOCREATEROLE")

    with pytest.raises(CannotGrant, match="must own its database") as refused:
        check_ownership(connections["owner"])

    assert str(refused.value).endswith(
        f"ALTER DATABASE {committed_database} OWNER TO stranger_{committed_database};"
    )


def test_an_owner_without_the_schema_is_told(
    stranger: Callable[[str], None], committed_database: str
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER SCHEMA public OWNER TO CURRENT_USER")
    stranger("CREATEROLE")

    with pytest.raises(CannotGrant, match="ALTER SCHEMA public OWNER TO stranger_"):
        check_ownership(connections["owner"])


def test_an_old_server_is_refused(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_roles, "server_version", lambda cursor: 140_012)

    with pytest.raises(CannotGrant, match="PostgreSQL 15 or newer is needed; this server is 14"):
        check_ownership(connections["owner"])


def test_a_database_that_keeps_bytes_and_not_letters_is_refused(committed_database: str) -> None:
    name = f"{committed_database}_ascii"
    with server() as cursor:
        cursor.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' "
            "TEMPLATE template0"
        )
    try:
        point_connections_at(name)
        with pytest.raises(CannotGrant, match="keeps text as SQL_ASCII, not as UTF8"):
            check_ownership(connections["owner"])
    finally:
        point_connections_at(committed_database)
        drop(name)
