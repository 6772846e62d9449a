"""What organisers do with a meeting, one verb each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engagement.audit.actors import Actor
from engagement.keys import references
from engagement.places.models import Agency, Area
from engagement.places.wording import Wording
from meetings import notices
from meetings.actions.ground import Refusal, locked_as_seen, log, save
from meetings.clock import instant_of
from meetings.models import Joining, Meeting, MeetingArea, Schedule
from meetings.models.meetings import Kind, Mode
from meetings.workflow import State, allows, can_move

LONGEST_MINUTES = 24 * 60
SLUG_WORDS = 60
WHEN = ("starts_on", "starts_time", "timezone", "minutes", "starts_at", "mode")
PLACE = ("place_name", "place_address")


class CannotPlan(Refusal):
    """The meeting cannot become what was asked; `str()` says why in the reader's language."""

    sentences = {
        "not_now": _("This is not possible any more: look at the meeting as it is now."),
        "past": _("Choose a start that is still ahead."),
        "minutes": _("A meeting lasts at least one minute and at most a day."),
        "no_place": _("Say where people meet."),
        "no_way_in": _("Give a link or a phone number for those who join from elsewhere."),
        "no_title": _("Give the meeting a title."),
        "no_reason": _("Say why the meeting is cancelled."),
        "area": _("Choose areas of this agency."),
        "capacity": _("More people have said that they are coming. Choose a higher number."),
        "use_move": _("People have been told this time and place. Use “Move the meeting”."),
        "same": _("Time and place are the same as before."),
    }


@dataclass(frozen=True)
class WayIn:
    """How to join online: an address, a phone number, or both."""

    url: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.url or self.phone)


@dataclass(frozen=True)
class Change:
    """Time and place. `starts_wall` is naive: what clocks at the agency show."""

    starts_wall: datetime
    minutes: int
    mode: str = Mode.IN_PERSON
    place_name: str = ""
    place_address: str = ""
    joining: WayIn = WayIn()


@dataclass(frozen=True)
class Details:
    """All that a form says about a meeting. `area_ids` empty means the whole agency."""

    kind: str
    title: Wording
    when: Change
    summary: Wording = field(default_factory=Wording)
    agenda_note: Wording = field(default_factory=Wording)
    access_notes: Wording = field(default_factory=Wording)
    languages: Sequence[str] = ()
    capacity: int | None = None
    closes_hours: int = 0
    area_ids: Sequence[int] = ()


@transaction.atomic(durable=True)
def draft(
    *,
    agency: Agency,
    details: Details,
    by: Actor,
    now: datetime,
    submission_key: str | None = None,
) -> Meeting:
    """Store a meeting that only staff see; the same random key gives the same meeting again.

    Raises CannotPlan.
    """
    uid = _uid(submission_key)
    # Two presses at the same moment: the second waits here and finds the first one's meeting.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    twin = Meeting.objects.filter(agency=agency, uid=uid).first()
    if twin is not None:
        return twin
    _refuse_bad(details.when, agency.zone, now)
    meeting = Meeting(
        agency=agency,
        reference=references.mint(),
        uid=uid,
        timezone=agency.timezone,
        created_on=agency.day_of(now),
        changed_at=now,
    )
    _write_words(meeting, details)
    _write_when(meeting, details.when)
    meeting.slug = _free_slug(meeting)
    meeting.save(force_insert=True)
    _write_areas(meeting, details.area_ids)
    _write_way_in(meeting, details.when)
    log("MEETING_DRAFTED", meeting, by=by, now=now, payload={"kind": str(meeting.kind)})
    return meeting


@transaction.atomic(durable=True)
def edit(*, meeting: Meeting, version: int, details: Details, by: Actor, now: datetime) -> Meeting:
    """Change the words, and while it is a draft time and place too.

    Raises CannotPlan, and StaleMeeting unless `version` is the newest.
    """
    found = locked_as_seen(meeting.pk, version)
    if found.is_cancelled:
        raise CannotPlan("not_now")
    if found.is_draft:
        _refuse_bad(details.when, found.zone, now)
        _write_when(found, details.when)
        _write_way_in(found, details.when)
    elif differs(found, details.when):
        raise CannotPlan("use_move")
    _write_words(found, details)
    _write_areas(found, details.area_ids)
    save(found, now=now)
    log("MEETING_EDITED", found, by=by, now=now)
    return found


@transaction.atomic(durable=True)
def discard(*, meeting: Meeting, version: int, by: Actor, now: datetime) -> None:
    """Throw a draft away. Raises CannotPlan, StaleMeeting."""
    found = locked_as_seen(meeting.pk, version)
    if not found.is_draft:
        raise CannotPlan("not_now")
    log("MEETING_DISCARDED", found, by=by, now=now)
    found.delete()


@transaction.atomic(durable=True)
def announce(*, meeting: Meeting, version: int, by: Actor, now: datetime) -> Meeting:
    """Make a draft public and take answers. Raises CannotPlan, StaleMeeting."""
    found = locked_as_seen(meeting.pk, version)
    if not allows(found.state, State.ANNOUNCED):
        raise CannotPlan("not_now")
    if found.starts_at <= now:
        raise CannotPlan("past")
    found.state, found.announced_on = State.ANNOUNCED, found.agency.day_of(now)
    save(found, now=now)
    _keep_schedule(found)
    log("MEETING_ANNOUNCED", found, by=by, now=now)
    return found


