"""Meetings as calendars know them (RFC 5545, 5546, 6047, 7986).

One UID per meeting, stored when it was drafted. SEQUENCE is the meeting's revision; in what is sent
to one reader the turns of their own answer are added, so that leaving and coming back is newer
than what their calendar has. What is sent names that reader alone; what is published names nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from engagement.outbox.registry import CalendarPart
from engagement.places.models import Agency
from meetings.models import Joining, Meeting, Rsvp

PRODUCT = "-//Common Ground//Meetings//EN"
LOOK_AGAIN = timedelta(hours=6)


@dataclass(frozen=True)
class Invitation:
    """All that the calendar part for one reader says; the answer comes with its meeting."""

    rsvp: Rsvp
    way_in: Joining | None


def request(invitation: Invitation, address: str) -> CalendarPart:
    """Enter the meeting into the reader's calendar, or change it there (RFC 5546 3.2.2)."""
    return _personal(invitation, address, "REQUEST", is_off=False)


def cancellation(invitation: Invitation, address: str) -> CalendarPart:
    """Take the meeting out of the reader's calendar (RFC 5546 3.2.5)."""
    return _personal(invitation, address, "CANCEL", is_off=True)


def one(meeting: Meeting) -> str:
    """A file of this one meeting, for anybody."""
    return _text(_calendar("PUBLISH", [meeting], [_event(meeting)]))


def feed(agency: Agency, meetings: Iterable[Meeting], *, name: str) -> str:
    """A calendar to subscribe to; cancelled meetings stay in it, marked as such."""
    rows = list(meetings)
    calendar = _calendar("PUBLISH", rows, [_event(meeting) for meeting in rows])
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    # RFC 7986 5.7, and the older name of the same wish.
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return _text(calendar)


def _personal(invitation: Invitation, address: str, method: str, *, is_off: bool) -> CalendarPart:
    rsvp, meeting = invitation.rsvp, invitation.rsvp.meeting
    event = _event(meeting, language=rsvp.language, turns=rsvp.turns, is_off=is_off)
    event.add("organizer", _organiser(meeting.agency))
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("DECLINED" if is_off and not rsvp.is_going else "ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    if invitation.way_in and not is_off and invitation.way_in.url:
        event.add("conference", vUri(invitation.way_in.url), parameters={"VALUE": "URI"})
    return CalendarPart(method, _text(_calendar(method, [meeting], [event])))


def _event(
    meeting: Meeting, *, language: str | None = None, turns: int = 0, is_off: bool | None = None
) -> Event:
    is_off = meeting.is_cancelled if is_off is None else is_off
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.revision + turns)
    event.add("dtstamp", meeting.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", meeting.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", meeting.starts_at.astimezone(meeting.zone))
    event.add("dtend", meeting.ends_at.astimezone(meeting.zone))
    event.add("summary", meeting.title.text(language))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    place = ", ".join(part for part in (meeting.place_name, meeting.place_address) if part)
    if place or meeting.is_online:
        event.add("location", place or _("Online"))
    if words := meeting.summary.text(language):
        event.add("description", words)
    event.add("url", settings.ORIGIN + reverse("meeting", args=[meeting.slug]))
    return event


def _organiser(agency: Agency) -> vCalAddress:
    """Our own stable address, as calendars match changes by it; the name is the agency's."""
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organiser.params["CN"] = vText(agency.mail_sender_name or agency.name)
    return organiser


def _calendar(method: str, meetings: Iterable[Meeting], events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", method)
    calendar.add("calscale", "GREGORIAN")
    years: dict[str, list[int]] = {}
    for meeting in meetings:
        years.setdefault(meeting.timezone, []).append(meeting.starts_at.year)
    for zone in sorted(years):
        calendar.add_component(_zone(zone, min(years[zone]), max(years[zone])))
    for event in events:
        calendar.add_component(event)
    return calendar


@lru_cache(maxsize=64)
def _zone(name: str, first: int, last: int) -> Timezone:
    """The rules of the years around the meetings and no others: a century would be 3 kB a mail."""
    return Timezone.from_tzid(
        name, first_date=date(first - 1, 1, 1), last_date=date(last + 1, 12, 31)
    )


def _text(calendar: Calendar) -> str:
    return str(calendar.to_ical().decode())
