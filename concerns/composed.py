"""A question to the database that is composed once per process and asked again with other values.

To compose a long question costs more than to answer it. What differs between two times of asking
stands in it as `Given`; all else must be the same each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, QuerySet


@dataclass(frozen=True)
class Blank:
    """Stands among the parameters of a composed question until it is asked."""

    name: str


class Given(Expression):
    """A value that is filled in at each asking, by its name."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [Blank(self.name)]


@dataclass(frozen=True)
class Composed:
    """The words of a question and its parameters in their order, some of them blank."""

    sql: str
    parameters: tuple[Any, ...]
    alias: str

    def first(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Ask with these values, and return the first row as the driver reads it, or None. One
        query. Raises KeyError for a value that is not given."""
        filled = [
            values[each.name] if isinstance(each, Blank) else each for each in self.parameters
        ]
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.sql, filled)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def compose(rows: QuerySet[Any, Any]) -> Composed:
    """Return the question that the query set would ask."""
    sql, parameters = rows.query.get_compiler(using=rows.db).as_sql()
    return Composed(sql, tuple(parameters), rows.db)
