"""An invented history of any size, for measuring; see portal/benchmark/shape.py."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.benchmark.seed import NotEmpty, seed
from portal.benchmark.shape import AGENCIES, Order, in_words
from portal.models import Installation


class Command(BaseCommand):
    help = "Fill an empty demonstration database with a long invented history, for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concerns", type=int, required=True)
        parser.add_argument("--agencies", type=int, default=AGENCIES)
        parser.add_argument("--seed", type=int, default=1, help="The same, the same history.")

    def handle(self, *args: Any, **options: Any) -> None:
        mark = Installation.objects.first()
        if mark is None or not mark.is_demonstration:
            raise CommandError("This database is no demonstration; nothing was written.")
        if options["concerns"] < 1 or options["agencies"] < 2:
            raise CommandError("Ask for at least one concern and two agencies.")
        order = Order(options["concerns"], options["seed"], options["agencies"])
        began = time.monotonic()

        def say(line: str) -> None:
            if options["verbosity"]:
                self.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}")
                self.stdout.flush()

        say(in_words(order))
        try:
            seed(order, now=timezone.now(), say=say)
        except NotEmpty:
            raise CommandError("This database is filled already; nothing was written.") from None
        say("done")
