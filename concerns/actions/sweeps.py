"""What time does to concerns."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from concerns import notices
from concerns.actions.casework import STATE_FIELDS, log, move, save
from concerns.models import AccessLink, Concern
from concerns.workflow import DAYS_TO_ANSWER, DAYS_TO_DISSENT, State, WaitingOn
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

# A form can be sent for 24 hours, and its report says when it came to the hour only: forgotten
# sooner, a form that is sent again in its last hour would be stored twice.
FORM_REMEMBERED = timedelta(hours=25)
# For so long a reader of an older mail is told "over" and not "unknown".
LINKS_KEPT = timedelta(days=7)
BATCH = 500
BY = Actor.task("concerns.lapse")


def close_undisputed(*, now: datetime, limit: int = BATCH) -> int:
    """Close what was resolved 14 days ago and nobody disputed; return how many.

    Each in its own transaction, so that one that is being worked on holds up no other.
    """
    due = (
        Concern.objects.filter(
            state=State.RESOLVED, resolved_at__lte=now - timedelta(days=DAYS_TO_DISSENT)
        )
        .order_by("resolved_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_close(concern_id, now) for concern_id in list(due))


def lapse_questions(*, now: datetime, limit: int = BATCH) -> int:
    """Go on with what waited 14 days for its reporter's answer; return how many.

    Each in its own transaction, so that one that is being worked on holds up no other.
    """
    # A day later than UTC's anywhere west of it: the agency's own day decides under the lock.
    before = now.date() - timedelta(days=DAYS_TO_ANSWER)
    due = (
        Concern.objects.filter(waiting_on=WaitingOn.REPORTER, waiting_since__lte=before)
        .order_by("waiting_since", "id")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_lapse(concern_id, now) for concern_id in list(due))


@transaction.atomic(durable=True)
def _lapse(concern_id: int, now: datetime) -> bool:
    concern = (
        Concern.objects.select_related("agency", "category", "public")
        .select_for_update(of=("self",), skip_locked=True)
        .filter(pk=concern_id, waiting_on=WaitingOn.REPORTER)
        .first()
    )
    if concern is None or concern.waiting_since is None:
        return False
    if concern.agency.day_of(now) < concern.waiting_since + timedelta(days=DAYS_TO_ANSWER):
        return False
    at = floor_to_hour(now)
    change = move(concern, State.WORKING, by=BY, at=at)
    save(concern, *STATE_FIELDS)
    log("CONCERN_QUESTION_LAPSED", concern, by=BY, at=at)
    notices.question_lapsed(concern, event=f"status:{change.pk}", now=now)
    return True


@transaction.atomic(durable=True)
def forget_forms(*, now: datetime) -> int:
    """Forget which forms were sent more than a day ago; return how many were forgotten."""
    old = Concern.objects.filter(
        submission_digest__isnull=False, received_at__lt=now - FORM_REMEMBERED
    )
    return old.update(submission_digest=None)


@transaction.atomic(durable=True)
def forget_links(*, now: datetime) -> int:
    """Delete mailed links that ended a week ago; return how many.

    The newest of each concern stays: whoever finds the last mail late can still ask for another.
    """
    newer = AccessLink.objects.filter(concern=OuterRef("concern"), pk__gt=OuterRef("pk"))
    ended = AccessLink.objects.filter(Exists(newer), expires_at__lt=now - LINKS_KEPT)
    count, _ = ended.delete()
    return count


@transaction.atomic(durable=True)
def _close(concern_id: int, now: datetime) -> bool:
    concern = (
        Concern.objects.select_related("agency", "category", "public")
        .select_for_update(of=("self",), skip_locked=True)
        .filter(pk=concern_id, state=State.RESOLVED)
        .first()
    )
    if concern is None:
        return False
    at = floor_to_hour(now)
    change = move(concern, State.CLOSED, by=BY, at=at, outcome=concern.outcome)
    save(concern, *STATE_FIELDS)
    log("CONCERN_CLOSED", concern, by=BY, at=at, payload={"outcome": concern.outcome})
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return True
