from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.places.actions import store_streets
from engagement.places.importing.opening import open_source
from engagement.places.importing.refusal import STREET_LIMITS, ImportRefused
from engagement.places.importing.streets import StreetFile, read_streets
from engagement.places.management.terminal import agency_by_slug, progress_on


class Command(BaseCommand):
    help = (
        "Import street lines from GeoJSON or a zipped shapefile: drawn on the agency's maps and"
        " found by name and corner. They replace the agency's streets of before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .geojson file or a zipped shapefile")
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument("--name-field", required=True, help="field with the streets' names")
        parser.add_argument(
            "--class-field", default="", help="field that tells main roads from side streets"
        )
        parser.add_argument(
            "--crs", default="", help="coordinate system when the file is silent: EPSG:2815"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_by_slug(options["agency"])
        found = self._read(options)
        report = store_streets(
            agency_id=agency.pk,
            found=found,
            by=Actor.task("import_streets"),
            now=timezone.now(),
        )
        counted = f"{report.streets:,} streets and {report.corners:,} corners"
        if report.is_nothing_new:
            self.stdout.write(f"Nothing changed: {agency.name} has these {counted} already.")
        else:
            self.stdout.write(f"{agency.name}: {counted}.")

    def _read(self, options: dict[str, Any]) -> StreetFile:
        try:
            source = open_source(options["file"], STREET_LIMITS, crs=options["crs"])
            found = read_streets(
                source,
                name_field=options["name_field"],
                class_field=options["class_field"],
                progress=progress_on(self.stdout),
            )
        except ImportRefused as refused:
            raise CommandError(str(refused)) from refused
        for notice in source.notices.all():
            self.stdout.write(f"Notice: {notice}")
        return found
