import pytest
from django.db import DatabaseError, connection, connections, transaction

from portal.database import APP_ROLE, PUBLIC_ROLE
from portal.database_roles import APPEND_ONLY, PUBLIC_TABLES, READ_ONLY, grant_rights

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
