"""manage.py import_calls CSV --agency SLUG [--preview]"""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from concerns.actions.calls_import import finish, take_calls
from concerns.calls_file import BIGGEST_FILE, MOST_ROWS, BadRow, Call
from concerns.calls_fitting import Case, open_cases
from concerns.calls_rows import FIELDS, NoSuchColumn, TooManyRows, rows_of
from concerns.models import CallMapping
from engagement.audit.actors import Actor

BATCH = 1000
BAD_ROWS_SHOWN = 50
PREVIEWED = 5
# Older cases have found their number or never will.
CASES_OF = timedelta(days=45)
BY = Actor.task("import_calls")
WRONG = {
    "number": "there is no number, or none that could be one",
    "date": "the day cannot be read, or lies ahead",
    "cells": "it has more or fewer cells than the heading",
    "long": "a cell is far too long",
    "twice": "its number was in the file before",
}

HELP = """
Read the nightly file of calls (CSV) of an agency, by the columns that were named under "Calls file"
in the setup of the desk. Numbers that stand on cases get kind, day, block and disposition; calls
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
                f"The agency {options['agency']} has not said yet how its calls file is read; say "
                "so under “Calls file” in the setup of the desk."
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
    except NoSuchColumn as wrong:
        raise CommandError(
            f"The file has no column {wrong}; it has {len(wrong.headings)} columns. Look at "
            "“Calls file” in the setup of the desk."
        ) from None
    except TooManyRows:
        raise CommandError(f"More than {MOST_ROWS:,} rows; split the file.") from None
    except csv.Error:
        raise CommandError(f"{path}: not a CSV file.") from None
