"""Everything one can do with the outbox."""

from engagement.outbox.actions.consent import CannotUnsubscribe, resubscribe, unsubscribe
from engagement.outbox.actions.planning import (
    CannotQueue,
    CannotRequeue,
    queue,
    queue_audience,
    requeue,
    withdraw,
)

__all__ = [
    "CannotQueue",
    "CannotRequeue",
    "CannotUnsubscribe",
    "queue",
    "queue_audience",
    "requeue",
    "resubscribe",
    "unsubscribe",
    "withdraw",
]
