from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engagement.audit.erasures import BadLedger
from engagement.keys.store import KeyMissing
from portal.backups.faults import BackupFault
from portal.backups.making import make
from portal.environment import text


class Command(BaseCommand):
    help = "Write the database and the media into one file that only the recipient can read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, help="The file to write. Default: in PORTAL_VAR/backups, by hour."
        )
        parser.add_argument(
            "--recipient", default="", help="age1...; default: PORTAL_BACKUP_RECIPIENT."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        name = f"{settings.AUDIT_HEADS.name}-{now:%Y-%m-%dT%H}Z.tar.age"
        try:
            made = make(
                target=(options["to"] or settings.VAR / "backups" / name).absolute(),
                recipient=options["recipient"] or text("PORTAL_BACKUP_RECIPIENT"),
                media=Path(default_storage.location),  # type: ignore[attr-defined]
                now=now,
            )
        except (BackupFault, KeyMissing, BadLedger) as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{made.path}: {made.size:,} bytes, as of {made.manifest.as_of}.")
        self.stdout.write(
            f"Copy it to another machine, with {settings.AUDIT_HEADS} beside it as it is each "
            "hour; keep the keys apart from both."
        )
