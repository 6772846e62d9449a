"""manage.py store_categories --agency SLUG"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from concerns.actions.categories import store_categories
from engagement.audit.actors import Actor
from engagement.places.models import Agency


class Command(BaseCommand):
    help = "Give an agency the usual categories; those it has stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, metavar="SLUG")

    def handle(self, *args: Any, agency: str, **options: Any) -> None:
        found = Agency.objects.filter(slug=agency).first()
        if found is None:
            raise CommandError(f"There is no agency {agency}. Make it in the administration.")
        added = store_categories(
            agency=found, by=Actor.task("store_categories"), now=timezone.now()
        )
        self.stdout.write(f"{added} categories added.")
