"""Meetings as a feed. Links use the configured origin, never the Host header."""

from collections.abc import Iterable
from datetime import datetime, time

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagement.doors.addresses import address
from engagement.doors.feeds import FeedByDays
from engagement.places.models import Agency
from meetings.models import Kind, Meeting
from meetings.moments import when_words
from meetings.rows import state_of, where_words


def feed_of(request: HttpRequest, agency: Agency, meetings: Iterable[Meeting]) -> FeedByDays:
    """RSS 2.0. An item's date is the day of the announcement; one that moved or was cancelled
    comes as a new item, as readers never show a changed one again."""
    today = agency.day_of(timezone.now())
    feed = FeedByDays(
        title=_("Meetings: %(name)s") % {"name": agency.name},
        link=settings.ORIGIN + address(request, "meetings"),
        description=_("Meetings of neighbors and their police: when, where, what about."),
        language=get_language() or "en",
        feed_url=settings.ORIGIN + address(request, "meetings_feed"),
        today=datetime.combine(today, time.min, tzinfo=agency.zone),
    )
    for meeting in meetings:
        link = settings.ORIGIN + address(request, "meeting", meeting.slug)
        feed.add_item(
            title=_title(meeting),
            link=link,
            description=f"{when_words(meeting)}. {where_words(meeting)}. {meeting.summary}",
            unique_id=f"{link}#{meeting.revision}",
            unique_id_is_permalink=False,
            pubdate=datetime.combine(meeting.announced_on or today, time.min, tzinfo=agency.zone),
            categories=[str(Kind(meeting.kind).label)],
        )
    return feed


def _title(meeting: Meeting) -> str:
    _state, words = state_of(meeting)
    return f"{words}: {meeting.title}" if words else str(meeting.title)
