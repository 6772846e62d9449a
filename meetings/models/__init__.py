"""What a meeting is in the database."""

from meetings.models.answers import KEPT_DAYS, LARGEST_PARTY, Rsvp
from meetings.models.meetings import Joining, Kind, Meeting, MeetingArea, Mode, Schedule

__all__ = [
    "KEPT_DAYS",
    "LARGEST_PARTY",
    "Joining",
    "Kind",
    "Meeting",
    "MeetingArea",
    "Mode",
    "Rsvp",
    "Schedule",
]
