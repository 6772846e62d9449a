"""Several people and several workers at the same moment; commits are real here."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections

from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Message
from engagement.outbox.states import State
from meetings.actions.answering import CannotRsvp
from meetings.clock import instant_of
from meetings.models import Meeting, Rsvp
from tests.engagement.outbox.sink import Sink
from tests.meetings.conftest import (
    NOW,
    STARTS,
    announced,
    answered,
    cancelled,
    found_agency,
    moved,
    seats,
    withdrew,
)
from tests.meetings.mailbox import part_of
from tests.meetings.test_mails import EVENING_BEFORE

PATIENCE = 30
T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T | Exception]:
    """Run all at the same moment, each with a connection of its own; a refusal is a result."""
    together = Barrier(len(works))

    def one(work: Callable[[], T]) -> T | Exception:
        together.wait(PATIENCE)
        try:
            return work()
        except CannotRsvp as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [found.result(PATIENCE) for found in [pool.submit(one, work) for work in works]]


def in_thread(pool: ThreadPoolExecutor, work: Callable[[], T]) -> "Future[T]":
    def then_close() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return pool.submit(then_close)


@pytest.fixture
def hall(committed_database: str) -> Meeting:
    """A meeting with three seats, in a database where commits are real."""
    return announced(found_agency(), capacity=3)


def test_the_last_seat_is_given_once(hall: Meeting) -> None:
    answered(hall, "first@example.org", party_size=2)
    found = at_once(*(lambda n=n: answered(hall, f"r{n}@example.org") for n in range(6)))
    refused = [one for one in found if isinstance(one, CannotRsvp)]
    assert [one.reason for one in refused] == ["full"] * 5
    assert seats(hall) == 3
    assert Rsvp.objects.filter(meeting=hall).count() == 2


def test_a_double_tap_is_one_answer(hall: Meeting) -> None:
    found = at_once(*[lambda: answered(hall, None, key="one form")] * 4)
    assert len({getattr(one, "token", one) for one in found}) == 1
    assert seats(hall) == 1
    assert Rsvp.objects.count() == 1


def test_one_address_in_two_forms_is_one_answer(hall: Meeting) -> None:
    at_once(*(lambda n=n: answered(hall, "ana@example.org", key=f"form {n}") for n in range(3)))
    assert seats(hall) == 1
    assert Rsvp.objects.count() == 1


def test_withdrawing_twice_at_once_gives_the_seats_back_once(hall: Meeting) -> None:
    answered(hall, "ana@example.org", party_size=2)
    answered(hall, "bo@example.org")
    rsvp = Rsvp.objects.get(party_size=2)
    at_once(*[lambda: withdrew(rsvp)] * 3)
    assert seats(hall) == 1
    assert Message.objects.filter(kind="meetings.rsvp_withdrawn").count() == 1


def test_an_answer_while_the_meeting_moves_is_told_the_new_time(hall: Meeting, sink: Sink) -> None:
    at_once(
        lambda: answered(hall, "ana@example.org"),
        lambda: moved(hall, starts_wall=STARTS + timedelta(days=1)),
    )
    for days in (0, 35, 36):
        sweep(now=NOW + timedelta(days=days))
    last = [part for mail in sink.received if (part := part_of(mail))][-1]
    assert last.sequence == 1
    assert last.starts_at.day == 9
    reminders = [mail for mail in sink.received if mail.subject.startswith("Soon")]
    assert len(reminders) == 1
    assert "December 9, 2026" in reminders[0].part("plain")


def test_a_cancellation_follows_the_reminder_that_is_on_its_way(hall: Meeting, sink: Sink) -> None:
    answered(hall, "ana@example.org")
    sweep(now=NOW)
    sink.pause()
    with ThreadPoolExecutor(1) as pool:
        sending = in_thread(pool, lambda: sweep(now=EVENING_BEFORE))
        assert sink.has_text.wait(PATIENCE)
        cancelled(hall, now=EVENING_BEFORE + timedelta(seconds=20))
        assert sweep(now=EVENING_BEFORE + timedelta(seconds=30)) == 0
        assert len(sink.received) == 2, "the second text came before the first was answered"
        sink.resume()
        sending.result(PATIENCE)
    sweep(now=EVENING_BEFORE + timedelta(minutes=1))
    subjects = [mail.subject.split(":")[0] for mail in sink.received]
    assert subjects == ["You are coming", "Soon", "Cancelled"]


def test_a_withdrawal_follows_the_reminder_that_is_on_its_way(hall: Meeting, sink: Sink) -> None:
    """Its own moment is cut to the hour, which lies before the reminder's."""
    answered(hall, "ana@example.org")
    sweep(now=NOW)
    sink.pause()
    with ThreadPoolExecutor(1) as pool:
        sending = in_thread(pool, lambda: sweep(now=EVENING_BEFORE))
        assert sink.has_text.wait(PATIENCE)
        withdrew(Rsvp.objects.get(), now=EVENING_BEFORE + timedelta(seconds=20))
        assert sweep(now=EVENING_BEFORE + timedelta(seconds=30)) == 0
        assert len(sink.received) == 2, "the second text came before the first was answered"
        sink.resume()
        sending.result(PATIENCE)
    sweep(now=EVENING_BEFORE + timedelta(minutes=1))
    subjects = [mail.subject.split(":")[0] for mail in sink.received]
    assert subjects == ["You are coming", "Soon", "You are not coming"]


