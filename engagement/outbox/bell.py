"""Tell the workers that something is due. Only a hint: the sweep finds every row without it."""

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

TASK = "outbox.deliver_due"
QUEUE = "outbox"
CLOCK = "clock"
PATIENCE = 0.2
MUTED_FOR = 30.0
# No retries anywhere: a request waits at most for one short connection attempt.
TRANSPORT: dict[str, Any] = {
    "socket_connect_timeout": PATIENCE,
    "socket_timeout": PATIENCE,
    "max_retries": 0,
    "retry_on_timeout": False,
}


class Mute:
    """Silence after a failure, so that a stopped broker slows one request and not each one."""

    until = 0.0


def ring_on_commit() -> None:
    """Ring once after this transaction, however many messages it queues."""
    if not any(call[1] is ring for call in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)


def ring_task_on_commit(task: str, *, queue: str = CLOCK) -> None:
    """Ring for another sweep once this transaction is through; the clock finds its rows anyway."""
    transaction.on_commit(partial(_ring, task, queue), robust=True)


def ring_task(task: str, *, queue: str = CLOCK) -> None:
    """The same at once; never raises."""
    _ring(task, queue)


def ring() -> None:
    """Wake a worker; never raises, and waits for a stopped broker well under a second."""
    _ring(TASK, QUEUE)


def _ring(task: str, queue: str) -> None:
    if time.monotonic() < Mute.until:
        return
    try:
        _publish(task, queue)
    except Exception:
        # Whatever the client library raises, the message is safe in its row.
        Mute.until = time.monotonic() + MUTED_FOR
        logger.warning("bell muted", exc_info=True, extra={"event": "outbox.bell_muted"})


def _publish(task: str, queue: str) -> None:
    options = {**(current_app.conf.broker_transport_options or {}), **TRANSPORT}
    with current_app.connection_for_write(
        connect_timeout=PATIENCE, transport_options=options
    ) as line:
        current_app.send_task(task, queue=queue, connection=line, retry=False, ignore_result=True)
