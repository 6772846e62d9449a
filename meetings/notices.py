"""Who hears what about a meeting, and when.

Events of time and place carry the revision, so that what was planned for an older one is never
sent; the others say how things are at the moment they leave. Those that a resident causes are
coarse: their kept times are full hours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagement.outbox import letters
from engagement.outbox.actions.planning import queue, queue_audience, withdraw
from engagement.outbox.models import Message
from engagement.outbox.registry import (
    CalendarPart,
    Delivery,
    Kind,
    Policy,
    kind_named,
    register,
)
from engagement.people.models import Contact
from meetings.calendars import Invitation, cancellation, request
from meetings.clock import reminder_due
from meetings.models import Joining, Meeting, Rsvp
from meetings.said import MOVED, context, contexts, said, said_before
from meetings.workflow import Going, State

GOING = "meetings.rsvp"
REMINDER = "meetings.reminder"
CANCELLED = "meetings.cancelled"
WITHDRAWN = "meetings.rsvp_withdrawn"

STANDING = """
SELECT answer.state, answer.turns, meeting.state, meeting.revision
FROM meetings_rsvp AS answer JOIN meetings_meeting AS meeting ON meeting.id = answer.meeting_id
WHERE answer.contact_id = %s AND meeting.reference = %s"""
# Who planned to come may still look at an old mail on the day after.
A_DAY_LATER = timedelta(days=1)
SLOTS = frozenset({"link", "invitation"})


def confirmed(rsvp: Rsvp, meeting: Meeting, *, event: str, now: datetime) -> None:
    """Confirm an answer, with the link to change it and the entry for the calendar."""
    _tell(GOING, rsvp, meeting, event=event, now=now, until=meeting.ends_at)


def reminder(rsvp: Rsvp, meeting: Meeting, *, now: datetime) -> None:
    """Plan the reminder of one who answered now; nothing when the meeting is nearly here."""
    due = _reminder_due(meeting, now)
    if due is None or rsvp.contact_id is None:
        return
    queue(
        REMINDER,
        contact_id=rsvp.contact_id,
        agency_id=meeting.agency_id,
        subject=meeting.subject,
        event=f"{_revision(meeting)}:{rsvp.turns}",
        now=now,
        due_at=due,
        useful_until=meeting.starts_at,
    )


def withdrawn(rsvp: Rsvp, meeting: Meeting, *, now: datetime) -> None:
    """Take back what one who does not come would have got, and clear their calendar."""
    if rsvp.contact_id is None:
        return
    withdraw(subject=meeting.subject, contact_id=rsvp.contact_id, now=now)
    until = meeting.ends_at + A_DAY_LATER
    _tell(WITHDRAWN, rsvp, meeting, event=f"withdrawn:{rsvp.turns}", now=now, until=until)


def moved(meeting: Meeting, *, now: datetime) -> None:
    """Tell all who come, and plan their reminders anew; the old ones never leave."""
    _take_back(meeting, (REMINDER, MOVED), now)
    until = meeting.ends_at
    _tell_all(MOVED, meeting, event=_revision(meeting), now=now, until=until)
    due = _reminder_due(meeting, now)
    if due is not None:
        until = meeting.starts_at
        _tell_all(REMINDER, meeting, event=_revision(meeting), now=now, due_at=due, until=until)


def cancelled(meeting: Meeting, *, now: datetime) -> None:
    """Tell all who would come, and nothing else any more."""
    _take_back(meeting, (GOING, REMINDER, MOVED), now)
    until = meeting.ends_at + A_DAY_LATER
    _tell_all(CANCELLED, meeting, event=_revision(meeting), now=now, until=until)


def register_kinds() -> None:
    """Make the five notices known to the outbox; called once, when the apps are ready."""
    come = _("You get this because you said that you are coming to this meeting.")
    came = _("You get this because you had said that you were coming to this meeting.")
    # A confirmation says how things are when it leaves, so it is never loaded ahead of its turn.
    _register(GOING, come, still_true=_comes, part=request, is_ahead=False)
    _register(REMINDER, come, still_true=_comes_as_told, delivery=Delivery.AT_MOST_ONCE)
    _register(MOVED, come, still_true=_comes_as_told, part=request)
    _register(CANCELLED, came, still_true=_is_off, part=cancellation)
    _register(WITHDRAWN, came, still_true=_stays_away, part=cancellation, is_ahead=False)


def _register(
    name: str,
    words: Promise,
    *,
    still_true: Callable[[Message], bool],
    part: Callable[[Invitation, str], CalendarPart] | None = None,
    delivery: Delivery = Delivery.AT_LEAST_ONCE,
    is_ahead: bool = True,
) -> None:
    register(
        Kind(
            name=name,
            template=f"meetings/mail/{name.removeprefix('meetings.')}",
            policy=Policy.TRANSACTIONAL,
            delivery=delivery,
            context=context,
            contexts=contexts if is_ahead else None,
            slots=SLOTS,
            still_true=still_true,
            calendar=_calendar(part) if part else None,
            words=words,
        )
    )


def _calendar(
    part: Callable[[Invitation, str], CalendarPart],
) -> Callable[[Any, str], CalendarPart]:
    return lambda own, address: part(own["invitation"], address)


def _tell(
    kind: str, rsvp: Rsvp, meeting: Meeting, *, event: str, now: datetime, until: datetime
) -> None:
    if rsvp.contact_id is None:
        return
    queue(
        kind,
        contact_id=rsvp.contact_id,
        agency_id=meeting.agency_id,
        subject=meeting.subject,
        event=event,
        now=now,
        useful_until=until,
        is_coarse=True,
    )


def _tell_all(
    kind: str,
    meeting: Meeting,
    *,
    event: str,
    now: datetime,
    until: datetime,
    due_at: datetime | None = None,
) -> None:
    """One statement, however many come."""
    queue_audience(
        kind,
        audience=_those_who_come(meeting),
        agency_id=meeting.agency_id,
        subject=meeting.subject,
        event=event,
        now=now,
        due_at=due_at,
        useful_until=until,
    )


def _take_back(meeting: Meeting, kinds: Sequence[str], now: datetime) -> None:
    for kind in kinds:
        withdraw(subject=meeting.subject, kind=kind, now=now)


def _those_who_come(meeting: Meeting) -> QuerySet[Contact]:
    going = Rsvp.objects.filter(meeting=meeting, state=Going.GOING, contact__isnull=False)
    return Contact.objects.filter(pk__in=going.values("contact_id"))


def _reminder_due(meeting: Meeting, now: datetime) -> datetime | None:
    return reminder_due(
        starts_wall=meeting.starts_wall, starts_at=meeting.starts_at, zone=meeting.zone, now=now
    )


def _revision(meeting: Meeting) -> str:
    return f"revision:{meeting.revision}"


@dataclass(frozen=True)
class Standing:
    """How an answer and its meeting are at this moment."""

    going: str
    turns: int
    state: str
    revision: int

    @property
    def comes(self) -> bool:
        return self.going == Going.GOING


def _standing(message: Message) -> Standing | None:
    """What decides whether a notice is still true, read anew for every mail and so written out."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [message.contact_id, message.subject_reference])
        row = cursor.fetchone()
    return Standing(*row) if row else None


