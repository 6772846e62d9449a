"""How the import commands speak: progress while they work, one line when they cannot."""

import time
from collections.abc import Callable

from django.core.management.base import CommandError, OutputWrapper

from engagement.places.models import Agency

SECONDS_BETWEEN_LINES = 2.0


def progress_on(out: OutputWrapper) -> Callable[[str, int, int], None]:
    """Give a reporter that writes a line now and then, never more often than every 2 seconds."""
    last = time.monotonic()

    def report(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            out.write(f"  {what}: {done:,} of {total:,}\n")
            out.flush()

    return report


def agency_by_slug(slug: str) -> Agency:
    """Find the agency or end the command with the list of those that exist."""
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        known = ", ".join(Agency.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no agency “{slug}”. Agencies: {known or 'none yet'}.")
    return agency
