"""What those hear who said "mine too", and what the owner hears of them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concerns.models import Concern, Joining, Merge
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions.planning import queue_audience
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact
from engagement.places.models import Agency

NEWS = "concerns.joined_news"
WORDS = "concerns.joined_words"


def news(concern: Concern, *, event: str, now: datetime, notes: Together | None = None) -> None:
    """Tell everyone who joined and left an address that something moved, in one statement; also
    those who said so of a report that was joined with this case since. With `notes` it is
    gathered there."""
    if not (getattr(concern, "has_joiners", True) or getattr(concern, "has_joined", True)):
        return  # as nearly always: no question more
    followed = Merge.objects.filter(survivor=concern, undone_at__isnull=True).values("concern_id")
    here = Q(concern=concern) | Q(concern__in=followed)
    joined = Joining.objects.filter(here, left_on__isnull=True)
    queue_audience(
        NEWS,
        audience=Contact.objects.filter(pk__in=joined.values("contact_id")),
        agency_id=concern.agency_id,
        subject=Subject("concern", concern.staff_reference),
        event=event,
        now=now,
        is_coarse=True,
        notes=notes,
    )


def words_added(joining: Joining, *, now: datetime) -> None:
    """Tell the owner that somebody joined and wrote something: with the next full hour, as the
    mail's own date would else tell the minute, and once however many write within this one."""
    owner_id = joining.concern.owner_id
    if owner_id is None:
        return
    due_at = floor_to_hour(now) + timedelta(hours=1)
    queue_audience(
        WORDS,
        audience=Contact.objects.filter(account=owner_id, account__is_active=True),
        agency_id=joining.agency_id,
        subject=Subject("concern", joining.concern.staff_reference),
        event=f"joined:{due_at:%Y-%m-%dT%H}",
        now=now,
        due_at=due_at,
        is_coarse=True,
    )


def register_kinds() -> None:
    """Make both known to the outbox; called once, when the apps are ready."""
    register(
        Kind(
            name=NEWS,
            template="concerns/mail/joined_news",
            policy=Policy.SUBSCRIPTION,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_joiner_context,
            still_true=_still_joined,
            usefulness=timedelta(days=30),
            words=_("You get this because you said “mine too” and left this address."),
        )
    )
    register(
        Kind(
            name=WORDS,
            template="concerns/mail/joined_words",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_owner_context,
            still_true=_still_owns,
            usefulness=timedelta(days=7),
            words=_("You get this because you are the officer of this concern."),
        )
    )


def _joiner_context(message: Message) -> dict[str, Any]:
    """The way to the page that asks for code and secret: the mail itself opens nothing."""
    assert message.agency_id is not None
    agency = Agency.objects.get(pk=message.agency_id)
    is_implied = agency.is_default or urlsplit(settings.ORIGIN).hostname in agency.hosts
    path = reverse("track") + ("" if is_implied else f"?agency={agency.slug}")
    return {"link": settings.ORIGIN + path}


def _owner_context(message: Message) -> dict[str, Any]:
    path = reverse("desk_concern", args=[message.subject_reference])
    return {"link": settings.ORIGIN + path}


def _still_joined(message: Message) -> bool:
    joined = Joining.objects.filter(contact_id=message.contact_id, left_on__isnull=True)
    return joined.exists()


def _still_owns(message: Message) -> bool:
    return Concern.objects.filter(
        agency=message.agency,
        staff_reference=message.subject_reference,
        owner__contact=message.contact_id,
    ).exists()
