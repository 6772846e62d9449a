"""The clock: rings for each task of the schedule when its time has come."""

from celery.beat import Service
from django.conf import settings

from portal.celery import app
from portal.servers.layout import database_name

LONGEST_SLEEP = 1


def clock() -> Service:
    """A clock that is not yet running; two at once only ask for the same sweeps twice."""
    folder = settings.SERVERS.run
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Several portals, such as test runs, may share this folder, each with its own database.
    return Service(
        app,
        max_interval=LONGEST_SLEEP,
        schedule_filename=str(folder / f"beat-{database_name()}"),
    )
