"""What staff and probes ask about the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from engagement.outbox.models import Message, Sweep
from engagement.outbox.states import DEAD_LETTERS, OPEN, State

LATE_AFTER = timedelta(minutes=10)
HOUR = timedelta(hours=1)
COUNTED_TO = 10_000


@dataclass(frozen=True)
class Health:
    """`oldest_due` is the age of the message that waits longest; None when nothing waits.

    `counts` holds the open states and the dead letters, each exact up to COUNTED_TO. What was
    sent is history and not counted.
    """

    oldest_due: timedelta | None
    last_sweep_at: datetime | None
    counts: dict[State, int]
    is_late: bool


def health(now: datetime) -> Health:
    """Is mail leaving? Late: something waits, or nobody has looked, for more than 10 minutes."""
    waits = oldest_due(now)
    heart = Sweep.objects.filter(pk=1).first()
    last = heart.last_at if heart else None
    is_silent = last is None or now - last > LATE_AFTER
    is_late = is_silent or (waits is not None and waits > LATE_AFTER)
    return Health(waits, last, counts_by_state(), is_late)


def oldest_due(now: datetime) -> timedelta | None:
    """How long the message that waits longest has waited for its next try."""
    due = Message.objects.filter(state=State.PLANNED, try_at__lte=now).order_by("try_at")
    exact = due.filter(is_coarse=False).values_list("try_at", flat=True).first()
    # A coarse moment is the start of its hour: only what has passed since its end is certain.
    coarse = due.filter(is_coarse=True).values_list("try_at", flat=True).first()
    ages = [now - exact] if exact else []
    ages += [max(now - coarse - HOUR, timedelta())] if coarse else []
    return max(ages, default=None)


def counts_by_state() -> dict[State, int]:
    """Open messages and dead letters by state, each exact up to COUNTED_TO."""
    counts = {}
    with connection.cursor() as cursor:
        for state in (*OPEN, *DEAD_LETTERS):
            few = Message.objects.filter(state=state).values("pk")[:COUNTED_TO]
            statement, values = few.query.sql_with_params()
            cursor.execute(f"SELECT count(*) FROM ({statement}) AS few", values)  # noqa: S608
            counts[state] = int(cursor.fetchone()[0])
    return counts


def dead_letters(agency_id: int | None) -> QuerySet[Message]:
    """What failed, came too late or may have been sent, newest first; a person must decide."""
    return Message.objects.of_agency(agency_id).dead().order_by("-finished_at", "pk")
