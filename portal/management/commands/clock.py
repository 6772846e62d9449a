"""The clock alone, as a service runs it beside workers that have none."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from portal.clock import clock
from portal.preconditions import check_service


class Command(BaseCommand):
    help = "Run the clock that rings for periodic tasks, until a signal stops it."
    requires_system_checks = []  # asked below, and told in one line

    def handle(self, *args: Any, **options: Any) -> None:
        check_service()
        running = clock()

        def stop(number: int, frame: FrameType | None) -> None:
            running.stop()

        # The first process of a container is deaf to every signal that it does not ask for.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        running.start()
