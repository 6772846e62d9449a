"""manage.py import_requests CSV --agency SLUG --map column=field ..."""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from concerns.actions.categories import store_categories
from concerns.actions.importing import CannotImport, Importer, import_batch, prepare
from concerns.past_requests import (
    FIELDS,
    NEEDED,
    PLANAR,
    BadRow,
    CategoryMap,
    LeftOut,
    PastRequest,
    read_request,
)
from engagement.audit.actors import Actor
from engagement.places.models import Agency

BATCH = 1000
BIGGEST_FILE = 500 * 1024 * 1024
BAD_ROWS_SHOWN = 50
BY = Actor.task("import_requests")

HELP = """
Take over past service requests from a CSV file as concerns. Nobody is told, nothing is published,
and requests closed there are closed here. Safe to run twice: a request is known by its number.
"""

EPILOG = (
    "Fields for --map (several columns may feed one field; the first that says something wins):\n"
    + "".join(f"  {name:12} {words}\n" for name, words in FIELDS.items())
    + """
"NA", "N/A", "null" and empty cells say nothing. Times without zone are the agency's own. Without
coordinates a request lies outside every area.

--category-map takes files and pairs. A file is CSV with two columns, the kind there and the
category's code here, without heading; "*" and "?" are wildcards, the first fit wins, and a kind
without code is left out. Example, for requests of the St. Louis Citizens' Service Bureau:

  manage.py import_requests requests.csv --agency st-louis \\
      --map request_id=external_id opened=opened closed=closed cancelled=closed \\
            target_date=target status=status problem_code=category description=text \\
            lon=lon lat=lat \\
      --category-map concerns/fixtures/requests_st_louis.csv
"""
)


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", type=Path, metavar="CSV")
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument(
            "--map", required=True, nargs="+", action="extend", metavar="column=field"
        )
        parser.add_argument(
            "--category-map", required=True, nargs="+", action="extend", metavar="FILE|kind=code"
        )
        parser.add_argument("--encoding", default="utf-8-sig", help="default: UTF-8")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']}.")
        store_categories(agency=agency, by=BY, now=timezone.now())
        columns = read_map(options["map"])
        categories = read_categories(options["category_map"])
        codes = {code for _pattern, code in categories.pairs if code}
        try:
            importer = prepare(agency=agency, codes=codes, now=timezone.now())
        except CannotImport as refusal:
            raise CommandError(
                f"--category-map: no category in use takes reports under: {refusal}"
            ) from None
        with opened(options["csv"], options["encoding"]) as stream:
            self._run(stream, importer, columns, categories)

    def _run(
        self, stream: IO[str], importer: Importer, columns: dict[str, str], categories: CategoryMap
    ) -> None:
        counts: Counter[str] = Counter()
        seen: set[str] = set()
        batch: list[PastRequest] = []
        started = time.monotonic()
        for line, row in rows_of(stream, columns):
            counts["rows"] += 1
            try:
                if isinstance(row, BadRow):
                    raise row
                request = read_request(row, categories=categories, zone=importer.agency.zone)
                if request.external_id in seen:
                    raise BadRow(f"number {request.external_id} was in the file before")
            except LeftOut:
                counts["left_out"] += 1
                continue
            except BadRow as reason:
                self._complain(counts, line, reason)
                continue
            seen.add(request.external_id)
            counts["without_place"] += request.lon is None
            batch.append(request)
            if len(batch) == BATCH:
                self._store(importer, batch, counts)
                batch = []
        self._store(importer, batch, counts)
        self._sum_up(counts, time.monotonic() - started)

    def _store(self, importer: Importer, batch: list[PastRequest], counts: Counter[str]) -> None:
        if not batch:
            return
        done = import_batch(importer, batch, by=BY, now=timezone.now())
        counts["new"] += done.new
        counts["known"] += done.known
        self.stdout.write(f"{counts['rows']:,} rows read, {counts['new']:,} taken over ...")

    def _complain(self, counts: Counter[str], line: int, reason: BadRow) -> None:
        counts["bad"] += 1
        if counts["bad"] <= BAD_ROWS_SHOWN:
            self.stderr.write(f"line {line}: {reason}")
        elif counts["bad"] == BAD_ROWS_SHOWN + 1:
            self.stderr.write("Further bad rows are only counted.")

    def _sum_up(self, counts: Counter[str], seconds: float) -> None:
        self.stdout.write(
            f"{counts['rows']:,} rows in {seconds:.1f} s: {counts['new']:,} taken over, "
            f"{counts['known']:,} were here before, {counts['left_out']:,} left out by the "
            f"category map, {counts['bad']:,} bad; {counts['without_place']:,} without a place."
        )


