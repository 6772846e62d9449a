"""Ways in without an account: looked at without a trace, opened by a person, ended by staff."""

from datetime import datetime

from django.db import transaction

from concerns.actions.casework import log
from concerns.handoff_tokens import token_digests
from concerns.models import Handoff, HandoffLink
from concerns.models.handoffs import LinkUse
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour

BY = Actor.token("handoff")


def link_of(token: str, *, now: datetime) -> HandoffLink | None:
    """The link of this token while it works, else None; writes nothing, for scanners look too."""
    digests = token_digests(token, LinkUse.PAGE)
    found = HandoffLink.objects.filter(digest__in=digests).first() if digests else None
    return found if found is not None and handoff_behind(found.pk, now=now) else None


def handoff_behind(link_id: int, *, now: datetime) -> Handoff | None:
    """What an opened link still leads to, asked at every request; None once it ended, was taken
    back or became private."""
    links = HandoffLink.objects.filter(pk=link_id, revoked_at__isnull=True, expires_at__gt=now)
    rows = Handoff.objects.shown_to_partners().filter(
        pk__in=links.values("handoff_id"), organisation__is_active=True
    )
    return rows.select_related("organisation", "agency", "concern__category").first()


@transaction.atomic(durable=True)
def open_link(*, token: str, now: datetime) -> HandoffLink | None:
    """Let somebody in by a link, on record; None for one that works no more."""
    link = link_of(token, now=now)
    handoff = handoff_behind(link.pk, now=now) if link else None
    if link is None or handoff is None:
        return None
    payload: dict[str, str | int | bool | None] = {"handoff": handoff.reference}
    log("HANDOFF_OPENED", handoff.concern, by=BY, at=floor_to_hour(now), payload=payload)
    return link
