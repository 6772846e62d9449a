"""From a stored meeting to the form that changes it, and from the form to what actions take."""

from typing import Any

from meetings.actions.planning import Change, Details, WayIn
from meetings.forms.timing import TimingForm
from meetings.forms.wording import MeetingForm, WordsForm
from meetings.models import Joining, Meeting
from meetings.moments import local_end

TEXTS = {
    "title": "title",
    "summary": "summary",
    "agenda": "agenda_note",
    "access": "access_notes",
}


def initial_of(meeting: Meeting, joining: Joining | None) -> dict[str, Any]:
    """Every question of the form with the answer that is stored; areas must be loaded."""
    texts = {
        f"{name}_{code}": getattr(meeting, column).as_dict().get(code, "")
        for name, column in TEXTS.items()
        for code in ("en", "es")
    }
    return {
        **texts,
        **timing_of(meeting, joining),
        "seen_version": meeting.version,
        "kind": meeting.kind,
        "languages": meeting.languages,
        "areas": [link.area_id for link in meeting.areas.all()],
        "capacity": meeting.capacity,
        "closes": meeting.closes_hours,
    }


def timing_of(meeting: Meeting, joining: Joining | None) -> dict[str, Any]:
    return {
        "seen_version": meeting.version,
        "day": meeting.starts_on,
        "starts": meeting.starts_time,
        "ends": local_end(meeting).time(),
        "mode": meeting.mode,
        "place_name": meeting.place_name,
        "place_address": meeting.place_address,
        "joining_url": joining.url if joining else "",
        "joining_phone": joining.phone if joining else "",
    }


def change_of(form: TimingForm) -> Change:
    """Time and place as typed; only after is_valid()."""
    data = form.cleaned_data
    return Change(
        starts_wall=form.starts_wall,
        minutes=form.minutes,
        mode=data["mode"],
        place_name=data["place_name"],
        place_address=data["place_address"],
        joining=WayIn(data["joining_url"], data["joining_phone"]),
    )


def kept_change(meeting: Meeting, joining: Joining | None) -> Change:
    """Time and place as they stand, for a change of words alone."""
    return Change(
        starts_wall=meeting.starts_wall,
        minutes=meeting.minutes,
        mode=meeting.mode,
        place_name=meeting.place_name,
        place_address=meeting.place_address,
        joining=WayIn(joining.url, joining.phone) if joining else WayIn(),
    )


def details_of(form: WordsForm, when: Change) -> Details:
    """The whole meeting as typed; only after is_valid()."""
    data = form.cleaned_data
    return Details(
        kind=data["kind"],
        title=form.words("title"),
        when=when,
        summary=form.words("summary"),
        agenda_note=form.words("agenda"),
        access_notes=form.words("access"),
        languages=data["languages"],
        capacity=data["capacity"],
        closes_hours=data["closes"],
        area_ids=data["areas"],
    )


def new_details(form: MeetingForm) -> Details:
    return details_of(form, change_of(form))
