import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engagement.outbox.actions.texts import Wanted, start_texts, stop_texts, wanted_by
from engagement.outbox.models import ConsentWay


class Command(BaseCommand):
    help = (
        "Hear what somebody answered to a text, such as YES or STOP, where no gateway tells it: in "
        "a demonstration, or told to staff. The number is read from the standard input, so that "
        "no list of processes and no history of the shell shows it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", help="what they answered, for example YES")

    def handle(self, *args: Any, **options: Any) -> None:
        heard = {Wanted.START: start_texts, Wanted.STOP: stop_texts}.get(
            wanted_by(options["words"])
        )
        if heard is None:
            raise CommandError("that changes nothing; say YES or STOP.")
        number = sys.stdin.readline().strip()
        if sum(character.isdigit() for character in number) < 10:
            raise CommandError("write the number with its area code, for example +13145550100.")
        changed = heard(number, way=ConsentWay.STAFF, now=timezone.now())
        self.stdout.write(f"Uses of this number that this changed: {changed}.")
