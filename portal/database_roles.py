"""Who may do what with which table, as the database itself enforces it.

Two roles besides the owner: pages and tasks run as `common_ground_app`, public pages as
`common_ground_public`, which sees nothing but what was published. Rights are stated here in
full and set anew after every migration, so that a table without a line below is private.
"""

from django.db import ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from portal.database import APP_ROLE, PUBLIC_ROLE

OLDEST_SERVER = 150_000
# History: rows are added and read, never changed. Triggers in their apps say the same.
APPEND_ONLY = (
    "audit_entry",
    "audit_link",
    "audit_anchor",
    "concerns_calltry",
    "concerns_moderationdecision",
    "concerns_ratingrelease",
    "concerns_reading",
    "concerns_statuschange",
    "concerns_wrongdoorcall",
    "concerns_wrongdoorpage",
    "meetings_schedule",
    "published_figure",
    "published_release",
)
# Written by migrations alone.
READ_ONLY = (
    "django_migrations",
    "portal_installation",
)
# All that a public page can read.
PUBLIC_TABLES = (
    # Read by every browser that shows the report form, so that no typed word leaves it.
    "concerns_dangerphrases",
    # Everyone can read for which reasons something may be taken down.
    "concerns_moderationreason",
    # A policy in the database leaves out drafts; answers and ways in are private.
    "meetings_meeting",
    "meetings_meetingarea",
    "meetings_schedule",
    "published_publicconcern",
    "published_release",
    "published_publicconcernarea",
    "published_publicmove",
    "published_publicphoto",
    "published_publicupdate",
    "published_prevention",
    "published_figure",
    "published_mapcount",
    "published_support",
    "published_mapchange",
    "places_address",
    "places_agency",
    "places_area",
    "places_areaversion",
    "places_block",
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
    ensure_roles(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_database())")
        database = cursor.fetchone()[0]
        # The roles belong to the whole server: another portal there takes them too.
        cursor.execute(f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC")
        tables = set(connection.introspection.table_names(cursor))
        for statement in statements(tables):
            cursor.execute(statement)


def ensure_roles(connection: BaseDatabaseWrapper) -> None:
    """Make the roles that are missing and let this login take both; safe to repeat.

    Raises CannotGrant with the SQL for all that this login could not do.
    """
    with connection.cursor() as cursor:
        undone = [sql for role in (APP_ROLE, PUBLIC_ROLE) for sql in ensure_role(cursor, role)]
        if undone:
            raise CannotGrant(
                "DATABASE_URL: this login may not make roles; let the server's administrator "
                f"run: {' '.join(undone)}"
            )


def ensure_role(cursor: CursorWrapper, role: str) -> list[str]:
    """Make the role if it is missing and let this login take it; returns the SQL it may not run."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    missing = cursor.fetchone() is None
    if not missing and may_take(cursor, role):
        return []
    create = f"CREATE ROLE {role} NOLOGIN;"
    try:
        if missing:
            # Another database of this server may be migrating at the same moment.
            cursor.execute(
                f"DO $$ BEGIN {create} EXCEPTION WHEN duplicate_object OR unique_violation "
                "THEN NULL; END $$"
            )
        cursor.execute(f"GRANT {role} TO CURRENT_USER")
    except ProgrammingError:
        return [create] * missing + [f"GRANT {role} TO {login(cursor)};"]
    return []


def may_take(cursor: CursorWrapper, role: str) -> bool:
    """Whether SET ROLE works; since PostgreSQL 16 a member may lack that."""
    right = "SET" if server_version(cursor) >= 160_000 else "MEMBER"
    cursor.execute("SELECT pg_has_role(current_user, %s, %s)", [role, right])
    return bool(cursor.fetchone() == (True,))


def server_version(cursor: CursorWrapper) -> int:
    """150004 is 15.4."""
    cursor.execute("SELECT current_setting('server_version_num')::int")
    return int(cursor.fetchone()[0])


def login(cursor: CursorWrapper) -> str:
    """The name of this login as SQL takes it."""
    cursor.execute("SELECT quote_ident(current_user)")
    return str(cursor.fetchone()[0])


def check_ownership(connection: BaseDatabaseWrapper) -> None:
    """Raises CannotGrant unless this login may make everything that the portal needs here."""
    with connection.cursor() as cursor:
        version = server_version(cursor)
        if version < OLDEST_SERVER:
            raise CannotGrant(
                "DATABASE_URL: PostgreSQL 15 or newer is needed; this server is "
                f"{version // 10_000}."
            )
        check_encoding(cursor)
        cursor.execute(
            "SELECT quote_ident(current_database()), pg_has_role(datdba, 'USAGE'), "
            "has_schema_privilege('public', 'CREATE') "
            "FROM pg_database WHERE datname = current_database()"
        )
        database, owns_database, may_create = cursor.fetchone()
        undone = []
        if not owns_database:
            undone.append(f"ALTER DATABASE {database} OWNER TO {login(cursor)};")
        if not (may_create or undone):
            undone.append(f"ALTER SCHEMA public OWNER TO {login(cursor)};")
    if undone:
        raise CannotGrant(
            "DATABASE_URL: this login must own its database; let the server's administrator run: "
            + " ".join(undone)
        )


def check_encoding(cursor: CursorWrapper) -> None:
    """Raises CannotGrant unless text is kept as UTF-8.

    A server that was set up without a language takes bytes as letters, and a Latin one refuses
    half of what people write.
    """
    cursor.execute("SHOW server_encoding")
    (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise CannotGrant(
            f"DATABASE_URL: this database keeps text as {encoding}, not as UTF8; let the server's "
            f"administrator make another: CREATE DATABASE portal_utf8 OWNER {login(cursor)} "
            "ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;"
        )


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
