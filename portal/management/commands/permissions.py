from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.permissions import PAGE, page


class Command(BaseCommand):
    help = "Writes docs/permissions.md from the code, or fails when it is stale."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["write", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "write":
            PAGE.write_text(page())
        elif not PAGE.exists() or PAGE.read_text() != page():
            raise CommandError("docs/permissions.md is stale: run `make permissions`.")
