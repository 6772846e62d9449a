"""manage.py check_photos"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from concerns.actions.photos import without_file
from concerns.models import ConcernPhoto


class Command(BaseCommand):
    help = "Name photos whose file is missing, as after a restore of the database alone."

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for row in without_file():
            number += 1
            kind = "photo" if isinstance(row, ConcernPhoto) else "public copy"
            self.stderr.write(f"{kind} {row.pk}: no file {row.name}")
        if number:
            raise CommandError(f"{number} files are missing; restore the media folder.")
        self.stdout.write("Every photo has its file.")
