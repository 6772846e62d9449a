"""The page to a supervisor: that something waits which cannot wait, and not a word of what."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concerns.models import Concern, WrongDoor
from engagement.audit.subjects import Subject
from engagement.outbox.actions.planning import queue_audience, withdraw
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact

WRONG_DOOR = "concerns.wrong_door"
LIST = "desk_wrong_doors"
# A page that comes later is of a round that others have passed.
USEFUL = timedelta(hours=2)


def page(
    mark: WrongDoor,
    concern: Concern,
    *,
    user_ids: Collection[int],
    contact_ids: Collection[int],
    round_number: int,
    now: datetime,
) -> None:
    """Mail these supervisors at once, and text the numbers of their shifts."""
    if not user_ids and not contact_ids:
        return  # nobody leads here; the list and the page of the case say so
    queue_audience(
        WRONG_DOOR,
        audience=Contact.objects.filter(
            Q(account__in=user_ids, account__is_active=True) | Q(pk__in=contact_ids)
        ),
        agency_id=concern.agency_id,
        subject=_subject(concern),
        event=f"page:{mark.pk}:{round_number}",
        now=now,
        is_coarse=concern.is_anonymous,
    )


def call_back(mark: WrongDoor, concern: Concern, *, now: datetime) -> None:
    """Take back pages of this mark that have not left: somebody has taken over, or it is over."""
    rounds = mark.pages.order_by("round").values_list("round", flat=True).distinct()
    for number in rounds:
        withdraw(
            subject=_subject(concern), kind=WRONG_DOOR, event=f"page:{mark.pk}:{number}", now=now
        )


def register_kinds() -> None:
    """Called once, with the other notices of concerns."""
    register(
        Kind(
            name=WRONG_DOOR,
            template="concerns/mail/wrong_door",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_context,
            still_true=_still_waits,
            usefulness=USEFUL,
            words=_("You get this because you are on the duty list, or lead where nobody is."),
            door=LIST,
        )
    )


def _context(message: Message) -> dict[str, Any]:
    return {"link": settings.ORIGIN + reverse(LIST)}


def _still_waits(message: Message) -> bool:
    _page, mark_id, _round = message.event.split(":")
    return WrongDoor.objects.waiting().filter(pk=int(mark_id)).exists()


def _subject(concern: Concern) -> Subject:
    return Subject("concern", concern.staff_reference)
