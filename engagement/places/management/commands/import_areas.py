from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.places.actions import (
    BoundaryReport,
    CannotCreateAgency,
    create_agency,
    store_boundaries,
)
from engagement.places.importing.boundaries import AreaShape, read_areas
from engagement.places.importing.opening import open_source
from engagement.places.importing.refusal import AREA_LIMITS, ImportRefused
from engagement.places.management.terminal import agency_by_slug, progress_on
from engagement.places.models import Agency
from engagement.places.registry import furnish, sequels

BY = Actor.task("import_areas")


class Command(BaseCommand):
    help = (
        "Import the areas of one layer from GeoJSON or a zipped shapefile, in force from today."
        " The file is imported whole or not at all; importing it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .geojson file or a zipped shapefile")
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument(
            "--create-agency", metavar="NAME", help="create the agency first if it is missing"
        )
        parser.add_argument(
            "--layer", required=True, help="what the areas are: district, neighborhood, ward ..."
        )
        parser.add_argument("--name-field", required=True, help="field with the areas' names")
        parser.add_argument(
            "--code-field", default="", help="field that identifies an area over the years"
        )
        parser.add_argument(
            "--crs", default="", help="coordinate system when the file is silent: EPSG:2815"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        layer = _layer(options["layer"])
        if not options["create_agency"]:
            agency_by_slug(options["agency"])
        areas = self._read(layer, options)
        agency = self._agency(options["agency"], options["create_agency"])
        report = store_boundaries(
            agency_id=agency.pk,
            layer=layer,
            areas=areas,
            source=options["file"].name,
            by=BY,
            now=timezone.now(),
        )
        self.stdout.write(_told(report, layer, agency))
        if not report.is_nothing_new:
            for line in sequels(agency):
                self.stdout.write(line)

    def _read(self, layer: str, options: dict[str, Any]) -> list[AreaShape]:
        try:
            source = open_source(options["file"], AREA_LIMITS, crs=options["crs"])
            areas = read_areas(
                source,
                layer=layer,
                name_field=options["name_field"],
                code_field=options["code_field"],
                progress=progress_on(self.stdout),
            )
        except ImportRefused as refused:
            raise CommandError(str(refused)) from refused
        for notice in source.notices.all():
            self.stdout.write(f"Notice: {notice}")
        return areas

    def _agency(self, slug: str, name: str | None) -> Agency:
        if name and not Agency.objects.filter(slug=slug).exists():
            try:
                agency = create_agency(slug=slug, name=name, by=BY, now=timezone.now())
            except CannotCreateAgency as wrong:
                raise CommandError(f"The agency cannot be created: {wrong}") from wrong
            furnish(agency, by=BY, now=timezone.now())
            return agency
        return agency_by_slug(slug)


def _layer(layer: str) -> str:
    try:
        validate_slug(layer)
    except ValidationError as wrong:
        raise CommandError("Write the layer in small letters without spaces: district.") from wrong
    return layer.lower()[:40]


def _told(report: BoundaryReport, layer: str, agency: Agency) -> str:
    if report.is_nothing_new:
        return f"Nothing changed: {agency.name} has these {report.unchanged} {layer} areas already."
    return (
        f"{agency.name}, {layer}: {report.created} new, {report.changed} changed,"
        f" {report.unchanged} unchanged, {report.ended} ended. In force from today."
    )