def read_map(pairs: list[str]) -> dict[str, str]:
    """Return the field of each column. Raises CommandError with what to write instead."""
    columns: dict[str, str] = {}
    for pair in pairs:
        column, _equals, field = pair.partition("=")
        if field in PLANAR:
            raise CommandError(
                f"--map {pair}: planar coordinates are not read. Convert them to longitude and "
                "latitude (WGS84) first, then map those: lon=lon lat=lat."
            )
        if not column or field not in FIELDS:
            raise CommandError(f"--map {pair}: write column=field with one of {', '.join(FIELDS)}.")
        if columns.setdefault(column, field) != field:
            raise CommandError(f"--map {pair}: this column is mapped to {columns[column]} already.")
    missing = [field for field in NEEDED if field not in columns.values()]
    if missing:
        raise CommandError(f"--map needs a column for {', '.join(missing)}.")
    return columns


def read_categories(sources: list[str]) -> CategoryMap:
    """Return the pairs of all files and arguments in order. Raises CommandError."""
    pairs: list[tuple[str, str]] = []
    for source in sources:
        if Path(source).is_file():
            pairs += _pairs_of_file(Path(source))
        elif "=" in source:
            kind, _equals, code = source.rpartition("=")
            pairs.append((kind, code.strip()))
        else:
            raise CommandError(f"--category-map {source}: no such file, and not kind=code.")
    return CategoryMap(pairs)


def _pairs_of_file(path: Path) -> list[tuple[str, str]]:
    with opened(path, "utf-8-sig") as stream:
        rows = [row for row in csv.reader(stream) if row and row[0].strip()]
    if any(len(row) != 2 for row in rows):
        raise CommandError(f"{path}: each line needs two cells, the kind there and the code here.")
    return [(row[0], row[1].strip()) for row in rows]


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[IO[str]]:
    try:
        if path.stat().st_size > BIGGEST_FILE:
            raise CommandError(f"{path}: larger than 500 MB; split it.")
        with path.open(encoding=encoding, newline="") as stream:
            yield stream
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    except LookupError:
        raise CommandError(f"--encoding {encoding}: no such encoding.") from None
    except UnicodeDecodeError:
        raise CommandError(
            f"{path}: not written in {encoding}; try --encoding cp1252. "
            "Batches before this place are stored."
        ) from None
    except csv.Error as error:
        raise CommandError(f"{path}: not a CSV file ({error}).") from None


def rows_of(
    stream: IO[str], columns: dict[str, str]
) -> Iterator[tuple[int, dict[str, list[str]] | BadRow]]:
    """Yield each row's line number with its values by field, or with what is wrong with it.

    Raises CommandError when a mapped column is missing.
    """
    reader = csv.reader(stream)
    heading = [name.strip() for name in next(reader, [])]
    missing = [name for name in columns if name not in heading]
    if missing:
        raise CommandError(
            f"The file has no column {', '.join(missing)}; it has {', '.join(heading)}."
        )
    # In the order of --map, which is the order of preference.
    places = [(heading.index(name), field) for name, field in columns.items()]
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            yield reader.line_num, BadRow(f"it has {len(cells)} cells, the heading {len(heading)}")
            continue
        values: dict[str, list[str]] = {}
        for place, field in places:
            values.setdefault(field, []).append(cells[place])
        yield reader.line_num, values
