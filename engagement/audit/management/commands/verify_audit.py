from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.audit.digests import INSTALLATION
from engagement.audit.verification import ChainReport, verify
from engagement.keys.store import KeyMissing


class Command(BaseCommand):
    help = "Check that history was not edited, thinned out, branched or cut off."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            findings = verify()
        except KeyMissing as missing:
            raise CommandError(str(missing)) from None
        for report in findings.chains:
            self.stdout.write(_line(report))
        if findings.waiting:
            self.stdout.write(f"{findings.waiting} entries wait for the sealer.")
        for fault in findings.faults:
            self.stderr.write(fault)
        if findings.faults:
            raise CommandError(f"{len(findings.faults)} faults found in history.")
        self.stdout.write("History is whole.")


def _line(report: ChainReport) -> str:
    whose = "the installation" if report.chain == INSTALLATION else f"agency {report.chain}"
    since = report.vouched_since or "never"
    return (
        f"chain {report.chain} ({whose}): {report.links} entries since {report.first_at}, "
        f"{report.destroyed_payloads} payloads destroyed, signed up to place "
        f"{report.signed_up_to}; vouches since {since}."
    )
