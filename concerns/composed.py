"""A question to the database that is composed once per process and asked again with other values.

To compose a long question costs more than to answer it. What differs between two times of asking
stands in it as `Given`; all else must be the same each time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
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
    """The words of a question and its parameters in their order, some of them blank.

    `names` are those of the columns; `readers` have the place of a column, what makes a value of
    what the driver reads there, and the expression that it came from.
    """

    sql: str
    parameters: tuple[Any, ...]
    alias: str
    names: tuple[str, ...]
    readers: tuple[tuple[int, tuple[Any, ...], Any], ...]

    def first(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Ask with these values, and return the first row as the driver reads it, or None. One
        query. Raises KeyError for a value that is not given."""
        rows = self._rows(values)
        return rows[0] if rows else None

    def values(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Ask with these values, and return all rows as `QuerySet.values` does. One query. Raises
        KeyError for a value that is not given."""
        connection, found = connections[self.alias], []
        for row in self._rows(values):
            read = list(row)
            for place, converters, expression in self.readers:
                for convert in converters:
                    read[place] = convert(read[place], expression, connection)
            found.append(dict(zip(self.names, read, strict=True)))
        return found

    def _rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        if not self.sql:
            return []
        filled = [
            values[each.name] if isinstance(each, Blank) else each for each in self.parameters
        ]
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def compose(rows: QuerySet[Any, Any]) -> Composed:
    """Return the question that a query set of `values` or `values_list` would ask."""
    query: Any = rows.query
    compiler = query.get_compiler(using=rows.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        # Nothing can fit, whatever is given, and nothing is asked.
        return Composed("", (), rows.db, (), ())
    columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    return Composed(
        sql,
        tuple(parameters),
        rows.db,
        tuple(query.selected or [*query.values_select, *query.annotation_select]),
        tuple((place, tuple(each), column) for place, (each, column) in converters.items()),
    )


class Composer:
    """Composes each question of one kind once, and keeps it under all that it depends on."""

    def __init__(self, most: int = 256) -> None:
        self._kept: OrderedDict[Hashable, Composed] = OrderedDict()
        self._most = most

    def __call__(self, key: Hashable, make: Callable[[], QuerySet[Any, Any]]) -> Composed:
        """Return the question that `make` would ask, which is called for a new key only.

        `make` looks at nothing that the key does not say: at no clock, and at no row.
        """
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = compose(make())
            # Rights change, and nobody asks for the former ones again.
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
