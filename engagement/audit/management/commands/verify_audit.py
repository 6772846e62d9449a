from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engagement.audit import restorations
from engagement.audit.digests import INSTALLATION
from engagement.audit.heads import BadHeads
from engagement.audit.restorations import Restoration
from engagement.audit.verification import ChainReport, Findings, verify
from engagement.keys.store import KeyMissing


class Command(BaseCommand):
    help = "Check that history was not edited, thinned out, branched or cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--accept-restore",
            action="store_true",
            help="Record first that this database came from an older copy by other means than "
            "manage.py restore; the record is signed and told at every check.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["accept_restore"]:
                restorations.accept(as_of="unknown", now=timezone.now())
            findings = verify()
        except (KeyMissing, BadHeads) as missing:
            raise CommandError(str(missing)) from None
        for line in _told(findings):
            self.stdout.write(line)
        if findings.waiting:
            self.stdout.write(f"{findings.waiting} entries wait for the sealer.")
        for fault in findings.faults:
            self.stderr.write(fault)
        if findings.faults:
            raise CommandError(f"{len(findings.faults)} faults found in history.")
        self.stdout.write("History is whole.")


def _told(findings: Findings) -> list[str]:
    restored = [line for one in findings.restorations for line in _restored(one)]
    return [*restored, *(_line(report) for report in findings.chains)]


def _line(report: ChainReport) -> str:
    whose = "the installation" if report.chain == INSTALLATION else f"agency {report.chain}"
    since = report.vouched_since or "never"
    return (
        f"chain {report.chain} ({whose}): {report.links} entries since {report.first_at}, "
        f"{report.destroyed_payloads} payloads destroyed, signed up to place "
        f"{report.signed_up_to}; vouches since {since}."
    )


def _restored(restoration: Restoration) -> list[str]:
    """A restore is no fault; what it cost is told at every check."""
    told = [f"restored on {restoration.on} from a backup as of {restoration.as_of}."]
    return told + [
        f"chain {chain}: nothing vouches for what followed place {kept} before that restore; "
        f"what was signed up to place {last} is lost."
        for chain, (kept, last) in restoration.lost_chains.items()
    ]
