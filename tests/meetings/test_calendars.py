"""Files and feeds for everybody, and the calendar of one reader through all that can happen."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from icalendar import Calendar

from engagement.outbox.actions.delivery import sweep
from engagement.places.models import Agency
from meetings import calendars, queries
from meetings.actions.answering import CannotRsvp
from meetings.actions.planning import CannotPlan
from meetings.models import Meeting, Rsvp
from meetings.workflow import Going
from tests.engagement.outbox.sink import Sink
from tests.meetings.conftest import (
    LIBRARY,
    NOW,
    STARTS,
    ZOOM,
    announced,
    answered,
    cancelled,
    moved,
    withdrew,
)
from tests.meetings.mailbox import Client, part_of


def events_of(text: str) -> list[Any]:
    calendar: Any = Calendar.from_ical(text)
    assert str(calendar["method"]) == "PUBLISH"
    return list(calendar.walk("VEVENT"))


def test_a_file_of_a_meeting_names_nobody(agency: Agency) -> None:
    meeting = announced(agency, when=replace(LIBRARY, mode="hybrid", joining=ZOOM))
    answered(meeting)
    (event,) = events_of(calendars.one(meeting))
    assert "attendee" not in event
    assert "organizer" not in event
    assert ZOOM.url not in calendars.one(meeting)
    assert (str(event["uid"]), int(event["sequence"])) == (meeting.uid, 0)
    assert event["dtstart"].dt == meeting.starts_at
    assert str(event["location"]) == "Carpenter Library, 3309 S Grand Blvd"


def test_an_answer_does_not_change_a_public_file(meeting: Meeting) -> None:
    before = calendars.one(meeting)
    answered(meeting, party_size=4)
    meeting.refresh_from_db()
    assert calendars.one(meeting) == before


def test_a_feed_keeps_a_cancelled_meeting_for_thirty_days(agency: Agency) -> None:
    stays, off = announced(agency), cancelled(announced(agency))
    for days, known in ((0, 2), (29, 2), (31, 0)):
        rows = queries.in_feed(agency, now=off.ends_at + timedelta(days=days))
        found = events_of(calendars.feed(agency, rows, name="Riverton"))
        assert len(found) == known
    text = calendars.feed(agency, queries.in_feed(agency, now=NOW), name="Riverton")
    status = {str(event["uid"]): str(event["status"]) for event in events_of(text)}
    assert status == {stays.uid: "CONFIRMED", off.uid: "CANCELLED"}
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in text
    assert "X-PUBLISHED-TTL:PT6H" in text
    assert text.count("BEGIN:VTIMEZONE") == 1


@pytest.mark.parametrize("starts", [datetime(2026, 12, 8, 18, 30), datetime(2027, 7, 1, 18, 30)])
def test_the_zone_in_a_file_holds_the_rules_of_its_years(agency: Agency, starts: datetime) -> None:
    meeting = announced(agency, when=replace(LIBRARY, starts_wall=starts))
    text = calendars.one(meeting)
    calendar: Any = Calendar.from_ical(text)
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "America/Chicago"
    # Read by the rules that stand in the file, not by those of this machine.
    own = zone.to_tz()
    assert (
        starts.replace(tzinfo=own).utcoffset()
        == meeting.starts_at.astimezone(meeting.zone).utcoffset()
    )
    assert len(text) < 2500


def test_an_empty_feed_is_a_calendar(agency: Agency) -> None:
    assert events_of(calendars.feed(agency, [], name="Riverton")) == []


class Season(RuleBasedStateMachine):
    """Two readers, one meeting: answers, moves, cancellation and sweeps in any order."""

    agency: ClassVar[Agency]
    sink: ClassVar[Sink]
    meetings = 0

    def __init__(self) -> None:
        super().__init__()
        Season.meetings += 1
        self.number, self.forms = Season.meetings, 0
        self.now = NOW
        self.meeting = announced(self.agency, capacity=4)
        self.clients = [Client(f"{name}{self.number}@example.org") for name in ("ana", "bo")]
        self.seen = 0
        self.sequences: dict[str, list[int]] = {}
        # Where every walk begins: one comes and knows it.
        self.answer(0, 1)
        self.deliver(0)

    def rsvp_of(self, number: int) -> Rsvp | None:
        rows = Rsvp.objects.filter(meeting=self.meeting).order_by("pk")
        token = f"form of {number} "
        return next((row for row in rows if self.owners.get(row.pk, "").startswith(token)), None)

    owners: ClassVar[dict[int, str]] = {}

    @rule(number=st.integers(0, 1), party=st.integers(1, 3))
    def answer(self, number: int, party: int) -> None:
        self.forms += 1
        known = set(Rsvp.objects.filter(meeting=self.meeting).values_list("pk", flat=True))
        try:
            answered(
                self.meeting,
                self.clients[number].address,
                party_size=party,
                key=f"{self.number} {self.forms}",
                now=self.now,
            )
        except CannotRsvp:
            return
        for row in Rsvp.objects.filter(meeting=self.meeting).exclude(pk__in=known).order_by("pk"):
            self.owners[row.pk] = f"form of {number} "

    @rule(number=st.integers(0, 1))
    def withdraw(self, number: int) -> None:
        rsvp = self.rsvp_of(number)
        if rsvp is None:
            return
        try:
            withdrew(rsvp, now=self.now)
        except CannotRsvp:
            assert Meeting.objects.get(pk=self.meeting.pk).is_cancelled

    @rule(days=st.integers(0, 5), place=st.sampled_from(["Library", "City Hall"]))
    def move(self, days: int, place: str) -> None:
        starts_wall = STARTS + timedelta(days=days)
        with suppress(CannotPlan):
            moved(self.meeting, starts_wall=starts_wall, place_name=place, now=self.now)

    @rule()
    def cancel_now_and_then(self) -> None:
        if self.forms % 4 != 3:
            return
        try:
            cancelled(self.meeting, now=self.now)
        except CannotPlan:
            assert Meeting.objects.get(pk=self.meeting.pk).is_cancelled

    @rule()
    def refuse_for_a_while(self) -> None:
        self.sink.refuse("DATA", "451 later")

    @rule(minutes=st.integers(0, 90))
    def deliver(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        sweep(now=self.now)
        self.read()

    def read(self) -> None:
        fresh = self.sink.received[self.seen :]
        self.seen += len(fresh)
        for client in self.clients:
            client.receive(fresh)
        for mail in fresh:
            part = part_of(mail)
            if part is None or part.uid != self.meeting.uid:
                continue
            assert part.method == part.method_of_type
            assert part.attendees == (f"mailto:{mail.reader}",)
            self.sequences.setdefault(mail.reader, []).append(part.sequence)

    @invariant()
    def seats_are_those_of_who_comes(self) -> None:
        meeting = Meeting.objects.get(pk=self.meeting.pk)
        going = Rsvp.objects.filter(meeting=meeting, state=Going.GOING)
        assert meeting.seats_taken == sum(going.values_list("party_size", flat=True)) <= 4
        assert Rsvp.objects.filter(meeting=meeting).count() <= len(self.clients)

    @invariant()
    def what_calendars_hear_never_goes_back(self) -> None:
        assert all(found == sorted(found) for found in self.sequences.values())

    def teardown(self) -> None:
        """Let everything arrive: then every calendar shows what the database says."""
        self.sink.refuse_no_more()
        for hours in range(6, 54, 6):
            sweep(now=self.now + timedelta(hours=hours))
        self.read()
        meeting = Meeting.objects.get(pk=self.meeting.pk)
        for number, client in enumerate(self.clients):
            rsvp = self.rsvp_of(number)
            comes = rsvp is not None and rsvp.is_going and meeting.is_announced
            shown = client.shown.get(meeting.uid)
            assert (shown is not None) is comes, (client.address, client.entries)
            if shown is not None:
                assert shown.starts_at == meeting.starts_at
                assert meeting.place_name in shown.location
        self.sink.received.clear()


def test_every_calendar_ends_up_with_what_the_database_says(agency: Agency, sink: Sink) -> None:
    Season.agency, Season.sink = agency, sink
    run_state_machine_as_test(
        Season,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            # A failing walk is short enough to read; making it shorter takes minutes.
            phases=[Phase.generate],
        ),
    )
