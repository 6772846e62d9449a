from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engagement.keys.purposes import REWRITABLE, Purpose
from engagement.keys.rekeying import CannotRekey, rekey
from engagement.keys.store import KeyMissing


class Command(BaseCommand):
    help = "Make new keys and rewrite what the old ones made; run again after a stop to go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--purpose",
            action="append",
            choices=[purpose.value for purpose in Purpose],
            help="Only this key; may be given more than once. Default: all that can be rewritten.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [Purpose(name) for name in options["purpose"] or sorted(REWRITABLE)]
        try:
            for purpose in chosen:
                rekey(purpose, say=self.stdout.write)
        except (CannotRekey, KeyMissing) as fault:
            raise CommandError(str(fault)) from None
