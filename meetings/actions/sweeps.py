"""What time does to answers."""

from datetime import datetime, timedelta

from django.db import transaction

from engagement.audit.actors import Actor
from engagement.people.models import Contact
from meetings.actions.ground import log
from meetings.models import KEPT_DAYS, Meeting, Rsvp
from meetings.models.answers import KNOWN

BATCH = 500
BY = Actor.task("meetings.forget")


@transaction.atomic(durable=True)
def forget_answers(*, now: datetime, limit: int = BATCH) -> int:
    """Destroy who came to meetings that ended 30 days ago; return how many answers were emptied.

    The address goes with all messages to it. How many came stays, as a number of a party.
    """
    long_over = Rsvp.objects.filter(meeting__ends_at__lte=now - timedelta(days=KEPT_DAYS))
    known = long_over.filter(KNOWN).order_by("meeting_id", "pk")
    rows = list(known.values_list("pk", "meeting_id", "contact_id")[:limit])
    Rsvp.objects.filter(pk__in=[row[0] for row in rows]).update(
        contact=None, account_link=None, submission_digest=None, needs_sealed=b""
    )
    Contact.objects.filter(pk__in=[row[2] for row in rows if row[2] is not None]).delete()
    for meeting in Meeting.objects.filter(pk__in={row[1] for row in rows}).order_by("pk"):
        count = sum(row[1] == meeting.pk for row in rows)
        log("MEETING_ANSWERS_FORGOTTEN", meeting, by=BY, now=now, payload={"answers": count})
    return len(rows)
