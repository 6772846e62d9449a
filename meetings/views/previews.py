"""What others will read, made before it leaves: the public page, the mails, and for how many."""

import copy
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from engagement.doors.requests import StaffRequest
from meetings import notices, queries, said
from meetings.actions.planning import Change
from meetings.clock import instant_of
from meetings.models import Meeting
from meetings.views.shown import public_page_of

LANGUAGES = ("en", "es")


def rsvp_letters(meeting: Meeting) -> list[dict[str, Any]]:
    """The confirmation, in every language."""
    return _letters(notices.GOING, meeting)


def moved_letters(meeting: Meeting, moved: Meeting) -> list[dict[str, Any]]:
    return _letters(said.MOVED, moved, before=meeting)


def cancelled_letters(meeting: Meeting) -> list[dict[str, Any]]:
    return _letters(notices.CANCELLED, meeting)


def _letters(kind: str, meeting: Meeting, before: Meeting | None = None) -> list[dict[str, Any]]:
    found = []
    for code in LANGUAGES:
        words = notices.specimen(kind, meeting, language=code, before=before)
        found.append(
            {
                "code": code,
                "language": name_of(code),
                "subject": words.subject,
                "text": words.text,
            }
        )
    return found


def as_read(request: StaffRequest, meeting: Meeting, code: str, now: datetime) -> dict[str, Any]:
    """The middle of the public page in one language, made from the same template."""
    with translation.override(code):
        shown = {**public_page_of(request, meeting, None, now), "is_preview": True}
        body = render_to_string("meetings/body.html", shown, request)
        title = str(meeting.title)
    return {"code": code, "language": name_of(code), "title": title, "body": body}


def as_moved(meeting: Meeting, change: Change) -> Meeting:
    """The meeting as it would be, stored nowhere."""
    moved = copy.copy(meeting)
    moved.starts_on, moved.starts_time = change.starts_wall.date(), change.starts_wall.time()
    moved.minutes, moved.mode = change.minutes, change.mode
    moved.starts_at = instant_of(change.starts_wall, meeting.zone)
    moved.ends_at = moved.starts_at + timedelta(minutes=change.minutes)
    is_walked_to = moved.is_in_person
    moved.place_name = change.place_name if is_walked_to else ""
    moved.place_address = change.place_address if is_walked_to else ""
    moved.revision += 1
    return moved


def told(meeting: Meeting) -> dict[str, str]:
    """How many are told by mail, and how many nobody can tell, in words."""
    mails, answers = queries.to_be_told(meeting), queries.answers_to(meeting)
    return {
        "told": ngettext(
            "%(number)s answer gets a mail with a calendar entry at once.",
            "%(number)s answers get a mail with a calendar entry at once.",
            mails,
        )
        % {"number": mails}
        if mails
        else _("Nobody gets a mail: no one who comes gave an e-mail so far."),
        "untold": ngettext(
            "%(number)s answer came without an e-mail. These people read it only on this site.",
            "%(number)s answers came without an e-mail. These people read it only on this site.",
            answers.unreachable,
        )
        % {"number": answers.unreachable}
        if answers.unreachable
        else "",
    }


def name_of(code: str) -> str:
    return str(get_language_info(code)["name_translated"])