def test_a_confirmation_that_waits_behind_others_tells_the_time_of_its_own_moment(
    hall: Meeting, sink: Sink
) -> None:
    for number in range(3):
        answered(hall, f"r{number}@example.org")
    sink.pause()
    with ThreadPoolExecutor(1) as pool:
        sending = in_thread(pool, lambda: sweep(now=NOW))
        assert sink.has_text.wait(PATIENCE)
        moved(hall, starts_wall=STARTS + timedelta(days=1))
        sink.resume()
        sending.result(PATIENCE)
    sweep(now=NOW + timedelta(minutes=1))
    confirmations = [mail for mail in sink.received if mail.subject.startswith("You are")]
    days = ["December 9" in mail.part("plain") for mail in confirmations]
    assert days == [False, True, True]
    assert {days[-1] for days in told_days(sink).values()} == {9}


def test_while_it_moves_and_workers_run_nobody_is_told_an_old_time_after_the_new(
    hall: Meeting, sink: Sink
) -> None:
    Meeting.objects.filter(pk=hall.pk).update(capacity=None)
    for number in range(25):
        answered(hall, f"r{number}@example.org")
    sweep(now=NOW)
    # Where reminders are due at once: what was planned for the old evening must not leave.
    now = EVENING_BEFORE

    def move_twice() -> int:
        moved(hall, starts_wall=STARTS + timedelta(days=1), now=now)
        moved(hall, starts_wall=STARTS + timedelta(days=2), now=now)
        return 0

    at_once(move_twice, *[lambda: sweep(now=now)] * 2)
    sweep(now=now + timedelta(minutes=1))
    sink_days = told_days(sink)
    assert all(days == sorted(days) for days in sink_days.values())
    assert {days[-1] for days in sink_days.values()} == {10}

    cancelled(hall, now=now + timedelta(minutes=2))
    sweep(now=now + timedelta(minutes=2))
    count = len(sink.received)
    for days in (1, 2, 3):
        sweep(now=now + timedelta(days=days))
    assert len(sink.received) == count
    assert {mail.subject.split(":")[0] for mail in sink.received[-25:]} == {"Cancelled"}
    assert set(Counter(mail.letter["Message-ID"] for mail in sink.received).values()) == {1}


def test_three_workers_send_each_reminder_once(hall: Meeting, sink: Sink) -> None:
    Meeting.objects.filter(pk=hall.pk).update(capacity=None)
    for number in range(40):
        answered(hall, f"r{number}@example.org")
    sweep(now=NOW)
    sink.received.clear()
    at_once(*[lambda: sweep(now=EVENING_BEFORE)] * 3)
    assert Counter(sink.readers) == {f"r{number}@example.org": 1 for number in range(40)}
    assert Message.objects.filter(kind="meetings.reminder", state=State.SENT).count() == 40


def told_days(sink: Sink) -> dict[str, list[int]]:
    """The days of December that each reader was told, in the order of their mails."""
    told: dict[str, list[int]] = {}
    for mail in sink.received:
        found = re.search(r"December (\d+), 2026", mail.part("plain"))
        assert found is not None
        told.setdefault(mail.reader, []).append(int(found[1]))
    return told


def test_the_evening_before_is_the_moment_that_these_tests_mean(hall: Meeting) -> None:
    evening = STARTS.replace(day=7, hour=18, minute=30)
    assert instant_of(evening, hall.zone) == EVENING_BEFORE
