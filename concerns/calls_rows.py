"""Reads a file of calls row by row, by the columns that an agency named. Pure.

What goes wrong is told by line and column, never by what stood in a cell.
"""

import csv
from collections.abc import Iterator
from datetime import date
from typing import IO

from concerns.calls_file import LONGEST_CELL, MOST_ROWS, BadRow, Call, read_call
from concerns.models import CallMapping

FIELDS = ("number", "date", "type", "block", "disposition")


class NoSuchColumn(ValueError):
    """Columns that the mapping names are `missing`; the file has these `headings`."""

    def __init__(self, missing: list[str], headings: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing
        self.headings = headings


class TooManyRows(ValueError):
    """The file has more rows than are read."""


def rows_of(
    stream: IO[str], mapping: CallMapping, *, today: date
) -> Iterator[tuple[int, Call | BadRow]]:
    """Yield each row's line number with its call, or with what is wrong with it.

    Raises NoSuchColumn, TooManyRows, csv.Error and UnicodeDecodeError.
    """
    reader = csv.reader(stream, delimiter=mapping.delimiter)
    headings = [name.strip() for name in next(reader, [])]
    places = _places(headings, mapping)
    for count, cells in enumerate(reader):
        if count >= MOST_ROWS:
            raise TooManyRows
        if not any(cell.strip() for cell in cells):
            continue
        yield reader.line_num, _read(cells, headings, places, today)


def _places(headings: list[str], mapping: CallMapping) -> dict[str, int]:
    columns = {field: getattr(mapping, f"{field}_column").strip() for field in FIELDS}
    wanted = {field: name for field, name in columns.items() if name}
    missing = [name for name in wanted.values() if name not in headings]
    if missing:
        raise NoSuchColumn(missing, headings)
    return {field: headings.index(name) for field, name in wanted.items()}


def _read(
    cells: list[str], headings: list[str], places: dict[str, int], today: date
) -> Call | BadRow:
    if len(cells) != len(headings):
        return BadRow("cells")
    values = {field: cells[place] for field, place in places.items()}
    if any(len(value) > LONGEST_CELL for value in values.values()):
        return BadRow("long")
    try:
        return read_call(values, today=today)
    except BadRow as reason:
        return reason
