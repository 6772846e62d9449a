"""What time does to work that is outside: a reminder before its day, and back to us after it."""

from datetime import datetime, timedelta

from django.db import transaction

from concerns import partner_notices
from concerns.actions.casework import locked, log
from concerns.actions.handoff_answers import back_to_work
from concerns.models import Handoff
from concerns.models.handoffs import HandoffState
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

REMINDED_BEFORE = timedelta(days=3)
BATCH = 200
BY = Actor.task("handoffs.lapse")
# The farthest day that any agency's calendar can be from the UTC one.
SLACK = timedelta(days=1)


def remind_of_due(*, now: datetime, limit: int = BATCH) -> int:
    """Mail who has something that is due within three days, once for each day that was asked for;
    return how many."""
    near = Handoff.objects.under_way().filter(
        reminded_on__isnull=True, due_on__lte=now.date() + REMINDED_BEFORE + SLACK
    )
    ids = list(near.order_by("due_on", "id").values_list("pk", flat=True)[:limit])
    return sum(_remind(handoff_id, now) for handoff_id in ids)


def lapse_overdue(*, now: datetime, limit: int = BATCH) -> int:
    """Take back to work what nobody finished by its day; return how many.

    Each in its own transaction, so that one that is being worked on holds up no other.
    """
    late = Handoff.objects.under_way().filter(due_on__lt=now.date() + SLACK)
    ids = list(late.order_by("due_on", "id").values_list("pk", flat=True)[:limit])
    return sum(_lapse(handoff_id, now) for handoff_id in ids)


@transaction.atomic(durable=True)
def _remind(handoff_id: int, now: datetime) -> bool:
    handoff = _locked(handoff_id)
    if handoff is None:
        return False
    today = handoff.agency.day_of(now)
    is_due = handoff.sent_at.date() < today and handoff.due_on <= today + REMINDED_BEFORE
    if not is_due or handoff.reminded_on is not None or handoff.due_on < today:
        return False
    handoff.reminded_on = today
    handoff.save(update_fields=["reminded_on"])
    partner_notices.remind(handoff, now=now)
    return True


@transaction.atomic(durable=True)
def _lapse(handoff_id: int, now: datetime) -> bool:
    handoff = _locked(handoff_id)
    if handoff is None or handoff.due_on >= handoff.agency.day_of(now):
        return False
    concern = handoff.concern
    at = floor_to_hour(now)
    handoff.state, handoff.ended_at = HandoffState.LAPSED, at
    handoff.save(update_fields=["state", "ended_at"])
    log("HANDOFF_LAPSED", concern, by=BY, at=at, payload={"handoff": handoff.reference})
    partner_notices.came_back(concern, event=f"lapsed:{handoff.pk}:{handoff.due_on}", now=now)
    back_to_work(concern, by=BY, now=now)
    return True


def _locked(handoff_id: int) -> Handoff | None:
    """The hand-off if it is still under way, after its concern was locked."""
    concern = locked(Handoff.objects.values_list("concern_id", flat=True).get(pk=handoff_id))
    rows = Handoff.objects.under_way().select_related("agency", "organisation")
    handoff = rows.filter(pk=handoff_id).first()
    if handoff is not None:
        handoff.concern = concern
    return handoff
