"""Mails of the days that are told before the demonstration began."""

from datetime import datetime, timedelta

from django.db import transaction

from engagement.audit.subjects import Subject
from engagement.outbox.actions.planning import withdraw
from engagement.outbox.models import Message
from engagement.outbox.states import State

# A worker looks at what is due some minutes later than the seed.
SOON = timedelta(hours=1)


@transaction.atomic(durable=True)
def withdraw_what_is_over(*, now: datetime) -> None:
    """Take back every notice that would come too late today: its event was days or weeks ago.

    The worker would else find it too late to send, and the desk would show it as mail that could
    not be delivered, which never happened.
    """
    over = Message.objects.filter(state=State.PLANNED, useful_until__lt=now + SOON)
    for message in over.order_by("pk"):
        withdraw(
            subject=Subject(message.subject_type, message.subject_reference),
            kind=message.kind,
            event=message.event,
            contact_id=message.contact_id,
            now=now,
        )
