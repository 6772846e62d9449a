"""Read what is private about the answers to a meeting."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from engagement.audit.actors import Actor
from meetings.actions.ground import log
from meetings.models import Meeting, Rsvp
from meetings.needs import needs_of
from meetings.workflow import Going


@dataclass(frozen=True)
class Need:
    """What a party needs; nothing here says who they are."""

    party_size: int
    language: str
    text: str = field(repr=False)


def read_needs(*, meeting: Meeting, by: Actor, now: datetime) -> list[Need]:
    """Open the needs of all who come, after the reading itself is on record for good.

    The caller has checked the permission meeting.answers. The record is committed before
    anything is opened, so this refuses to run inside a transaction (RuntimeError). Nothing is
    recorded when nobody needs anything. Raises CannotUnseal.
    """
    rows = Rsvp.objects.filter(meeting=meeting, state=Going.GOING).exclude(needs_sealed=b"")
    found = list(rows.order_by("pk"))
    if not found:
        return []
    with transaction.atomic(durable=True):
        log("MEETING_NEEDS_READ", meeting, by=by, now=now, payload={"answers": len(found)})
    return list(_opened(found))


def _opened(found: list[Rsvp]) -> Iterator[Need]:
    for rsvp in found:
        yield Need(rsvp.party_size, rsvp.language, needs_of(rsvp))
