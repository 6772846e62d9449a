"""What every page that shows a meeting says of it: to the public, in a preview, on a receipt."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engagement.doors.addresses import address
from meetings.languages import language_name
from meetings.models import Kind, Meeting, Mode, Schedule
from meetings.moments import day_words, local_end, local_start, moment_words, time_words, when_words
from meetings.rows import state_of
from meetings.workflow import takes_answers


def facts_of(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """The facts of a meeting in ready words; its areas must be loaded."""
    state, state_words = state_of(meeting)
    start = local_start(meeting)
    return {
        "meeting": meeting,
        "kind": Kind(meeting.kind).label,
        "mode": Mode(meeting.mode).label,
        "day": day_words(meeting),
        "times": time_words(meeting),
        "when": when_words(meeting),
        "at": start.isoformat(),
        "until": local_end(meeting).isoformat(),
        "leaf": leaf_of(start),
        "state": state,
        "state_words": state_words,
        "closes": moment_words(meeting.closes_at, meeting.zone) if meeting.closes_hours else "",
        "languages": [language_name(code) for code in meeting.languages],
        "agenda": [line for line in str(meeting.agenda_note).splitlines() if line.strip()],
        "areas": [
            {"name": link.area.name, "url": address(request, "area", link.area.slug)}
            for link in meeting.areas.all()
        ],
    }


def public_page_of(
    request: HttpRequest, meeting: Meeting, former: Schedule | None, now: datetime
) -> dict[str, Any]:
    """All that the public page says; says nothing that an answer could change."""
    return {
        **facts_of(request, meeting),
        "former": former_words(meeting, former),
        "is_over": meeting.ends_at <= now,
        "takes_answers": takes_answers(state=meeting.state, closes_at=meeting.closes_at, now=now),
        "list_url": address(request, "meetings"),
        "rsvp_url": address(request, "meeting_rsvp", meeting.slug),
        "calendar_url": address(request, "meeting_calendar", meeting.slug),
    }


def leaf_of(start: datetime) -> dict[str, Any]:
    """The leaf of a calendar; `start` is on the clock of the place."""
    return {
        "weekday": formats.date_format(start, pgettext("form of a date", "D")),
        "day": start.day,
        "month": formats.date_format(start, pgettext("form of a date", "M")),
    }


def former_words(meeting: Meeting, former: Schedule | None) -> dict[str, str]:
    """What time and place were before, only as far as they differ now."""
    if former is None:
        return {}
    pairs = {
        "when": (when_words(former), when_words(meeting)),
        "place": (place_words(former), place_words(meeting)),
    }
    return {name: old for name, (old, new) in pairs.items() if old != new}


def place_words(found: Meeting | Schedule) -> str:
    """Place, address and way of taking part in one line."""
    parts = [found.place_name, found.place_address] if found.is_in_person else []
    if found.is_online:
        parts.append(_("online"))
    return ", ".join(part for part in parts if part)


def party_words(number: int) -> str:
    return ngettext("%(number)s person", "%(number)s people", number) % {"number": number}
