# ruff: noqa: T201 the table goes to standard output
"""`make bench`: seed what is missing, measure, print the table. BENCH_SIZES, BENCH_ROUNDS,
BENCH_FRESH=1 and BENCH_ONLY (pages, weights, bulk, places, outbox,
history, start) narrow or widen it."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django
from django.conf import settings

from portal.servers.attach import attach
from portal.servers.faults import ServerFault


def main() -> int:
    try:
        hold = attach(settings.SERVERS)
    except ServerFault as fault:
        print(fault, file=sys.stderr)
        return 2
    try:
        django.setup()
        from tests.bench import run  # noqa: PLC0415 needs Django set up

        run.main()
    finally:
        hold.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
