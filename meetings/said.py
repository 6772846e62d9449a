"""What the letters about meetings say, loaded for many readers at once."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from engagement.outbox.models import Message
from engagement.outbox.states import State as Fate
from meetings.calendars import Invitation
from meetings.links import token_for
from meetings.models import Joining, Meeting, Rsvp, Schedule

MOVED = "meetings.moved"


def context(message: Message) -> dict[str, Any]:
    """What one letter says, as things are now. Raises KeyError when the answer is gone."""
    return contexts([message])[message.id]


def contexts(messages: Sequence[Message]) -> dict[UUID, dict[str, Any]]:
    """What the letters of a batch say, in a few statements."""
    readers = {message.contact_id for message in messages}
    rows = Rsvp.objects.filter(contact__in=readers).select_related("meeting__agency")
    answers = {(rsvp.contact_id, rsvp.meeting.reference): rsvp for rsvp in rows.order_by("pk")}
    meetings = {rsvp.meeting_id for rsvp in answers.values()}
    joinings = Joining.objects.filter(meeting__in=meetings).order_by("pk")
    ways_in = {row.meeting_id: row for row in joinings}
    announced = Schedule.objects.filter(meeting__in=meetings).order_by("pk")
    schedules = {(row.meeting_id, row.revision): row for row in announced}
    told = _last_told([message for message in messages if message.kind == MOVED])
    told_to = {}
    for message in messages:
        about = (message.contact_id, message.subject_reference)
        rsvp = answers.get(about)
        if rsvp is None:
            continue
        known = max(rsvp.known_revision, told.get(about, 0))
        told_to[message.id] = {
            **said(rsvp, ways_in.get(rsvp.meeting_id)),
            **said_before(schedules.get((rsvp.meeting_id, known))),
        }
    return told_to


def _last_told(messages: Sequence[Message]) -> dict[tuple[int, str], int]:
    """The newest revision that each reader was sent: "before" is what they know."""
    sent = Message.objects.filter(
        kind=MOVED,
        state=Fate.SENT,
        contact__in={message.contact_id for message in messages},
        subject_reference__in={message.subject_reference for message in messages},
    )
    sent = sent.order_by("pk")
    told: dict[tuple[int, str], int] = {}
    for contact, subject, event in sent.values_list("contact_id", "subject_reference", "event"):
        revision = int(event.split(":")[1])
        told[contact, subject] = max(revision, told.get((contact, subject), 0))
    return told


def said(rsvp: Rsvp, way_in: Joining | None) -> dict[str, Any]:
    meeting = rsvp.meeting
    return {
        "title": meeting.title.text(rsvp.language),
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "place_name": meeting.place_name,
        "place_address": meeting.place_address,
        "is_online": meeting.is_online,
        "access_notes": meeting.access_notes.text(rsvp.language),
        "reason": meeting.cancel_reason.text(rsvp.language),
        "join_url": way_in.url if way_in else "",
        "join_phone": way_in.phone if way_in else "",
        "party_size": rsvp.party_size,
        "page": _address(meeting, reverse("meeting", args=[meeting.slug])),
        "link": _address(meeting, reverse("meeting_answer", args=[token_for(rsvp)])),
        "invitation": Invitation(rsvp, way_in),
    }


def said_before(schedule: Schedule | Meeting | None) -> dict[str, Any]:
    if schedule is None:
        return {}
    return {
        "old_starts_at": schedule.starts_at,
        "old_place_name": schedule.place_name,
        "old_place_address": schedule.place_address,
        "old_is_online": schedule.is_online,
    }


def _address(meeting: Meeting, path: str) -> str:
    """The configured origin's address of a page, in the name of the meeting's own agency."""
    agency = meeting.agency
    is_implied = agency.is_default or urlsplit(settings.ORIGIN).hostname in agency.hosts
    return settings.ORIGIN + path + ("" if is_implied else f"?agency={agency.slug}")
