"""Who may do what with which table, as the database itself enforces it.

Two roles besides the owner: pages and tasks run as `common_ground_app`, public pages as
`common_ground_public`, which sees nothing but what was published. Rights are stated here in
full and set anew after every migration, so that a table without a line below is private.
"""

from django.db import ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from portal.database import APP_ROLE, PUBLIC_ROLE

# History: rows are added and read, never changed. Triggers in their apps say the same.
APPEND_ONLY = (
    "audit_entry",
    "audit_link",
    "audit_anchor",
    "concerns_statuschange",
)
# Written by migrations alone.
READ_ONLY = (
    "django_migrations",
    "portal_installation",
)
# All that a public page can read.
PUBLIC_TABLES = (
    "published_publicconcern",
    "published_publicconcernarea",
    "published_publicupdate",
    "places_agency",
    "places_area",
    "places_areaversion",
    "places_corner",
    "places_holiday",
    "places_hotline",
    "places_street",
)


class CannotGrant(Exception):
    """This login may not make or grant the roles; the message holds the SQL to run."""


def grant_rights(connection: BaseDatabaseWrapper) -> None:
    """Set the rights of both roles on every table of this database; safe to repeat.

    `connection` belongs to the owner of the tables. Raises CannotGrant.
    """
    with connection.cursor() as cursor:
        for role in (APP_ROLE, PUBLIC_ROLE):
            ensure_role(cursor, role)
        tables = set(connection.introspection.table_names(cursor))
        for statement in statements(tables):
            cursor.execute(statement)


def ensure_role(cursor: CursorWrapper, role: str) -> None:
    """Make the role if it is missing and let this login take it."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    missing = cursor.fetchone() is None
    if not missing:
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [role])
        if cursor.fetchone() == (True,):
            return
    create = f"CREATE ROLE {role} NOLOGIN;"
    grant = f"GRANT {role} TO CURRENT_USER;"
    try:
        if missing:
            # Another database of this server may be migrating at the same moment.
            cursor.execute(
                f"DO $$ BEGIN {create} EXCEPTION WHEN duplicate_object OR unique_violation "
                "THEN NULL; END $$"
            )
        cursor.execute(grant)
    except ProgrammingError:
        user = connection_user(cursor)
        raise CannotGrant(
            "DATABASE_URL: this login may not make roles; let the server's administrator run: "
            f"{create if missing else ''} GRANT {role} TO {user};"
        ) from None


def connection_user(cursor: CursorWrapper) -> str:
    return str(cursor.db.settings_dict["USER"] or "the portal's login")


def statements(tables: set[str]) -> list[str]:
    """All rights from nothing; runs in one transaction, so no page sees the gap."""
    both = f"{APP_ROLE}, {PUBLIC_ROLE}"
    found = [
        "BEGIN",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {both}",
        f"GRANT USAGE ON SCHEMA public TO {both}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
    ]
    found += [
        f'REVOKE UPDATE, DELETE ON "{table}" FROM {APP_ROLE}'
        for table in APPEND_ONLY
        if table in tables
    ]
    found += [
        f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM {APP_ROLE}'
        for table in READ_ONLY
        if table in tables
    ]
    found += [
        f'GRANT SELECT ON "{table}" TO {PUBLIC_ROLE}' for table in PUBLIC_TABLES if table in tables
    ]
    return [*found, "COMMIT"]
