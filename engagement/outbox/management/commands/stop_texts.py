import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagement.outbox.actions.texts import stop_texts
from engagement.outbox.models import ConsentWay


class Command(BaseCommand):
    help = (
        "End all texts to a phone number, for somebody who told staff. The number is read from "
        "the standard input, so that no list of processes and no history of the shell shows it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = sys.stdin.readline().strip()
        if sum(character.isdigit() for character in number) < 10:
            raise CommandError("write the number with its area code, for example +13145550100.")
        ended = stop_texts(number, way=ConsentWay.STAFF, now=timezone.now())
        self.stdout.write(f"Uses of this number that get no more texts: {ended}.")
