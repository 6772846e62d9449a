"""A process that dies between two statements, at every place where it could."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction

# More than any one change needs; whoever needs more is told so.
MOST_STATEMENTS = 400


class Crash(BaseException):
    """Nothing in the portal catches this: the process is gone."""


class _DiesBefore:
    """Lets so many statements through, and nothing after them but what the server does alone."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        if self.left == 0 and not str(sql).startswith(("ROLLBACK", "RELEASE")):
            raise Crash
        self.left -= self.left > 0
        return execute(sql, *given)


def crash_everywhere(act: Callable[[], object]) -> int:
    """Run `act` again and again, dying before its first statement, its second and so on, until one
    run gets through; everything that it touches must be as before after each death.

    Returns how many statements it takes. In a test of the mark django_db; what the last run did
    stays.
    """
    touched = _touched_by(act)
    stood = digests(touched)
    for statements in range(MOST_STATEMENTS):
        point = transaction.savepoint()
        try:
            with connection.execute_wrapper(_DiesBefore(statements)):
                act()
        except Crash:
            assert digests(touched) == stood, f"something is left after {statements} statements"
            transaction.savepoint_rollback(point)
        else:
            transaction.savepoint_commit(point)
            return statements
    raise AssertionError("that many statements cannot be right")


def _touched_by(act: Callable[[], object]) -> list[str]:
    """The tables that a whole run changes; the run itself is rolled back."""
    stood, point = digests(), transaction.savepoint()
    act()
    now = digests()
    transaction.savepoint_rollback(point)
    return [table for table in stood if stood[table] != now[table]]


def digests(tables: Sequence[str] | None = None) -> dict[str, str]:
    """A digest of the rows of each table, in any order; of all where none is named."""
    with connection.cursor() as cursor:
        if tables is None:
            tables = connection.introspection.table_names(cursor)
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', md5(coalesce(string_agg(kept::text, '' "
                f"ORDER BY kept::text), '')) FROM \"{table}\" AS kept"
                for table in sorted(tables)
            )
        )
        return dict(cursor.fetchall())
