"""Celery only rings the bell: rows in PostgreSQL say what is due, a sweep finds them.

Tasks carry row ids by keyword, keep no result and are never delayed by the broker. The schedule
is plain intervals in UTC; a sweep that comes late or twice changes nothing.
"""

import logging
import os
from typing import Any

from celery import Celery
from celery.app.log import Logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# A task that names no queue goes to the first; the worker listens to all.
QUEUES = ("clock", "outbox")
LONGEST_TASK = 240
HOUR = 3_600


class QuietLogging(Logging):
    """Keeps Django's logging as set up: Celery's own lines repeat arguments and messages."""

    def setup_logging_subsystem(self, *args: Any, **kwargs: Any) -> None:
        logging.captureWarnings(True)


class Portal(Celery):
    log_cls = "portal.celery:QuietLogging"
    task_cls = "portal.task_figures:CountedTask"


app = Portal("portal")
# Also for the threads of the web server, which do not see the main thread's current app.
app.set_default()
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "global_keyprefix": settings.QUEUE_PREFIX,
        # Longer than the longest task: only a lost worker's task is handed out again.
        "visibility_timeout": LONGEST_TASK + 60,
        # A page must not wait for a broker that hangs; a worker has nothing else to do.
        **(
            {}
            if settings.PROCESS == "worker"
            else {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
        ),
    },
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_publish_retry=False,
    task_default_queue=QUEUES[0],
    task_create_missing_queues=True,
    task_soft_time_limit=LONGEST_TASK - 30,
    task_time_limit=LONGEST_TASK,
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    beat_enable_remote_control=False,
    worker_redirect_stdouts=False,
    worker_hijack_root_logger=False,
    enable_utc=True,
    timezone="UTC",
    beat_schedule={
        "deliver due messages": {
            "task": "outbox.deliver_due",
            "schedule": 15.0,
        },
        "seal the audit chain": {"task": "audit.seal", "schedule": 5.0},
        # The first run of a day (UTC) writes its anchor; a worker restarted daily still gets there.
        "write the audit heads down": {"task": "audit.anchor", "schedule": HOUR},
        "tell of what is late for long": {"task": "concerns.escalate", "schedule": HOUR},
        "follow new boundaries": {"task": "concerns.follow_boundaries", "schedule": 60.0},
        "add up the map": {"task": "published.fold_map", "schedule": 30.0},
        "learn words for searching": {"task": "concerns.learn_words", "schedule": 60.0},
        "tell of new reports in filters": {"task": "concerns.tell_of_filters", "schedule": 900.0},
        "add up the desk": {"task": "concerns.fold_counts", "schedule": 30.0},
        "tell followers": {"task": "subscriptions.tell", "schedule": 120.0},
        "forget who follows no more": {"task": "subscriptions.forget", "schedule": HOUR},
        "forget who came": {"task": "meetings.forget", "schedule": 900.0},
        "close what stayed resolved": {"task": "concerns.lapse", "schedule": 900.0},
        "hand on the work of people who left": {
            "task": "people.follow_departures",
            "schedule": 60.0,
        },
        "ask who left a directory": {"task": "people.ask_directories", "schedule": 60.0},
        "go on with steps on many concerns": {"task": "concerns.work_bulk", "schedule": 15.0},
        "file with the servers of partners": {"task": "concerns.file_elsewhere", "schedule": 60.0},
        "learn what partners list": {"task": "concerns.learn_services", "schedule": HOUR},
        "release the week's figures": {"task": "concerns.release_figures", "schedule": HOUR},
        "page who has the duty": {"task": "concerns.page_supervisors", "schedule": 30.0},
        "forget who was away": {"task": "concerns.forget_services", "schedule": HOUR},
        "delete photos without a row": {"task": "concerns.sweep_photos", "schedule": HOUR},
        "mail sheets as shifts begin": {"task": "portal.send_sheets", "schedule": 300.0},
        "delete sessions that are over": {"task": "doors.forget_sessions", "schedule": HOUR},
    },
)
app.autodiscover_tasks()
