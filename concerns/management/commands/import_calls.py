"""manage.py import_calls CSV --agency SLUG [--preview]"""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from concerns.actions.calls_import import Case, finish, open_cases, take_calls
from concerns.calls_file import (
    BIGGEST_FILE,
    LONGEST_CELL,
    MOST_ROWS,
    BadRow,
    Call,
    read_call,
)
from concerns.models import CallMapping
from engagement.audit.actors import Actor

BATCH = 1000
BAD_ROWS_SHOWN = 50
PREVIEWED = 5
# Older cases have found their number or never will.
CASES_OF = timedelta(days=45)
BY = Actor.task("import_calls")
FIELDS = ("number", "date", "type", "block", "disposition")
WRONG = {
    "number": "there is no number, or none that could be one",
    "date": "the day cannot be read, or lies ahead",
    "cells": "it has more or fewer cells than the heading",
    "long": "a cell is far too long",
    "twice": "its number was in the file before",
}

HELP = """
Read the nightly file of calls (CSV) of an agency, by the columns that its administrator named under
"Reading of the calls file". Numbers that stand on cases get kind, day, block and disposition; calls
that may be about a case without a number are suggested on its page, where a person decides. Safe to
run twice, and to run again after it was interrupted. Bad rows are named by line, never by content.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", type=Path, metavar="CSV")
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument(
            "--preview",
            action="store_true",
            help=f"show how the first {PREVIEWED} rows are read, and store nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        mapping = CallMapping.objects.select_related("agency").filter(
            agency__slug=options["agency"]
        )
        found = mapping.first()
        if found is None:
            raise CommandError(
                f"The agency {options['agency']} has no “Reading of the calls file” yet; add one "
                "in the administration."
            )
        today = found.agency.day_of(timezone.now())
        with opened(options["csv"], found.encoding) as stream:
            rows = rows_of(stream, found, today=today)
            if options["preview"]:
                self._preview(rows)
            else:
                self._run(rows, found)

    def _preview(self, rows: Iterator[tuple[int, Call | BadRow]]) -> None:
        for line, row in rows:
            if isinstance(row, BadRow):
                self.stderr.write(f"line {line}: {WRONG[row.column]}")
                continue
            shown = (row.number, row.on.isoformat(), row.kind, row.block, row.disposition)
            told = ", ".join(
                f"{name} {value or '-'}" for name, value in zip(FIELDS, shown, strict=True)
            )
            self.stdout.write(f"line {line}: {told}")
            if line > PREVIEWED:
                break
        self.stdout.write("Nothing was stored.")

    def _run(self, rows: Iterator[tuple[int, Call | BadRow]], mapping: CallMapping) -> None:
        now = timezone.now()
        since = mapping.agency.day_of(now) - CASES_OF
        cases = open_cases(mapping.agency, system=mapping.system, since=since)
        counts: Counter[str] = Counter()
        seen: set[str] = set()
        batch: list[Call] = []
        for line, row in rows:
            counts["rows"] += 1
            if isinstance(row, BadRow):
                self._complain(counts, line, row.column)
            elif row.number in seen:
                self._complain(counts, line, "twice")
            else:
                seen.add(row.number)
                batch.append(row)
            if len(batch) == BATCH:
                self._store(mapping, batch, cases, counts)
                batch = []
        self._store(mapping, batch, cases, counts)
        dropped = finish(mapping, rows=counts["rows"], bad=counts["bad"], by=BY, now=now)
        self.stdout.write(
            f"{counts['rows']:,} rows: {counts['new']:,} new calls, {counts['known']:,} known, "
            f"{counts['bad']:,} bad; {counts['filled']:,} numbers on cases filled, "
            f"{counts['suggested']:,} suggestions, {dropped:,} old calls dropped."
        )

    def _store(
        self, mapping: CallMapping, batch: list[Call], cases: list[Case], counts: Counter[str]
    ) -> None:
        if not batch:
            return
        taken = take_calls(mapping, batch, cases=cases, now=timezone.now())
        for name in ("new", "known", "filled", "suggested"):
            counts[name] += getattr(taken, name)

    def _complain(self, counts: Counter[str], line: int, reason: str) -> None:
        counts["bad"] += 1
        if counts["bad"] <= BAD_ROWS_SHOWN:
            self.stderr.write(f"line {line}: {WRONG[reason]}")
        elif counts["bad"] == BAD_ROWS_SHOWN + 1:
            self.stderr.write("Further bad rows are only counted.")


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[IO[str]]:
    try:
        if path.stat().st_size > BIGGEST_FILE:
            raise CommandError(f"{path}: larger than 50 MB; split it.")
        with path.open(encoding=encoding, newline="") as stream:
            yield stream
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(
            f"{path}: not written as the mapping says. Batches before this place are stored; it "
            "can be run again."
        ) from None
    except csv.Error:
        raise CommandError(f"{path}: not a CSV file.") from None


def rows_of(
    stream: IO[str], mapping: CallMapping, *, today: date
) -> Iterator[tuple[int, Call | BadRow]]:
    """Yield each row's line number with its call, or with what is wrong with it.

    Raises CommandError when a mapped column is missing or the file has too many rows.
    """
    reader = csv.reader(stream, delimiter=mapping.delimiter)
    heading = [name.strip() for name in next(reader, [])]
    places = _places(heading, mapping)
    for count, cells in enumerate(reader):
        if count >= MOST_ROWS:
            raise CommandError(f"More than {MOST_ROWS:,} rows; split the file.")
        if not any(cell.strip() for cell in cells):
            continue
        yield reader.line_num, _read(cells, heading, places, today)


def _places(heading: list[str], mapping: CallMapping) -> dict[str, int]:
    columns = {field: getattr(mapping, f"{field}_column").strip() for field in FIELDS}
    wanted = {field: name for field, name in columns.items() if name}
    missing = [name for name in wanted.values() if name not in heading]
    if missing:
        raise CommandError(
            f"The file has no column {', '.join(missing)}; it has {len(heading)} columns. Look at "
            "“Reading of the calls file” in the administration."
        )
    return {field: heading.index(name) for field, name in wanted.items()}


def _read(
    cells: list[str], heading: list[str], places: dict[str, int], today: date
) -> Call | BadRow:
    if len(cells) != len(heading):
        return BadRow("cells")
    values = {field: cells[place] for field, place in places.items()}
    if any(len(value) > LONGEST_CELL for value in values.values()):
        return BadRow("long")
    try:
        return read_call(values, today=today)
    except BadRow as reason:
        return reason
