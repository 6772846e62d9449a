"""Compile every template of ours, also those that no test renders."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template

FOLDER = settings.ROOT / "templates"


class Command(BaseCommand):
    help = "Compile every template and name those with a fault."

    def handle(self, *args: Any, **options: Any) -> None:
        paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
        faults = []
        for path in paths:
            name = path.relative_to(FOLDER).as_posix()
            try:
                get_template(name)
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                faults.append(f"{name}: {error}")
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{len(paths)} templates compile")
