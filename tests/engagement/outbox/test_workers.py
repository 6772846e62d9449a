"""Several workers at once, and workers that die; commits are real here."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connections, transaction

from engagement.outbox.actions import withdraw
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Message
from engagement.outbox.states import State
from portal.environment import ROOT
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import meet_reader, queue_notice, row, state_of
from tests.engagement.outbox.sink import Sink
from tests.engagement.outbox.test_planning import CONCERN

PATIENCE = 30
WORKER = "tests.engagement.outbox.worker"


def in_thread(pool: ThreadPoolExecutor, work: Callable[[], int]) -> "Future[int]":
    def then_close() -> int:
        try:
            return work()
        finally:
            connections.close_all()

    return pool.submit(then_close)


def killed_while_sending(sink: Sink, database: str, moment: datetime) -> None:
    """Start a worker, wait until it has handed over a text, and kill it before the answer."""
    sink.pause()
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.engagement.outbox.worker",
            str(sink.port),
            moment.isoformat(),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PORTAL_VAR": str(settings.VAR),
            "PORTAL_DATABASE": database,
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        assert sink.has_text.wait(PATIENCE), "the worker never sent anything"
    finally:
        worker.kill()
        worker.wait()
        sink.resume()


def test_sweeps_at_once_deliver_each_message_once(
    committed_database: str, sink: Sink, now: datetime
) -> None:
    for number in range(120):
        queue_notice(meet_reader(f"reader{number}"))
    together = Barrier(3)

    def work() -> int:
        together.wait(PATIENCE)
        return sweep(now=now)

    with ThreadPoolExecutor(3) as pool:
        sent = [in_thread(pool, work) for _worker in range(3)]
        assert sum(found.result(PATIENCE) for found in sent) == 120

    assert set(Counter(sink.readers).values()) == {1}
    assert len(sink.received) == 120
    assert Message.objects.filter(state=State.SENT, attempts=1).count() == 120


def test_a_killed_worker_loses_nothing_and_sends_no_reminder_twice(
    committed_database: str, sink: Sink, now: datetime, later: datetime
) -> None:
    reminder = queue_notice(meet_reader("ana"), kind=kinds.REMINDER)
    others = [
        queue_notice(meet_reader(f"reader{number}"), now=now + timedelta(seconds=1 + number))
        for number in range(4)
    ]

    killed_while_sending(sink, committed_database, now + timedelta(minutes=1))

    assert state_of(reminder) == State.SENDING
    sweep(now=later)
    assert row(reminder).state == State.UNKNOWN
    assert {state_of(other) for other in others} == {State.SENT}
    assert set(Counter(sink.readers).values()) == {1}
    assert len(sink.received) == 5


def test_an_answer_in_a_killed_workers_hands_arrives_all_the_same(
    committed_database: str, sink: Sink, now: datetime, later: datetime
) -> None:
    answer = queue_notice(meet_reader("ana"))

    killed_while_sending(sink, committed_database, now)
    sweep(now=later)

    assert state_of(answer) == State.SENT
    assert len(sink.received) == 2
    assert len({mail.letter["Message-ID"] for mail in sink.received}) == 1


def test_a_cancellation_follows_the_reminder_that_is_on_its_way(
    committed_database: str, sink: Sink, now: datetime, later: datetime
) -> None:
    reader = meet_reader()
    reminder = queue_notice(reader, "reminder", kind=kinds.REMINDER)
    sink.pause()

    with ThreadPoolExecutor(1) as pool:
        first = in_thread(pool, lambda: sweep(now=now))
        assert sink.has_text.wait(PATIENCE)
        with transaction.atomic():
            assert withdraw(subject=CONCERN, now=now) == 0
            cancelled = queue_notice(reader, "cancelled", now=now + timedelta(seconds=1))
        assert sweep(now=now + timedelta(seconds=2)) == 0
        assert len(sink.received) == 1
        sink.resume()
        first.result(PATIENCE)
    sweep(now=now + timedelta(seconds=3))

    assert [mail.subject for mail in sink.received] == ["January: reminder", "January: cancelled"]
    assert state_of(reminder) == state_of(cancelled) == State.SENT


def test_no_lock_is_held_while_the_mail_server_thinks(
    committed_database: str, sink: Sink, now: datetime
) -> None:
    message = queue_notice(meet_reader())
    sink.pause()

    with ThreadPoolExecutor(1) as pool:
        first = in_thread(pool, lambda: sweep(now=now))
        assert sink.has_text.wait(PATIENCE)
        with transaction.atomic():
            locked = Message.objects.select_for_update(nowait=True).get(pk=row(message).pk)
        sink.resume()
        first.result(PATIENCE)

    assert locked.state == State.SENDING
    assert state_of(message) == State.SENT


def test_later_notices_wait_for_an_earlier_one_that_is_tried_again(
    committed_database: str, sink: Sink, now: datetime, later: datetime
) -> None:
    reader = meet_reader()
    sink.refuse("RCPT", "451 greylisted")
    queue_notice(reader, "first")
    queue_notice(reader, "second", now=now)
    elsewhere = queue_notice(reader, "elsewhere", subject="9Z3M9QXT2D")

    sweep(now=now + timedelta(seconds=1))

    assert [mail.subject for mail in sink.received] == ["January: elsewhere"]
    assert state_of(elsewhere) == State.SENT
    sweep(now=later)
    assert [mail.subject for mail in sink.received[1:]] == ["January: first", "January: second"]


def test_a_reminder_far_ahead_does_not_hold_up_todays_notice(
    committed_database: str, sink: Sink, now: datetime
) -> None:
    reader = meet_reader()
    queue_notice(reader, "ahead", due_at=now + timedelta(days=3))
    queue_notice(reader, "today")

    assert sweep(now=now) == 1

    assert [mail.subject for mail in sink.received] == ["January: today"]


@pytest.mark.parametrize("kind", [kinds.REMINDER, kinds.ANSWER])
def test_a_slow_worker_whose_lease_ended_starts_nothing(
    committed_database: str, sink: Sink, now: datetime, kind: kinds.Kind
) -> None:
    for number in range(2):
        queue_notice(meet_reader(f"reader{number}"), kind=kind)
    sink.pause()

    with ThreadPoolExecutor(1) as pool:
        slow = in_thread(pool, lambda: sweep(now=now))
        assert sink.has_text.wait(PATIENCE)
        # What the slow worker holds and has not begun is long overdue for somebody else.
        Message.objects.filter(state=State.PLANNED).update(leased_until=now - timedelta(seconds=1))
        with ThreadPoolExecutor(1) as second:
            quick = in_thread(second, lambda: sweep(now=now))
            sink.resume()
            assert quick.result(PATIENCE) + slow.result(PATIENCE) == 2

    assert set(Counter(sink.readers).values()) == {1}
