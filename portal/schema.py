"""Whether a database has the schema of this code, known without running the migrations."""

import hashlib

from django.db import DatabaseError, connections

from portal.environment import ROOT

PACKAGES = ("portal", "engagement", "concerns", "meetings")
SHAPING_FOLDERS = frozenset({"migrations", "models", "fixtures"})
SHAPING_FILES = frozenset({"database_roles.py", "models.py", "apps.py", "roles.py", "migrating.py"})


def schema_digest() -> str:
    """Changes with any file that can shape the database: migrations, models, rights, packages."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.*")):
            name = path.relative_to(ROOT)
            shapes = path.name in SHAPING_FILES or SHAPING_FOLDERS & set(name.parts)
            if shapes and path.suffix != ".pyc":
                digest.update(str(name).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def is_current() -> bool:
    """The mark is kept in the database itself, so it cannot speak of another one."""
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                "WHERE datname = current_database()"
            )
            return bool(cursor.fetchone() == (schema_digest(),))
    except DatabaseError:
        return False


def mark_current() -> None:
    connection = connections["owner"]
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS '{schema_digest()}'")
