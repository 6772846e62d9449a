"""A reader's calendar, as RFC 5546 asks of one: it obeys what arrives and nothing older."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message as Mail
from typing import Any

from icalendar import Calendar

from tests.engagement.outbox.sink import Received


@dataclass(frozen=True)
class Part:
    """The calendar part of one mail, taken apart."""

    method: str
    method_of_type: str
    uid: str
    sequence: int
    status: str
    starts_at: datetime
    location: str
    attendees: tuple[str, ...]
    organiser: str
    zones: tuple[str, ...]
    text: str


def part_of(mail: Received) -> Part | None:
    """None for a mail without one. Fails on two."""
    found = [part for part in mail.letter.walk() if part.get_content_type() == "text/calendar"]
    assert len(found) <= 1
    return _read(found[0]) if found else None


def _read(part: Mail) -> Part:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.decode(part.get_content_charset() or "ascii")
    calendar: Any = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    attendees = event.get("attendee", [])
    return Part(
        method=str(calendar["method"]),
        method_of_type=str(part.get_param("method")),
        uid=str(event["uid"]),
        sequence=int(event["sequence"]),
        status=str(event["status"]),
        starts_at=event["dtstart"].dt,
        location=str(event.get("location", "")),
        attendees=tuple(
            str(one) for one in (attendees if isinstance(attendees, list) else [attendees])
        ),
        organiser=str(event["organizer"]),
        zones=tuple(str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")),
        text=text,
    )


def _repeats(part: Part, known: Part) -> bool:
    """Said again, perhaps in other words; a change of heart under the same number is too old."""
    return (part.sequence, part.method) == (known.sequence, known.method)


@dataclass
class Client:
    """One person's calendar program. An entry that was cancelled stays known by its SEQUENCE, so
    that an older request cannot bring it back."""

    address: str
    entries: dict[str, Part] = field(default_factory=dict)

    def receive(self, mails: Iterable[Received]) -> None:
        for mail in mails:
            part = part_of(mail)
            if mail.reader == self.address and part is not None:
                self.apply(part)

    def apply(self, part: Part) -> None:
        known = self.entries.get(part.uid)
        if known is None and part.method == "CANCEL":
            return  # RFC 5546 3.2.5: nothing to take out
        if known is None or part.sequence > known.sequence or _repeats(part, known):
            self.entries[part.uid] = part

    @property
    def shown(self) -> dict[str, Part]:
        return {uid: part for uid, part in self.entries.items() if part.method == "REQUEST"}
