"""Fast ways into the tables, after which everything holds as if rows had come one by one."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

# Links between tables, and indexes that no constraint stands on.
LINKS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname"""
INDEXES = """
SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid)
FROM pg_index AS index WHERE index.indrelid = %s::regclass
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = index.indexrelid)
ORDER BY 1"""
CATCH_UP = """
SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST((SELECT MAX(id) FROM {table}), 1))"""


@contextmanager
def without_links_and_indexes(cursor: CursorWrapper, tables: Sequence[str]) -> Iterator[None]:
    """Take them off and put them back; putting a link back checks every row.

    The tables' own triggers rest meanwhile: what they keep up to date is the caller's.

    In the caller's transaction: a failure leaves the tables as they were.
    """
    back: list[str] = []
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        back.append(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(LINKS, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(INDEXES, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            # Indexes first: some links are checked by them.
            back.insert(0, definition)
    yield
    for statement in back:
        cursor.execute(statement)


def copy(
    cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY rows of plain values: None is NULL, bytes are written as bytea."""
    lines = StringIO()
    for row in rows:
        lines.write("\t".join([_written(value) for value in row]))
        lines.write("\n")
    lines.seek(0)
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)


def _written(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value)


def catch_up(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """Let the numbering of new rows go on behind those that were numbered here."""
    for table in tables:
        cursor.execute(sql.SQL(CATCH_UP).format(table=sql.Identifier(table)), [table])
