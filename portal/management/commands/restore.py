from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engagement.audit.erasures import BadLedger
from engagement.audit.heads import BadHeads
from engagement.audit.restorations import Restoration
from engagement.keys.store import KeyMissing
from portal.backups.faults import BackupFault
from portal.backups.restoring import Wishes, restore


class Command(BaseCommand):
    help = "Fill an empty database and the media folder from a backup."
    # They ask the database, which is empty.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="What manage.py backup wrote.")
        parser.add_argument(
            "--identity", type=Path, required=True, help="The recipient's key file (age-keygen)."
        )
        parser.add_argument(
            "--without-records",
            action="store_true",
            help="Accept that what was erased since the backup comes back.",
        )
        parser.add_argument(
            "--without-old-keys",
            action="store_true",
            help="Accept that addresses sealed with keys that are gone cannot be read.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(
                path=options["file"],
                identity=options["identity"],
                media=Path(default_storage.location),  # type: ignore[attr-defined]
                wishes=Wishes(options["without_records"], options["without_old_keys"]),
                now=timezone.now(),
            )
        except (BackupFault, KeyMissing, BadLedger, BadHeads) as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Restored the backup as of {done.manifest.as_of}.")
        self.stdout.write(f"Erased again, as since the backup: {done.erased}.")
        self.stdout.write(
            f"Messages that may have left since, held for you: {done.held} "
            "(manage.py held_messages)."
        )
        for line in lost_lines(done.restoration):
            self.stdout.write(line)
        self.stdout.write("Everybody signs in again. Now run verify_audit.")


def lost_lines(restoration: Restoration) -> list[str]:
    """What history lacks, by chain."""
    return [
        f"chain {chain}: history goes on after place {kept}; what followed it, up to place "
        f"{last} at least, is lost."
        for chain, (kept, last) in restoration.lost_chains.items()
    ]