def _comes(message: Message) -> bool:
    found = _standing(message)
    return found is not None and found.comes and found.state == State.ANNOUNCED


def _comes_as_told(message: Message) -> bool:
    """Comes, and time and place are still those of the notice."""
    found = _standing(message)
    if found is None or not found.comes or found.state != State.ANNOUNCED:
        return False
    return message.event.split(":")[1] == str(found.revision)


def _is_off(message: Message) -> bool:
    found = _standing(message)
    return found is not None and found.comes and found.state == State.CANCELLED


def _stays_away(message: Message) -> bool:
    found = _standing(message)
    return found is not None and message.event == f"withdrawn:{found.turns}"


def specimen(
    kind: str, meeting: Meeting, *, language: str, before: Meeting | None = None
) -> letters.Words:
    """What one who comes would be told, for organisers to read before it leaves. `before` is the
    meeting as it stands, where `meeting` is not stored yet. The link in it leads nowhere."""
    rsvp = Rsvp(agency=meeting.agency, meeting=meeting, language=language)
    way_in = Joining.objects.filter(meeting=meeting.pk).first() if meeting.is_online else None
    own = said(rsvp, way_in)
    if before is not None:
        own |= said_before(before)
    return letters.specimen(
        kind_named(kind), own, agency=meeting.agency, language=language, zone=meeting.timezone
    )
