"""Pages that cost the same wherever they are: by key, never by offset."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
CURSOR_LENGTH = 400


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`newer` and `older` are cursors of the neighbouring pages, or None."""

    rows: list[Row]
    newer: str | None
    older: str | None


def keyset_page(
    queryset: QuerySet[Row],
    *,
    order: Sequence[str] = ("-received_on", "-id"),
    size: int,
    cursor: str | None,
) -> Page[Row]:
    """Cut one page out of `queryset` in one query.

    `order` names columns of one direction, the last unique. A cursor that cannot be read
    leads to the first page. Rows may be dictionaries of `values` that hold these columns.
    """
    return keyset_page_of([queryset], order=order, size=size, cursor=cursor)


def keyset_page_of(
    parts: Sequence[QuerySet[Row]],
    *,
    order: Sequence[str] = ("-received_on", "-id"),
    size: int,
    cursor: str | None,
) -> Page[Row]:
    """The same over parts that share no row, each read by its own index; also one query."""
    fields = [name.lstrip("-") for name in order]
    descending = order[0].startswith("-")
    position = _read(parts[0], fields, cursor)
    if position is None:
        return _page(_first(parts, order, size + 1), size, fields, has_newer=False)
    backwards, values = position
    beyond = _beyond(fields, values, lower=descending != backwards)
    after = [part.filter(beyond) for part in parts]
    if not backwards:
        return _page(_first(after, order, size + 1), size, fields, has_newer=True)
    found = _first(after, _turned(order), size + 1)
    rows = found[:size][::-1]
    newer = _write("n", rows[0], fields) if len(found) > size else None
    return Page(rows, newer, _write("o", rows[-1], fields) if rows else None)


def first_page(found: list[Row], *, order: Sequence[str], size: int) -> Page[Row]:
    """The first page of rows that were read in `order`, up to one more than it holds."""
    return _page(found, size, [name.lstrip("-") for name in order], has_newer=False)


def _first(parts: Sequence[QuerySet[Row]], order: Sequence[str], number: int) -> list[Row]:
    first, *others = [part.order_by(*order)[:number] for part in parts]
    if not others:
        return list(first)
    return list(first.union(*others, all=True).order_by(*order)[:number])


def _page(found: list[Row], size: int, fields: list[str], *, has_newer: bool) -> Page[Row]:
    rows = found[:size]
    newer = _write("n", rows[0], fields) if rows and has_newer else None
    older = _write("o", rows[-1], fields) if len(found) > size else None
    return Page(rows, newer, older)


def _turned(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _beyond(fields: list[str], values: list[Any], *, lower: bool) -> Q:
    """(a, b) < (x, y) as a < x or (a = x and b < y), with a <= x in front for the index."""
    verb = "lt" if lower else "gt"
    beyond = Q()
    for place, field in enumerate(fields):
        same = Q(**dict(zip(fields[:place], values[:place], strict=True)))
        beyond |= same & Q(**{f"{field}__{verb}": values[place]})
    return Q(**{f"{fields[0]}__{verb}e": values[0]}) & beyond


def _write(direction: str, row: Any, fields: list[str]) -> str:
    values = [_text(row, name) for name in fields]
    packed = json.dumps([direction, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _text(row: Any, name: str) -> str:
    if isinstance(row, dict):
        return str(row[name])
    return str(_column(type(row), name).value_to_string(row))


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _read(
    queryset: QuerySet[Row], fields: list[str], cursor: str | None
) -> tuple[bool, list[Any]] | None:
    if not cursor or len(cursor) > CURSOR_LENGTH:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *texts = json.loads(base64.urlsafe_b64decode(padded))
        values = [
            _column(queryset.model, name).to_python(text)
            for name, text in zip(fields, texts, strict=True)
        ]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return None
    if direction not in ("n", "o") or any(value is None or "\0" in str(value) for value in values):
        return None
    return direction == "n", values
