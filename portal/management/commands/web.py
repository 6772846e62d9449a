"""The web server alone, as a service runs it; `serve` runs everything on one machine."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.preconditions import check_service
from portal.web_server import command


class Command(BaseCommand):
    help = "Run the web server alone. Migrate first; see docs/operations/deployment.md."
    requires_system_checks = []  # asked below, and told in one line

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        check_service()
        found = command(options["processes"])
        os.environ["PORTAL_PROCESS"] = "web"
        # In our place, so that a signal to stop reaches the web server itself.
        os.execv(found[0], found)  # noqa: S606 a list of our own making
