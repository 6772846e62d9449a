"""Tell the workers that something is due. Only a hint: the sweep finds every row without it."""

import logging
import time
from typing import Any

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

TASK = "outbox.deliver_due"
QUEUE = "outbox"
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


def ring() -> None:
    """Wake a worker; never raises, and waits for a stopped broker well under a second."""
    if time.monotonic() < Mute.until:
        return
    try:
        _publish()
    except Exception:
        # Whatever the client library raises, the message is safe in its row.
        Mute.until = time.monotonic() + MUTED_FOR
        logger.warning("bell muted", exc_info=True, extra={"event": "outbox.bell_muted"})


def _publish() -> None:
    options = {**(current_app.conf.broker_transport_options or {}), **TRANSPORT}
    with current_app.connection_for_write(
        connect_timeout=PATIENCE, transport_options=options
    ) as line:
        current_app.send_task(TASK, queue=QUEUE, connection=line, retry=False, ignore_result=True)
