"""What organisers can do with a meeting, and what they are told when they cannot."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.places.models import Agency
from engagement.places.wording import Wording
from meetings.actions import planning
from meetings.actions.ground import StaleMeeting
from meetings.actions.planning import CannotPlan, Change, WayIn
from meetings.models import Joining, Meeting, MeetingArea, Rsvp, Schedule
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
    details,
    drafted,
    found_agency,
    moved,
)


def events() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def test_a_draft_keeps_wall_time_zone_and_the_instant_that_follows(agency: Agency) -> None:
    meeting = drafted(agency)
    meeting.refresh_from_db()

    assert meeting.starts_wall == STARTS
    assert meeting.timezone == "America/Chicago"
    assert meeting.starts_at == datetime(2026, 12, 9, 0, 30, tzinfo=UTC)
    assert meeting.ends_at == meeting.starts_at + timedelta(minutes=90)
    assert meeting.slug == "town-hall-on-grand-2026-12-08"
    assert (meeting.state, meeting.revision, meeting.announced_on) == ("draft", 0, None)
    assert events() == ["MEETING_DRAFTED"]


def test_two_meetings_of_one_name_and_day_have_links_of_their_own(agency: Agency) -> None:
    first, second = drafted(agency), drafted(agency)
    assert first.slug != second.slug
    assert second.slug.startswith("town-hall-on-grand-2026-12-08-")
    assert first.uid != second.uid


def test_a_meeting_in_a_skipped_hour_starts_an_hour_later_for_everybody(agency: Agency) -> None:
    meeting = drafted(agency, when=replace(LIBRARY, starts_wall=datetime(2027, 3, 14, 2, 30)))
    assert meeting.starts_at == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)


def test_announcing_remembers_what_people_are_told(agency: Agency) -> None:
    meeting = announced(agency)
    assert meeting.announced_on == NOW.date()
    assert meeting.version == 2
    schedule = Schedule.objects.get(meeting=meeting)
    assert (schedule.revision, schedule.starts_wall) == (0, STARTS)


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (replace(LIBRARY, starts_wall=datetime(2026, 11, 3, 11, 23)), "past"),
        (replace(LIBRARY, minutes=0), "minutes"),
        (replace(LIBRARY, minutes=1441), "minutes"),
        (replace(LIBRARY, place_name=" "), "no_place"),
        (replace(LIBRARY, mode="online"), "no_way_in"),
        (replace(LIBRARY, mode="hybrid"), "no_way_in"),
    ],
)
def test_a_meeting_that_nobody_could_come_to_is_refused_in_words(
    agency: Agency, when: Change, reason: str
) -> None:
    with pytest.raises(CannotPlan) as refusal:
        drafted(agency, when=when)
    assert refusal.value.reason == reason
    assert str(refusal.value).endswith(".")
    assert not Meeting.objects.exists()
    assert events() == []


def test_areas_of_another_agency_are_refused(agency: Agency) -> None:
    theirs = area_of(found_agency("elsewhere"), "west")
    with pytest.raises(CannotPlan, match="this agency"):
        drafted(agency, area_ids=[theirs.pk])
    own = drafted(agency, area_ids=[area_of(agency, "west").pk])
    with pytest.raises(CannotPlan):
        planning.edit(
            meeting=own,
            version=own.version,
            details=details(area_ids=[theirs.pk]),
            by=STAFF,
            now=NOW,
        )
    assert MeetingArea.objects.get().area == area_of(agency, "west")


def test_the_database_refuses_links_into_another_agency(agency: Agency) -> None:
    theirs = area_of(found_agency("elsewhere"), "west")
    own = drafted(agency)
    for row in (
        MeetingArea(agency=agency, meeting=own, area=theirs),
        Rsvp(agency=theirs.agency, meeting=own, created_at=NOW, updated_at=NOW),
        Joining(agency=theirs.agency, meeting=own),
    ):
        with pytest.raises(IntegrityError):
            save_at_once(row)


def save_at_once(row: Model) -> None:
    """Links are checked at the end of a transaction; this asks for it at once."""
    with transaction.atomic():
        row.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_of_two_organisers_at_once_the_second_sees_the_first_ones_change(agency: Agency) -> None:
    seen = drafted(agency)
    first = planning.edit(meeting=seen, version=1, details=details(capacity=40), by=STAFF, now=NOW)
    with pytest.raises(StaleMeeting) as stale:
        planning.edit(meeting=seen, version=1, details=details(capacity=9), by=STAFF, now=NOW)
    assert stale.value.current.capacity == 40
    assert stale.value.seen_version == 1
    assert Meeting.objects.get().version == first.version == 2


def test_an_answer_does_not_make_an_organisers_page_stale(meeting: Meeting) -> None:
    answered(meeting)
    edited = planning.edit(
        meeting=meeting, version=meeting.version, details=details(), by=STAFF, now=NOW
    )
    edited.refresh_from_db()
    assert edited.seats_taken == 1


def test_words_change_without_a_mail_and_time_only_by_moving(meeting: Meeting) -> None:
    answered(meeting)
    mails = Message.objects.count()
    words = details(title=Wording({"en": "Another name"}))
    edited = planning.edit(
        meeting=meeting, version=meeting.version, details=words, by=STAFF, now=NOW
    )
    assert edited.revision == 0
    assert edited.slug == meeting.slug
    for when in (
        replace(LIBRARY, minutes=60),
        replace(LIBRARY, starts_wall=STARTS + timedelta(days=1)),
        replace(LIBRARY, place_address="elsewhere"),
        replace(LIBRARY, mode="hybrid", joining=ZOOM),
    ):
        with pytest.raises(CannotPlan) as refusal:
            planning.edit(
                meeting=edited,
                version=edited.version,
                details=details(when=when),
                by=STAFF,
                now=NOW,
            )
        assert refusal.value.reason == "use_move"
    assert Message.objects.count() == mails


def test_fewer_seats_than_are_taken_are_refused(meeting: Meeting) -> None:
    answered(meeting, party_size=4)
    with pytest.raises(CannotPlan) as refusal:
        planning.edit(
            meeting=meeting,
            version=meeting.version,
            details=details(capacity=3),
            by=STAFF,
            now=NOW,
        )
    assert refusal.value.reason == "capacity"


def test_a_move_raises_the_revision_and_keeps_both_times(meeting: Meeting) -> None:
    later = moved(meeting, starts_wall=STARTS + timedelta(days=7), place_name="City Hall")
    later.refresh_from_db()
    assert later.revision == 1
    assert later.slug == meeting.slug
    assert later.uid == meeting.uid
    assert later.starts_at == meeting.starts_at + timedelta(days=7)
    told = Schedule.objects.filter(meeting=meeting).order_by("revision")
    assert [row.place_name for row in told] == ["Carpenter Library", "City Hall"]


def test_moving_to_where_it_is_already_tells_nobody(meeting: Meeting) -> None:
    answered(meeting)
    mails = Message.objects.count()
    with pytest.raises(CannotPlan) as refusal:
        moved(meeting)
    assert refusal.value.reason == "same"
    assert Message.objects.count() == mails


def test_a_way_in_is_kept_apart_and_goes_with_the_online_part(agency: Agency) -> None:
    meeting = announced(agency, when=replace(LIBRARY, mode="hybrid", joining=ZOOM))
    assert Joining.objects.get(meeting=meeting).url == ZOOM.url
    other = WayIn("https://meet.example.gov/j/9")
    changed = moved(meeting, mode="online", joining=other)
    assert changed.revision == 1
    assert (changed.place_name, changed.place_address) == ("", "")
    assert Joining.objects.get(meeting=meeting).url == other.url
    moved(meeting)
    assert not Joining.objects.exists()


def test_nothing_happens_twice_or_too_late(meeting: Meeting) -> None:
    with pytest.raises(CannotPlan):
        planning.announce(meeting=meeting, version=meeting.version, by=STAFF, now=NOW)
    off = cancelled(meeting)
    verbs: list[Callable[[], Meeting]] = [
        lambda: cancelled(meeting),
        lambda: moved(meeting, minutes=30),
    ]
    for verb in verbs:
        with pytest.raises(CannotPlan) as refusal:
            verb()
        assert refusal.value.reason == "not_now"
    with pytest.raises(CannotPlan):
        planning.edit(meeting=off, version=off.version, details=details(), by=STAFF, now=NOW)
    with pytest.raises(CannotPlan):
        planning.discard(meeting=off, version=off.version, by=STAFF, now=NOW)
    assert off.revision == 1


def test_what_is_over_can_be_neither_moved_nor_cancelled(meeting: Meeting) -> None:
    after = meeting.ends_at
    with pytest.raises(CannotPlan):
        cancelled(meeting, now=after)
    with pytest.raises(CannotPlan):
        moved(meeting, starts_wall=STARTS + timedelta(days=30), now=after)


def test_cancelling_without_a_reason_is_refused(meeting: Meeting) -> None:
    with pytest.raises(CannotPlan) as refusal:
        planning.cancel(
            meeting=meeting, version=meeting.version, reason=Wording(), by=STAFF, now=NOW
        )
    assert refusal.value.reason == "no_reason"


def test_a_draft_is_thrown_away_and_history_says_so(agency: Agency) -> None:
    meeting = drafted(agency, area_ids=[area_of(agency, "west").pk])
    planning.discard(meeting=meeting, version=meeting.version, by=STAFF, now=NOW)
    assert not Meeting.objects.exists()
    assert events() == ["MEETING_DRAFTED", "MEETING_DISCARDED"]


def test_a_draft_whose_day_has_passed_cannot_be_announced(agency: Agency) -> None:
    meeting = drafted(agency)
    with pytest.raises(CannotPlan) as refusal:
        planning.announce(meeting=meeting, version=meeting.version, by=STAFF, now=meeting.starts_at)
    assert refusal.value.reason == "past"
    assert not Schedule.objects.exists()


def test_answers_close_as_long_before_the_new_start(agency: Agency) -> None:
    meeting = announced(agency, closes_hours=48)
    assert meeting.closes_at == meeting.starts_at - timedelta(hours=48)
    later = moved(meeting, starts_wall=STARTS + timedelta(days=7))
    assert later.closes_at == meeting.closes_at + timedelta(days=7)


def test_history_tells_who_did_what_without_a_word_of_the_meeting(agency: Agency) -> None:
    meeting = announced(agency)
    moved(meeting, minutes=60)
    cancelled(meeting)
    assert events() == [
        "MEETING_DRAFTED",
        "MEETING_ANNOUNCED",
        "MEETING_MOVED",
        "MEETING_CANCELLED",
    ]
    assert set(Entry.objects.values_list("subject_reference", flat=True)) == {meeting.reference}
