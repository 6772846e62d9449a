"""The worker, with a clock of its own unless told otherwise; stops after the tasks in hand."""

import os
import warnings
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.celery import QUEUES, app
from portal.clock import clock
from portal.preconditions import check_service


class Command(BaseCommand):
    help = "Run the background worker with its clock."
    requires_system_checks = []  # asked before by `serve`, or below

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-clock",
            action="store_true",
            help="Leave the schedule to `manage.py clock`; any number of such workers may run.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Celery chats there in plain lines; what counts is logged on standard error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # In a container everything runs as root; the worker opens no shell.
        warnings.filterwarnings("ignore", message="You're running the worker with superuser")
        if options["without_clock"]:
            check_service()
        else:
            # In a thread: as a process of its own it would outlive a killed worker.
            Thread(target=clock().start, name="clock", daemon=True).start()
        app.worker_main(
            [
                "--quiet",
                "worker",
                "--pool=threads",
                "--concurrency=4",
                f"--queues={','.join(QUEUES)}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )
