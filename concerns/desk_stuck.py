"""Work that is about to be late, and work that is stuck: what nobody would find by waiting."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from concerns.desk_numbers import Days, days_around
from concerns.models import Handoff
from concerns.querysets import READ, ConcernQuerySet
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.rights import agencies_with
from engagement.places.models import Holiday

# Holidays from so long before to so long after today decide what "soon" and "too long" mean.
AROUND = timedelta(days=21)
# For so long a mail that could not be delivered is brought up again.
MAIL_SHOWN = timedelta(days=30)


def due_soon(rows: ConcernQuerySet, user: User, today: date) -> ConcernQuerySet:
    """Not late yet, but within two business days of the agency. One query, of its holidays."""
    return rows.open().filter(
        _in_each_agency(user, today, lambda days: Q(due_by__range=(days.today, days.soon)))
    )


def overlooked(rows: ConcernQuerySet, user: User, today: date) -> ConcernQuerySet:
    """Words of the reporter wait for an answer for more than two business days. One query."""
    return rows.open().filter(
        _in_each_agency(user, today, lambda days: Q(unanswered_since__lt=days.patient))
    )


def lapsed(rows: ConcernQuerySet, user: User, _today: date) -> ConcernQuerySet:
    """Handed on to somebody who did not answer in time."""
    handoffs = Handoff.objects.lapsed().filter(agency_id__in=agencies_with(user, READ))
    return rows.open().filter(pk__in=handoffs.values("concern_id"))


def undelivered(rows: ConcernQuerySet, user: User, today: date) -> ConcernQuerySet:
    """A mail or text about it could not be delivered in the last 30 days."""
    return undelivered_since(rows, user, mail_shown_since(today))


def mail_shown_since(today: date) -> datetime:
    return datetime.combine(today - MAIL_SHOWN, time(), UTC)


def undelivered_since(rows: ConcernQuerySet, user: User, since: Any) -> ConcernQuerySet:
    """The same since a moment, which may be an expression."""
    dead = Message.objects.dead().filter(
        agency_id__in=agencies_with(user, READ), subject_type="concern", finished_at__gte=since
    )
    return rows.open().filter(staff_reference__in=dead.values("subject_reference"))


def _in_each_agency(user: User, today: date, when: Callable[[Days], Q]) -> Q:
    """Holidays differ from agency to agency; nearly everybody works for one."""
    agency_ids = agencies_with(user, READ)
    free: dict[int, set[date]] = {agency_id: set() for agency_id in agency_ids}
    rows: Any = Holiday.objects.filter(
        agency_id__in=agency_ids, on__range=(today - AROUND, today + AROUND)
    )
    for agency_id, on in rows.order_by("on").values_list("agency_id", "on"):
        free[agency_id].add(on)
    wanted = Q(pk__in=[])
    for agency_id, holidays in free.items():
        wanted |= Q(agency_id=agency_id) & when(days_around(today, holidays))
    return wanted
