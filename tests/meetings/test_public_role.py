"""What the public database role finds of meetings: what was announced, and nothing of answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import ProgrammingError, connection, transaction

from engagement.places.models import Agency
from meetings import calendars, queries
from meetings.actions import planning
from meetings.models import Joining, Meeting, MeetingArea, Rsvp, Schedule
from portal.database import PUBLIC_ROLE
from tests.meetings.conftest import (
    LIBRARY,
    NOW,
    STAFF,
    STARTS,
    ZOOM,
    announced,
    answered,
    area_of,
    cancelled,
    drafted,
    found_agency,
    moved,
)


@contextmanager
def as_public() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {PUBLIC_ROLE}")
        yield
        cursor.execute("RESET ROLE")


def count_as_public(table: str) -> int:
    with as_public(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_a_draft_is_not_there_until_it_is_announced(agency: Agency) -> None:
    west = area_of(agency, "west")
    meeting = drafted(agency, area_ids=[west.pk])
    for table in ("meetings_meeting", "meetings_meetingarea", "meetings_schedule"):
        assert count_as_public(table) == 0, table
    with as_public():
        assert queries.by_slug(agency, meeting.slug) is None
        assert list(queries.upcoming(agency, now=NOW)) == []
    assert Meeting.objects.count() == MeetingArea.objects.count() == 1
    planning.announce(meeting=meeting, version=meeting.version, by=STAFF, now=NOW)
    for table in ("meetings_meeting", "meetings_meetingarea", "meetings_schedule"):
        assert count_as_public(table) == 1, table


@pytest.mark.parametrize("table", ["meetings_rsvp", "meetings_joining", "people_contact"])
def test_answers_and_ways_in_are_out_of_reach(agency: Agency, table: str) -> None:
    meeting = announced(agency, when=replace(LIBRARY, mode="hybrid", joining=ZOOM))
    answered(meeting)
    assert Rsvp.objects.count() == Joining.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"):
        count_as_public(table)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meetings_meeting SET title = '{}'",
        "DELETE FROM meetings_meetingarea",
        "INSERT INTO meetings_schedule DEFAULT VALUES",
    ],
)
def test_the_public_role_writes_nothing(meeting: Meeting, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_public():
        connection.cursor().execute(statement)


def test_what_was_announced_cannot_be_rewritten_by_the_portal_itself(meeting: Meeting) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Schedule.objects.update(minutes=5)


def test_public_pages_and_calendars_are_made_under_the_public_role(agency: Agency) -> None:
    west, east = area_of(agency, "west"), area_of(agency, "east")
    soon = announced(agency, area_ids=[west.pk])
    later = announced(agency, when=replace(LIBRARY, starts_wall=STARTS.replace(day=20)))
    theirs = announced(found_agency("elsewhere"))
    moved(soon, starts_wall=STARTS.replace(day=9))
    off = cancelled(announced(agency, area_ids=[east.pk]))
    with as_public():
        assert list(queries.upcoming(agency, now=NOW)) == [off, soon, later]
        assert list(queries.upcoming(agency, now=NOW, area=west)) == [soon, later]
        assert list(queries.upcoming(agency, now=NOW, area=east)) == [off, later]
        assert list(queries.past(agency, now=later.starts_at)) == [soon]
        assert queries.by_slug(agency, theirs.slug) is None
        found = queries.by_slug(agency, soon.slug)
        assert found is not None
        before = queries.told_before(found)
        assert before is not None
        assert before.starts_wall == STARTS
        text = calendars.feed(agency, queries.in_feed(agency, now=NOW), name="Riverton")
    assert text.count("BEGIN:VEVENT") == 3


def test_lists_read_the_same_number_of_statements_for_few_and_many(
    agency: Agency, django_assert_num_queries: "object"
) -> None:
    west = area_of(agency, "west")
    for _number in range(5):
        announced(agency, area_ids=[west.pk])
    with django_assert_num_queries(2):  # type: ignore[operator]
        for meeting in queries.upcoming(agency, now=NOW, area=west):
            assert [row.area.name for row in meeting.areas.all()] == ["West"]
            assert meeting.agency.name
