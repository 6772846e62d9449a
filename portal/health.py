"""Probes: is the process alive, can the portal do its work. They tell nothing else.

`live` is for whatever routes and restarts: it asks nobody, so a database that is away restarts no
web server. `ready` is for whatever wakes a person: it also speaks of worker, clock and mail.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import cache as remembered

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from engagement.audit.unsealed import oldest_unsealed
from engagement.doors.access import open_page
from engagement.outbox.bell import PATIENCE, TRANSPORT
from engagement.outbox.models import Sweep
from engagement.outbox.queries import oldest_due
from portal.celery import app
from portal.figures import all_figures

TEXT = "text/plain; charset=utf-8"


@open_page
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type=TEXT)


@open_page
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """503 with one word a line for each thing that is wrong; never why, never in figures."""
    wrong = what_is_wrong(timezone.now())
    body = "".join(f"{word}\n" for word in wrong) or "ok\n"
    return HttpResponse(body, content_type=TEXT, status=503 if wrong else 200)


def what_is_wrong(now: datetime) -> list[str]:
    """Words out of: database, migrations, clock, mail, seal, queue, cache."""
    wrong = in_database(now)
    wrong += [] if queue_answers() else ["queue"]
    wrong += [] if cache_answers() else ["cache"]
    return wrong


def in_database(now: datetime) -> list[str]:
    questions: dict[str, Callable[[datetime], bool]] = {
        "clock": clock_is_late,
        "mail": mail_is_late,
        "seal": seal_is_late,
    }
    try:
        if not is_migrated():
            return ["migrations"]  # the tables that the other questions need may be missing
        return [word for word, is_late in questions.items() if is_late(now)]
    except Error:
        return ["database"]


@remembered
def known_migrations() -> frozenset[tuple[str, str]]:
    """App and name of each migration of this code."""
    return frozenset(MigrationLoader(None).disk_migrations or ())


def is_migrated() -> bool:
    """Whether all our migrations ran; a newer release may have run more."""
    return known_migrations() <= set(MigrationRecorder(connection).applied_migrations())


def clock_is_late(now: datetime) -> bool:
    last = Sweep.objects.filter(pk=1).values_list("last_at", flat=True).first()
    return last is None or now - last > settings.READY_LAST_SWEEP


def mail_is_late(now: datetime) -> bool:
    waits = oldest_due(now)
    return waits is not None and waits > settings.READY_OLDEST_DUE


def seal_is_late(now: datetime) -> bool:
    """An entry waits too long, or the sealer keeps failing, as it does when heads differ."""
    waits = oldest_unsealed(now)
    if waits is not None and waits > settings.READY_SEALER:
        return True
    done = all_figures().get("task_done|audit.seal")
    return done is not None and time.time() - done > settings.READY_SEALER.total_seconds()


def queue_answers() -> bool:
    options = {**(app.conf.broker_transport_options or {}), **TRANSPORT}
    try:
        with app.connection_for_write(connect_timeout=PATIENCE, transport_options=options) as line:
            line.ensure_connection(max_retries=1, timeout=1)
            line.default_channel.client.ping()  # type: ignore[attr-defined]  # of its transport
    except (OperationalError, RedisError, OSError):
        return False
    return True


def cache_answers() -> bool:
    """Asked past the patience that lets pages do without it."""
    try:
        return bool(cache._cache.get_client().ping())  # type: ignore[attr-defined]
    except (RedisError, OSError):
        return False
