"""What reaches people's mailboxes, through the outbox and a real mail server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail

from engagement.outbox.actions.delivery import sweep
from engagement.outbox.letters import compose
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.outbox.states import State
from engagement.people.identity import address_for_delivery
from engagement.places.models import Agency
from meetings.models import Meeting, Rsvp
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
    only_answer,
    withdrew,
)
from tests.meetings.mailbox import Part, part_of

EVENING_BEFORE = datetime(2026, 12, 8, 0, 30, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def parts(sink: Sink) -> list[Part]:
    return [found for mail in sink.received if (found := part_of(mail))]


def kinds_sent() -> list[str]:
    sent = Message.objects.filter(state=State.SENT).order_by("finished_at", "due_at", "position")
    return [message.kind.removeprefix("meetings.") for message in sent]


def state_of(kind: str) -> str:
    return Message.objects.get(kind=f"meetings.{kind}").state


def test_a_confirmation_says_where_and_when_and_enters_the_calendar(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting, party_size=3)
    sweep(now=NOW)

    (mail,) = sink.received
    assert mail.reader == "ana@example.org"
    assert mail.subject == "You are coming: Town hall on Grand"
    for words in (mail.part("plain"), mail.part("html")):
        assert "3 people are coming" in words
        assert "Tuesday, December 8, 2026" in words
        assert "6:30 PM to 8:00 PM CST" in words
        assert "Carpenter Library" in words
        assert "/meetings/rsvp/" in words
    types = [part.get_content_type() for part in mail.letter.iter_parts()]
    assert types == ["text/plain", "text/html", "text/calendar"]


def test_the_calendar_part_names_its_reader_and_the_time_at_the_place(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting)
    sweep(now=NOW)

    (part,) = parts(sink)
    assert (part.method, part.method_of_type, part.status) == ("REQUEST", "REQUEST", "CONFIRMED")
    assert (part.uid, part.sequence) == (meeting.uid, 0)
    assert part.attendees == ("mailto:ana@example.org",)
    assert part.organiser == "mailto:portal@example.gov"
    assert part.zones == ("America/Chicago",)
    assert "DTSTART;TZID=America/Chicago:20261208T183000" in part.text
    assert part.starts_at == meeting.starts_at
    assert max(len(line) for line in part.text.encode().split(b"\r\n")) <= 75
    assert len(part.text) < 2500
    assert "token" not in part.text
    assert "/rsvp/" not in part.text


def test_a_mail_is_in_the_language_of_its_reader(meeting: Meeting, sink: Sink) -> None:
    answered(meeting, language="es")
    sweep(now=NOW)
    (mail,) = sink.received
    assert "Reunión en Grand" in mail.subject
    assert "SUMMARY:Reunión en Grand" in parts(sink)[0].text


def test_the_way_in_is_told_to_who_comes(agency: Agency, sink: Sink) -> None:
    meeting = announced(agency, when=replace(LIBRARY, mode="hybrid", joining=ZOOM))
    receipt = answered(meeting)
    sweep(now=NOW)
    (mail,) = sink.received
    assert ZOOM.url in mail.part("plain")
    assert ZOOM.phone in mail.part("plain")
    assert ZOOM.url in parts(sink)[0].text.replace("\r\n ", "")
    assert receipt.joining is not None


def test_the_reminder_leaves_at_half_past_six_of_the_day_before_once(
    meeting: Meeting, sink: Sink
) -> None:
    for name in ("ana", "bo"):
        answered(meeting, f"{name}@example.org")
    sweep(now=NOW)
    sink.received.clear()

    sweep(now=EVENING_BEFORE - A_SECOND)
    assert sink.received == []
    sweep(now=EVENING_BEFORE)
    sweep(now=EVENING_BEFORE + timedelta(minutes=1))

    assert sorted(sink.readers) == ["ana@example.org", "bo@example.org"]
    assert {mail.subject for mail in sink.received} == {"Soon: Town hall on Grand"}
    assert parts(sink) == []


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (datetime(2026, 11, 1, 18, 30), datetime(2026, 10, 31, 23, 30, tzinfo=UTC)),
        (datetime(2027, 3, 14, 18, 30), datetime(2027, 3, 14, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_reminder_keeps_the_wall_time_when_clocks_change_in_between(
    agency: Agency, sink: Sink, starts: datetime, due: datetime
) -> None:
    long_before = datetime(2026, 10, 1, tzinfo=UTC)
    meeting = announced(agency, now=long_before, when=replace(LIBRARY, starts_wall=starts))
    answered(meeting, now=long_before)
    sweep(now=long_before)
    sink.received.clear()
    sweep(now=due - A_SECOND)
    assert sink.received == []
    sweep(now=due)
    assert len(sink.received) == 1
    assert "6:30 PM" in sink.received[0].part("plain")


def test_who_answers_late_is_reminded_two_hours_before(meeting: Meeting, sink: Sink) -> None:
    answered(meeting, now=EVENING_BEFORE + timedelta(hours=1))
    sweep(now=meeting.starts_at - timedelta(hours=2, seconds=1))
    assert kinds_sent() == ["rsvp"]
    sweep(now=meeting.starts_at - timedelta(hours=2))
    assert kinds_sent() == ["rsvp", "reminder"]


def test_who_answers_at_the_last_hour_gets_no_stale_reminder(meeting: Meeting, sink: Sink) -> None:
    at = meeting.starts_at - timedelta(hours=1)
    answered(meeting, now=at)
    sweep(now=at)
    sweep(now=meeting.starts_at)
    assert kinds_sent() == ["rsvp"]
    assert not Message.objects.filter(kind="meetings.reminder").exists()


def test_a_reminder_that_could_not_leave_in_time_is_left_for_staff_to_see(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting)
    sweep(now=NOW)
    sweep(now=meeting.starts_at + A_SECOND)
    assert len(sink.received) == 1
    assert state_of("reminder") == State.EXPIRED


def test_a_reminder_whose_line_broke_is_not_sent_again(meeting: Meeting, sink: Sink) -> None:
    answered(meeting)
    sweep(now=NOW)
    sink.drop_after_data()
    sweep(now=EVENING_BEFORE)
    sweep(now=EVENING_BEFORE + timedelta(hours=3))
    assert state_of("reminder") == State.UNKNOWN
    assert len(sink.received) == 2


def test_a_move_tells_old_and_new_and_only_the_new_reminder_leaves(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting)
    sweep(now=NOW)
    moved(meeting, starts_wall=STARTS + timedelta(days=7), place_name="City Hall")
    sweep(now=NOW)

    mail = sink.received[-1]
    words = mail.part("plain")
    assert mail.subject == "New time or place: Town hall on Grand"
    assert words.index("December 15, 2026") < words.index("December 8, 2026")
    assert words.index("City Hall") < words.index("Carpenter Library")
    first, second = parts(sink)
    assert (first.uid, first.sequence) == (meeting.uid, 0)
    assert (second.uid, second.sequence, second.method) == (meeting.uid, 1, "REQUEST")
    assert "City Hall" in second.location

    sweep(now=EVENING_BEFORE)
    assert kinds_sent() == ["rsvp", "moved"]
    sweep(now=EVENING_BEFORE + timedelta(days=7))
    assert kinds_sent() == ["rsvp", "moved", "reminder"]
    assert "December 15, 2026" in sink.received[-1].part("plain")


def test_of_two_quick_moves_only_the_last_is_told_against_what_the_reader_knows(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting)
    sweep(now=NOW)
    moved(meeting, starts_wall=STARTS + timedelta(days=1), place_name="First Church")
    moved(meeting, starts_wall=STARTS + timedelta(days=2), place_name="City Hall")
    sweep(now=NOW)
    moved(meeting, starts_wall=STARTS + timedelta(days=3), place_name="School")
    sweep(now=NOW)

    told = [mail.part("plain") for mail in sink.received[1:]]
    assert len(told) == 2
    assert "December 10, 2026" in told[0]
    assert "December 8, 2026" in told[0]
    assert "December 11, 2026" in told[1]
    assert "December 10, 2026" in told[1]
    assert not any("First Church" in words for words in told)
    assert [part.sequence for part in parts(sink)] == [0, 2, 3]


def test_a_confirmation_that_waited_tells_the_time_of_now(meeting: Meeting, sink: Sink) -> None:
    answered(meeting)
    moved(meeting, starts_wall=STARTS + timedelta(days=1))
    sweep(now=NOW)
    assert all("December 9, 2026" in mail.part("plain") for mail in sink.received)
    assert {part.sequence for part in parts(sink)} == {1}


def test_after_a_cancellation_nothing_but_the_cancellation_leaves(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting)
    sweep(now=NOW)
    answered(meeting, "late@example.org")
    moved(meeting, starts_wall=STARTS + timedelta(days=1))
    cancelled(meeting)
    for days in (0, 35, 36, 37):
        sweep(now=NOW + timedelta(days=days))

    assert sorted(kinds_sent()) == ["cancelled", "cancelled", "rsvp"]
    mail = next(mail for mail in sink.received[1:] if mail.reader == "ana@example.org")
    assert mail.subject == "Cancelled: Town hall on Grand"
    assert "The hall has no heating." in mail.part("plain")
    part = part_of(mail)
    assert part is not None
    assert (part.method, part.method_of_type, part.status) == ("CANCEL", "CANCEL", "CANCELLED")
    assert (part.uid, part.sequence) == (meeting.uid, 2)
    assert part.attendees == ("mailto:ana@example.org",)


def test_who_does_not_come_is_cleared_from_the_calendar_and_hears_no_more(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting)
    sweep(now=NOW)
    withdrew(only_answer(meeting))
    sweep(now=NOW)
    moved(meeting, starts_wall=STARTS + timedelta(days=1))
    cancelled(meeting)
    sweep(now=NOW + timedelta(days=35))

    assert kinds_sent() == ["rsvp", "rsvp_withdrawn"]
    part = parts(sink)[-1]
    assert (part.method, part.sequence) == ("CANCEL", 1)


def test_who_comes_back_before_the_mail_left_gets_no_cancellation(
    meeting: Meeting, sink: Sink
) -> None:
    answered(meeting, key="first")
    sweep(now=NOW)
    withdrew(only_answer(meeting))
    answered(meeting, key="second")
    sweep(now=NOW)
    assert [(part.method, part.sequence) for part in parts(sink)] == [
        ("REQUEST", 0),
        ("REQUEST", 2),
    ]
    sweep(now=EVENING_BEFORE)
    assert kinds_sent() == ["rsvp", "rsvp", "reminder"]


def test_a_cancellation_without_a_mail_server_arrives_later(meeting: Meeting, sink: Sink) -> None:
    answered(meeting)
    sweep(now=NOW)
    cancelled(meeting)
    sink.drop_after_data()
    sweep(now=NOW)
    sweep(now=NOW + timedelta(hours=2))
    assert state_of("cancelled") == State.SENT
    assert len({mail.letter["Message-ID"] for mail in sink.received}) == 2


def test_other_mail_backends_get_the_same_three_parts(meeting: Meeting) -> None:
    answered(meeting)
    message = Message.objects.get(kind="meetings.rsvp")
    address = address_for_delivery(Rsvp.objects.get().contact_id or 0)
    assert address is not None
    letter = compose(message, kind_named(message.kind), address, now=NOW)
    django_mail.get_connection("django.core.mail.backends.locmem.EmailBackend").send_messages(
        [letter.as_email()]
    )
    content = django_mail.outbox[0].message()
    types = [part.get_content_type() for part in content.walk()]
    assert types[-3:] == ["text/plain", "text/html", "text/calendar"]
    assert list(content.walk())[-1].get_param("method") == "REQUEST"


@pytest.mark.parametrize("kind", ["reminder", "moved"])
def test_what_was_written_for_an_older_time_never_leaves_even_if_nobody_took_it_back(
    meeting: Meeting, sink: Sink, kind: str
) -> None:
    answered(meeting)
    moved(meeting, starts_wall=STARTS + timedelta(days=1))
    moved(meeting, starts_wall=STARTS + timedelta(days=9))
    for old in Message.objects.filter(kind=f"meetings.{kind}", state=State.SUPERSEDED):
        Message.objects.filter(pk=old.pk).update(state=State.PLANNED, try_at=NOW, finished_at=None)
    sweep(now=NOW)
    assert all("December 17" in mail.part("plain") for mail in sink.received)
    assert sorted(kinds_sent()) == ["moved", "rsvp"]
