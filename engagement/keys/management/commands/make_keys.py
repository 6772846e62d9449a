from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from engagement.keys import store
from engagement.keys.purposes import Purpose


class Command(BaseCommand):
    help = "Make the keys of a new installation, in the folder PORTAL_KEYS."
    # The check that keys are there must not stop the command that makes them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--purpose",
            action="append",
            choices=[purpose.value for purpose in Purpose],
            help="Make only this key, which a new release needs; may be given more than once.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        absent = store.missing()
        if not options["purpose"] and absent and len(absent) < len(Purpose):
            # Most likely a file was lost; a new key in its place would hide that.
            raise CommandError(
                f"some keys are in {settings.PORTAL_KEYS}, but these are not: {', '.join(absent)}. "
                "Restore them from your copy, or name with --purpose those that never existed."
            )
        wanted = [Purpose(name) for name in options["purpose"] or absent]
        try:
            for purpose in wanted:
                store.make(purpose)
        except store.KeyMissing as fault:
            raise CommandError(str(fault)) from None
        made = ", ".join(purpose for purpose in wanted if purpose in absent) or "none"
        self.stdout.write(f"Made in {settings.PORTAL_KEYS}: {made}. Keep a copy.")
