"""What one action writes, its history among it, in one statement.

A change is several rows: the state, the history, what is public, what followers hear. Each alone
would be a question to the database; together they are one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.expressions import DatabaseDefault, RawSQL
from django.db.models.sql import DeleteQuery, InsertQuery, UpdateQuery

M = TypeVar("M", bound=Model)
Heard = Callable[[list[int]], None]

NUMBER_OF = "(SELECT {column} FROM {name})"
NUMBERS = "SELECT {part} AS part, {column}::bigint AS number FROM {name}"
COUNT = "SELECT {part} AS part, count(*) AS number FROM {name}"
NO_ANSWER = "SELECT 0 AS part, 0 AS number LIMIT 0"


class OutsideTransaction(RuntimeError):
    """What belongs together stands or falls with the transaction of its action."""


@dataclass(frozen=True)
class _Part:
    """One piece of the statement; `heard` gets the numbers that `answer` reads from it."""

    sql: str
    params: Sequence[Any]
    answer: str = ""
    column: str = ""
    heard: Heard | None = None


class Together:
    """Gathers what an action writes, in its transaction, until `send` writes it.

    Every part sees the database as it was before all of them. So a part rests on another only by
    a foreign key: a new row may name one that was gathered before it, whose number it gets.
    """

    def __init__(self) -> None:
        self._new: dict[int, tuple[Model, bool]] = {}
        self._changed: dict[int, tuple[Model, dict[str, None]]] = {}
        self._parts: list[_Part] = []

    def insert(self, row: M, *, once: bool = False) -> M:
        """Store a new row, which knows its number once it is sent. With `once` a row that meets
        its twin is left out, as a violation would stand in the server's log; of several such rows
        of one table none learns its number."""
        self._new[id(row)] = (row, once)
        return row

    def insert_all(self, rows: Iterable[Model], *, once: bool = False) -> None:
        for row in rows:
            self.insert(row, once=once)

    def change(self, row: Model, *fields: str) -> None:
        """Store these fields of a row as they are when all is sent: one change, however often the
        row is named, and none for a new row, which is stored as it is then."""
        if id(row) not in self._new:
            self._changed.setdefault(id(row), (row, {}))[1].update(dict.fromkeys(fields))

    def update(self, rows: QuerySet[Any], **values: Any) -> None:
        """Change rows that nobody read, and that no other part changes."""
        self._parts.append(_update(rows, values))

    def delete(self, rows: QuerySet[Any]) -> None:
        """Delete rows that nothing else names: no other table is looked at."""
        query: Any = rows.query.chain(DeleteQuery)
        self._parts.append(_Part(*query.get_compiler(connection=connection).as_sql()))

    def run(
        self, sql: str, params: Sequence[Any], heard: Callable[[int], None] | None = None
    ) -> None:
        """Run a statement that ends in RETURNING; `heard` gets of how many rows."""

        def count(numbers: list[int]) -> None:
            if heard is not None:
                heard(numbers[0])

        self._parts.append(_Part(sql, params, answer=COUNT, heard=count))

    def send(self) -> None:
        """Write all that was gathered, and begin anew; nothing gathered is no question.

        Raises OutsideTransaction.
        """
        if not connection.in_atomic_block:
            raise OutsideTransaction
        new, changed, parts = self._new, self._changed, self._parts
        self._new, self._changed, self._parts = {}, {}, []
        if new or changed or parts:
            told = _Told(new, changed)
            _ask([*told.insertions(), *told.changes(), *parts])
            told.take_numbers()


class _Told:
    """How new rows name each other before any of them has a number."""

    def __init__(
        self,
        new: dict[int, tuple[Model, bool]],
        changed: dict[int, tuple[Model, dict[str, None]]],
    ) -> None:
        self.new, self.changed = new, changed
        self.rows = [row for row, _rest in [*new.values(), *changed.values()]]
        self.numbers: dict[int, RawSQL] = {}

    def insertions(self) -> Iterator[_Part]:
        """One for each table; those come first that others name, each row of these by itself."""
        for place, parent in enumerate(self._named()):
            column, name = parent._meta.pk.column, _name(place)
            self.numbers[id(parent)] = RawSQL(NUMBER_OF.format(column=column, name=name), ())  # noqa: S611 names of ours
            yield self._insertion([parent], once=self.new[id(parent)][1])
        groups: dict[tuple[type[Model], bool], list[Model]] = {}
        for row, once in self.new.values():
            if id(row) not in self.numbers:
                groups.setdefault((type(row), once), []).append(row)
        for (_model, once), alike in groups.items():
            yield self._insertion(alike, once=once)

    def changes(self) -> Iterator[_Part]:
        for row, fields in self.changed.values():
            self._tell(row)
            named: list[Any] = [row._meta.get_field(name) for name in fields]
            values = {field.name: row.__dict__[field.attname] for field in named}
            yield _update(type(row)._base_manager.filter(pk=row.pk), values)

    def take_numbers(self) -> None:
        """Let every row that named another know its number, now that it has one."""
        for row in self.rows:
            for field, other in self._names(row):
                row.__dict__[field.attname] = other.pk

    def _named(self) -> list[Model]:
        """The rows of every table of which some row is named: a table is filled in the order in
        which its rows were gathered, as history is read in the order of its numbers."""
        found = {type(other) for row in self.rows for _field, other in self._names(row)}
        return [row for row, _once in self.new.values() if type(row) in found]

    def _names(self, row: Model) -> Iterator[tuple[Any, Model]]:
        """The foreign keys of a row that name one of the new rows."""
        for field in row._meta.concrete_fields:
            if field.is_relation and field.is_cached(row):  # type: ignore[attr-defined]
                other = field.get_cached_value(row)  # type: ignore[attr-defined]
                if id(other) in self.new:
                    yield field, other

    def _tell(self, row: Model) -> None:
        for field, other in self._names(row):
            row.__dict__[field.attname] = self.numbers[id(other)]

    def _insertion(self, rows: list[Model], *, once: bool) -> _Part:
        meta = rows[0]._meta
        for row in rows:
            self._tell(row)
        fields = [
            field
            for field in meta.local_concrete_fields
            if not field.generated and field is not meta.auto_field
        ]
        query = InsertQuery(type(rows[0]), on_conflict=OnConflict.IGNORE if once else None)
        query.insert_values(fields, rows)
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [meta.pk]
        ((sql, params),) = compiler.as_sql()
        return _Part(sql, params, NUMBERS, meta.pk.column or "", lambda found: _stored(rows, found))


def _update(rows: QuerySet[Any], values: dict[str, Any]) -> _Part:
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    query.clear_select_clause()
    return _Part(*query.get_compiler(connection=connection).as_sql())


def _ask(parts: list[_Part]) -> None:
    pieces = ", ".join(f"{_name(place)} AS ({part.sql})" for place, part in enumerate(parts))
    answers = [
        part.answer.format(part=place, column=part.column, name=_name(place))
        for place, part in enumerate(parts)
        if part.answer
    ]
    params = [value for part in parts for value in part.params]
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {pieces} {' UNION ALL '.join(answers) or NO_ANSWER}", params)
        for place, number in cursor.fetchall():
            found.setdefault(place, []).append(number)
    for place, part in enumerate(parts):
        if part.heard is not None:
            part.heard(found.get(place, []))


def _stored(rows: list[Model], numbers: list[int]) -> None:
    """Give the rows their numbers, which come in the order of the rows; fewer of them mean that
    some row met its twin, and nobody can tell which."""
    if len(numbers) < len(rows):
        return
    for row, number in zip(rows, numbers, strict=True):
        row.__dict__[row._meta.pk.attname] = number
        row._state.adding, row._state.db = False, connection.alias
        # What the database chose is read when somebody asks for it.
        for field in row._meta.concrete_fields:
            if field.generated or isinstance(row.__dict__.get(field.attname), DatabaseDefault):
                row.__dict__.pop(field.attname, None)


def _name(place: int) -> str:
    return f"part_{place}"
