"""Meetings for tests of pages, made through the same actions that organisers use."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.places.models import Agency
from engagement.places.wording import Wording
from meetings.actions import planning
from meetings.actions.answering import Answer, Receipt, rsvp
from meetings.models import Meeting

BY = Actor.task("tests")
TITLE = "Speeding on Main Street"
SPANISH_TITLE = "Exceso de velocidad en Main Street"


def evening(days: int = 14, hour: int = 18, minute: int = 30) -> datetime:
    """A wall time so many days ahead."""
    day = timezone.now().date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute))


def details(**changes: Any) -> planning.Details:
    when = planning.Change(
        starts_wall=changes.pop("starts_wall", None) or evening(),
        minutes=changes.pop("minutes", 90),
        mode=changes.pop("mode", "in_person"),
        place_name=changes.pop("place_name", "Mill Street Library"),
        place_address=changes.pop("place_address", "12 Mill St"),
        joining=changes.pop("joining", planning.WayIn()),
    )
    values: dict[str, Any] = {
        "kind": "town_hall",
        "title": Wording({"en": TITLE, "es": SPANISH_TITLE}),
        "when": when,
        "summary": Wording({"en": "Tell us where it is worst.", "es": "Díganos dónde es peor."}),
        "languages": ["en", "es"],
        **changes,
    }
    return planning.Details(**values)


def drafted(agency: Agency, **changes: Any) -> Meeting:
    return planning.draft(agency=agency, details=details(**changes), by=BY, now=timezone.now())


def announced(agency: Agency, **changes: Any) -> Meeting:
    made = drafted(agency, **changes)
    return planning.announce(meeting=made, version=made.version, by=BY, now=timezone.now())


def answered(meeting: Meeting, email: str | None = "ana@home.example", **changes: Any) -> Receipt:
    values: dict[str, Any] = {
        "party_size": 1,
        "language": "en",
        "submission_key": f"key-{email}-{timezone.now().timestamp()}",
        **changes,
    }
    answer = Answer(meeting=meeting, email=email, **values)
    return rsvp(answer=answer, by=Actor.resident(), now=timezone.now())
