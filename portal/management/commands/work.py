"""The worker and its clock in one process; stops after the task in hand."""

import warnings
from threading import Thread
from typing import Any

from celery.beat import Service
from django.conf import settings
from django.core.management.base import BaseCommand

from portal.celery import QUEUES, app
from portal.servers.layout import database_name


class Command(BaseCommand):
    help = "Run the background worker with its clock (one per installation)."

    def handle(self, *args: Any, **options: Any) -> None:
        # In a container everything runs as root; the worker opens no shell.
        warnings.filterwarnings("ignore", message="You're running the worker with superuser")
        folder = settings.SERVERS.run
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Several portals, such as test runs, may share this folder, each with its own database.
        # In a thread: as a process of its own it would outlive a killed worker.
        clock = Service(
            app, max_interval=1, schedule_filename=str(folder / f"beat-{database_name()}")
        )
        Thread(target=clock.start, name="clock", daemon=True).start()
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
