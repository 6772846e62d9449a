import json
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagement.places.models import Agency
from portal.demonstration.seed import seed
from portal.models import Installation
from portal.preparation import ACCOUNTS


class Command(BaseCommand):
    help = "Fill an empty demonstration database with an invented city and invented people."

    def handle(self, *args: Any, **options: Any) -> None:
        mark = Installation.objects.first()
        if mark is None or not mark.is_demonstration:
            raise CommandError("This database is no demonstration; nothing was written.")
        if Agency.objects.exists():
            raise CommandError("This demonstration is filled already; nothing was written.")
        accounts = seed(timezone.now())
        path = settings.SERVERS.run / ACCOUNTS
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as written:
            json.dump(accounts, written)
        self.stdout.write(f"Filled the demonstration; accounts are in {path.name}.")
