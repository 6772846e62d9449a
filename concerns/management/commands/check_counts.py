"""manage.py check_counts [--mend]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from concerns.desk_counting import count_anew, differences


class Command(BaseCommand):
    help = "Compare the numbers on the desk with the concerns that they count."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="count all anew where they differ")

    def handle(self, *args: Any, mend: bool = False, **options: Any) -> None:
        wrong = differences()
        if wrong and mend:
            count_anew(connections["default"])
            self.stdout.write(f"{wrong} numbers differed; all were counted anew.")
        elif wrong:
            raise CommandError(f"{wrong} numbers differ from the concerns; mend with --mend.")
        else:
            self.stdout.write("Every number is what the concerns say.")
