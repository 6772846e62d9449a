"""Takes answers by mail from the mail server: one on standard input, or all of a maildir."""

import mailbox
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.utils import timezone

from concerns.actions.receiving import Fate, receive
from engagement.outbox.incoming import MOST_BYTES

# sysexits.h: the mail server keeps it and tries again.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = (
        "Adds answers to what was handed on. Reads one mail from standard input, as a mail server "
        "pipes it in, or every mail of --maildir, which are deleted once they are read. Ends with "
        "75 when the database is away, so that the mail server tries again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", action="append", default=[], help="address of the envelope")
        parser.add_argument("--maildir", type=Path, help="folder with new, cur and tmp")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["maildir"] is not None:
                self._all_of(options["maildir"])
            else:
                raw = sys.stdin.buffer.read(MOST_BYTES + 1)
                self._say(receive(raw, recipients=options["to"], now=timezone.now()))
        except DatabaseError:
            sys.exit(TRY_AGAIN)

    def _all_of(self, folder: Path) -> None:
        box = mailbox.Maildir(folder, create=False)
        for key in box.keys():  # noqa: SIM118 a mailbox iterates over its messages
            raw = box.get_bytes(key)
            self._say(receive(raw, now=timezone.now()))
            box.remove(key)

    def _say(self, fate: Fate) -> None:
        self.stdout.write(fate.value)