@transaction.atomic(durable=True)
def move(*, meeting: Meeting, version: int, change: Change, by: Actor, now: datetime) -> Meeting:
    """Give an announced meeting another time or place, and tell everyone who comes.

    Raises CannotPlan, StaleMeeting.
    """
    found = locked_as_seen(meeting.pk, version)
    if not can_move(state=found.state, ends_at=found.ends_at, now=now):
        raise CannotPlan("not_now")
    _refuse_bad(change, found.zone, now)
    if not differs(found, change):
        raise CannotPlan("same")
    _write_when(found, change)
    _write_way_in(found, change)
    found.revision += 1
    save(found, now=now)
    _keep_schedule(found)
    log("MEETING_MOVED", found, by=by, now=now, payload={"revision": found.revision})
    notices.moved(found, now=now)
    return found


@transaction.atomic(durable=True)
def cancel(*, meeting: Meeting, version: int, reason: Wording, by: Actor, now: datetime) -> Meeting:
    """Call an announced meeting off, and tell everyone who would come.

    Raises CannotPlan, StaleMeeting.
    """
    found = locked_as_seen(meeting.pk, version)
    is_over = not can_move(state=found.state, ends_at=found.ends_at, now=now)
    if is_over or not allows(found.state, State.CANCELLED):
        raise CannotPlan("not_now")
    if not reason:
        raise CannotPlan("no_reason")
    found.state, found.cancel_reason = State.CANCELLED, reason
    found.revision += 1
    save(found, now=now)
    log("MEETING_CANCELLED", found, by=by, now=now, payload={"revision": found.revision})
    notices.cancelled(found, now=now)
    return found


def differs(meeting: Meeting, change: Change) -> bool:
    """Whether `change` has another time, place or way in than the meeting has."""
    known = Joining.objects.filter(meeting=meeting).first()
    way_in = WayIn(known.url, known.phone) if known else WayIn()
    now_has = (meeting.starts_wall, meeting.minutes, meeting.mode)
    return (
        now_has != (change.starts_wall, change.minutes, change.mode)
        or (meeting.place_name, meeting.place_address) != _place(change)
        or way_in != _way_in(change)
    )


def _refuse_bad(change: Change, zone: ZoneInfo, now: datetime) -> None:
    if instant_of(change.starts_wall, zone) <= now:
        raise CannotPlan("past")
    if not 1 <= change.minutes <= LONGEST_MINUTES:
        raise CannotPlan("minutes")
    if change.mode != Mode.ONLINE and not change.place_name.strip():
        raise CannotPlan("no_place")
    if change.mode != Mode.IN_PERSON and not change.joining:
        raise CannotPlan("no_way_in")


def _write_when(meeting: Meeting, change: Change) -> None:
    meeting.starts_on, meeting.starts_time = change.starts_wall.date(), change.starts_wall.time()
    meeting.minutes = change.minutes
    meeting.starts_at = instant_of(change.starts_wall, meeting.zone)
    meeting.ends_at = meeting.starts_at + timedelta(minutes=change.minutes)
    meeting.mode = change.mode
    meeting.place_name, meeting.place_address = _place(change)


def _place(change: Change) -> tuple[str, str]:
    if change.mode == Mode.ONLINE:
        return "", ""
    return change.place_name.strip(), change.place_address.strip()


def _way_in(change: Change) -> WayIn:
    return WayIn() if change.mode == Mode.IN_PERSON else change.joining


def _write_way_in(meeting: Meeting, change: Change) -> None:
    found = _way_in(change)
    if not found:
        Joining.objects.filter(meeting=meeting).delete()
        return
    Joining.objects.update_or_create(
        meeting=meeting,
        defaults={"agency_id": meeting.agency_id, "url": found.url, "phone": found.phone},
    )


def _write_words(meeting: Meeting, details: Details) -> None:
    if not details.title:
        raise CannotPlan("no_title")
    if details.capacity is not None and details.capacity < meeting.seats_taken:
        raise CannotPlan("capacity")
    meeting.kind = Kind(details.kind)
    meeting.title, meeting.summary = details.title, details.summary
    meeting.agenda_note, meeting.access_notes = details.agenda_note, details.access_notes
    meeting.languages = list(details.languages)
    meeting.capacity, meeting.closes_hours = details.capacity, details.closes_hours


def _write_areas(meeting: Meeting, area_ids: Sequence[int]) -> None:
    wanted = set(area_ids)
    if Area.objects.filter(agency_id=meeting.agency_id, pk__in=wanted).count() != len(wanted):
        raise CannotPlan("area")
    MeetingArea.objects.filter(meeting=meeting).exclude(area_id__in=wanted).delete()
    rows = [
        MeetingArea(agency_id=meeting.agency_id, meeting=meeting, area_id=area_id)
        for area_id in sorted(wanted)
    ]
    MeetingArea.objects.bulk_create(rows, ignore_conflicts=True)


def _keep_schedule(meeting: Meeting) -> None:
    """Remember what people are told now, to show old and new side by side later."""
    Schedule.objects.create(
        agency_id=meeting.agency_id,
        meeting=meeting,
        revision=meeting.revision,
        **{name: getattr(meeting, name) for name in (*WHEN, *PLACE)},
    )


def _uid(submission_key: str | None) -> str:
    """RFC 7986 5.3: random, and nothing in it that tells of anybody."""
    random = uuid.uuid4()
    if submission_key is not None:
        random = uuid.UUID(bytes=sha256(submission_key.encode()).digest()[:16], version=4)
    return f"{random}@{urlsplit(settings.ORIGIN).hostname or 'localhost'}"


def _free_slug(meeting: Meeting) -> str:
    """Title and day, as people read it in a link; some random letters where that is taken."""
    words = slugify(meeting.title.text("en"))[:SLUG_WORDS].strip("-") or str(meeting.kind)
    slug = f"{words.replace('_', '-')}-{meeting.starts_on:%Y-%m-%d}"
    taken = Meeting.objects.filter(slug=slug).exists()
    return f"{slug}-{references.mint(length=4).lower()}" if taken else slug
