from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.places.actions import store_addresses
from engagement.places.importing.addresses import AddressPoint, Columns, read_addresses
from engagement.places.importing.opening import open_source
from engagement.places.importing.refusal import ADDRESS_LIMITS, ImportRefused
from engagement.places.management.terminal import agency_by_slug


class Command(BaseCommand):
    help = (
        "Import house numbers from GeoJSON points, a zipped shapefile or a CSV table: found by"
        " search, and the measure of the blocks that stand for homes in public. They replace the"
        " agency's addresses of before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON, CSV, or a zipped shapefile")
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument("--number-field", default="", help="field with the house number")
        parser.add_argument("--street-field", default="", help="field with the street's full name")
        parser.add_argument(
            "--address-field", default="", help="field with both, as in “3412 Utah St”"
        )
        parser.add_argument(
            "--crs", default="", help="coordinate system when the file is silent: EPSG:2815"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_by_slug(options["agency"])
        report = store_addresses(
            agency_id=agency.pk,
            found=self._read(options),
            by=Actor.task("import_addresses"),
            now=timezone.now(),
        )
        if report.elsewhere:
            self.stdout.write(f"Notice: {report.elsewhere:,} far outside {agency.name} left out.")
        if report.twice:
            self.stdout.write(f"Notice: {report.twice:,} stood in the file more than once.")
        counted = f"{report.addresses:,} addresses in {report.blocks:,} blocks"
        if report.is_nothing_new:
            self.stdout.write(f"Nothing changed: {agency.name} has these {counted} already.")
        else:
            self.stdout.write(f"{agency.name}: {counted}.")

    def _read(self, options: dict[str, Any]) -> list[AddressPoint]:
        columns = Columns(
            number=options["number_field"],
            street=options["street_field"],
            whole=options["address_field"],
        )
        if not columns.whole and not (columns.number and columns.street):
            raise CommandError("Name --number-field and --street-field, or --address-field.")
        try:
            source = open_source(options["file"], ADDRESS_LIMITS, crs=options["crs"])
            found = read_addresses(source, columns=columns)
        except ImportRefused as refused:
            raise CommandError(str(refused)) from refused
        for notice in source.notices.all():
            self.stdout.write(f"Notice: {notice}")
        return found
