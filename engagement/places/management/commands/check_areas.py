import statistics
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.places.importing.checking import Agreement, compare, read_answers
from engagement.places.importing.refusal import ImportRefused
from engagement.places.management.terminal import agency_by_slug
from engagement.places.queries.areas import area_index


class Command(BaseCommand):
    help = (
        "Compare the imported areas with a CSV of points whose area someone else recorded."
        " Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("csv", type=Path)
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument("--layer", required=True)
        parser.add_argument("--code-column", required=True)
        parser.add_argument("--lon-column", default="lon")
        parser.add_argument("--lat-column", default="lat")
        parser.add_argument(
            "--near", type=float, default=100.0, help="metres up to which a point counts as near"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_by_slug(options["agency"])
        try:
            found = compare(
                read_answers(
                    options["csv"],
                    code_column=options["code_column"],
                    lon_column=options["lon_column"],
                    lat_column=options["lat_column"],
                ),
                area_index(agency),
                layer=options["layer"],
                near_metres=options["near"],
            )
        except ImportRefused as refused:
            raise CommandError(refused.reason) from refused
        for line in _told(found, options["near"]):
            self.stdout.write(line)


def _told(found: Agreement, near: float) -> list[str]:
    total = found.checkable + found.without_place + found.without_code + found.unknown_code
    lines = [
        f"{total:,} rows, {found.checkable:,} checkable; not checkable: {found.without_place:,}"
        f" without place, {found.without_code:,} without code, {found.unknown_code:,} with a code"
        " that the layer lacks.",
        f"inside the recorded area: {found.inside:,}",
        f"outside, within {near:g} m of it: {found.near:,}",
        f"farther away: {found.far:,}",
        f"found in another area than recorded: {found.elsewhere:,}",
    ]
    if found.distances:
        lines.append(
            f"distance of those outside: median {statistics.median(found.distances):.1f} m,"
            f" largest {max(found.distances):.1f} m"
        )
    return lines
