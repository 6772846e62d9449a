"""Mail to staff that reports are new in a filter that they keep: how many, and its name."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concerns.desk_wanted import filters_of
from concerns.models import FilterUse
from engagement.audit.subjects import Subject
from engagement.outbox.actions.planning import queue_audience
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact

MATCHES = "concerns.filter_matches"
SUBJECT = "filter use"


def register_kinds() -> None:
    """Make it known to the outbox; called once, when the apps are ready."""
    register(
        Kind(
            name=MATCHES,
            template="concerns/mail/filter_matches",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_MOST_ONCE,
            context=_context,
            still_true=_still_asked,
            usefulness=timedelta(days=2),
            words=_("You get this because you asked to be told when reports are new in a filter."),
            door="desk_filters",
        )
    )


def tell_of_matches(use: FilterUse, *, now: datetime) -> None:
    """Plan the mail; `use` says by now of how many it tells, and up to which report."""
    queue_audience(
        MATCHES,
        audience=Contact.objects.filter(account=use.user_id, account__is_active=True),
        agency_id=use.agency_id,
        subject=Subject(SUBJECT, str(use.pk)),
        event=f"up to {use.seen_id}",
        now=now,
    )


def _context(message: Message) -> dict[str, Any]:
    use = FilterUse.objects.select_related("saved").get(pk=int(message.subject_reference))
    path = f"{reverse('desk_concerns')}?{urlencode({'saved': use.saved_id})}"
    return {"number": use.told, "name": use.saved.name, "link": settings.ORIGIN + path}


def _still_asked(message: Message) -> bool:
    """Neither the filter nor the wish to be told has gone, nor the share in the team."""
    use = (
        FilterUse.objects.filter(pk=int(message.subject_reference), tell_at__isnull=False)
        .select_related("user", "agency")
        .first()
    )
    return use is not None and filters_of(use.user, use.agency).filter(pk=use.saved_id).exists()
