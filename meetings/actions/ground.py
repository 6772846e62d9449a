"""What every action on a meeting shares: the lock, the version, the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.payloads import PayloadValue
from meetings.models import Meeting

# Seats belong to answers, which need no version.
KEPT = {"id", "seats_taken"}


class Refusal(ValueError):
    """Something cannot be done; `reason` is a code, `str()` a sentence for the form."""

    sentences: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.sentences[self.reason])


class StaleMeeting(Exception):
    """Someone changed the meeting after this person opened it; `current` is how it is now."""

    def __init__(self, current: Meeting, seen_version: int) -> None:
        super().__init__(current.reference)
        self.current = current
        self.seen_version = seen_version


def locked(meeting_id: int) -> Meeting:
    """Return the meeting, locked until the transaction ends. Raises Meeting.DoesNotExist.

    Not against references: answers that are being stored need not wait for each other's rows.
    """
    rows = Meeting.objects.select_related("agency")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=meeting_id)


def locked_as_seen(meeting_id: int, seen_version: int) -> Meeting:
    """Like `locked`; of two organisers at once, the second must see the first one's change.

    Raises StaleMeeting.
    """
    meeting = locked(meeting_id)
    if meeting.version != seen_version:
        raise StaleMeeting(meeting, seen_version)
    return meeting


def save(meeting: Meeting, *, now: datetime) -> None:
    """Save a locked meeting under its next version."""
    meeting.version += 1
    meeting.changed_at = now
    fields = [field.name for field in Meeting._meta.concrete_fields if field.name not in KEPT]
    meeting.save(update_fields=fields)


def log(
    event: str,
    meeting: Meeting,
    *,
    by: Actor,
    now: datetime,
    payload: Mapping[str, PayloadValue] | None = None,
) -> None:
    record(
        event,
        by=by,
        subject=meeting.subject,
        agency_id=meeting.agency_id,
        now=now,
        payload=payload,
    )
