from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from engagement.outbox import tasks
from engagement.outbox.actions.claims import claim_due
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.queries import dead_letters, health
from engagement.outbox.states import State
from tests.engagement.outbox.conftest import meet_agency, meet_reader, queue_notice
from tests.engagement.outbox.sink import Sink

pytestmark = pytest.mark.django_db


def test_health_turns_red_when_nobody_sweeps(now: datetime) -> None:
    assert health(now).is_late

    sweep(now=now)

    assert not health(now + timedelta(minutes=9)).is_late
    assert health(now + timedelta(minutes=11)).is_late


def test_health_tells_how_long_the_oldest_message_waits(
    sink: Sink, now: datetime, later: datetime
) -> None:
    queue_notice(meet_reader("old"))
    queue_notice(meet_reader("ahead"), due_at=now + timedelta(days=1))
    sweep(now=now - timedelta(minutes=1))

    found = health(now + timedelta(minutes=7))

    assert found.oldest_due == timedelta(minutes=7)
    assert found.counts[State.PLANNED] == 2
    assert not found.is_late
    sweep(now=later)
    assert health(later).oldest_due is None
    assert health(later).counts[State.PLANNED] == 1


def test_a_notice_kept_to_the_hour_does_not_look_an_hour_late(now: datetime) -> None:
    queue_notice(meet_reader(), is_coarse=True)
    sweep(now=now - timedelta(hours=1))

    assert health(now + timedelta(minutes=1)).oldest_due == timedelta()


def test_figures_cost_the_same_however_many_messages_there_are(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        queue_notice(meet_reader(f"reader{number}"))
    claim_due(now=now)

    with django_assert_num_queries(8):
        health(now)


def test_dead_letters_are_listed_for_their_own_agency(sink: Sink, now: datetime) -> None:
    agency, elsewhere = meet_agency(), meet_agency("elsewhere")
    sink.refuse("RCPT", "550 no such user")
    message = queue_notice(meet_reader(agency=agency))
    sweep(now=now)

    assert list(dead_letters(agency.pk)) == [message]
    assert not dead_letters(elsewhere.pk).exists()
    assert not dead_letters(None).exists()
    assert health(now).counts[State.FAILED] == 1


def test_the_task_ignores_what_a_newer_caller_adds(sink: Sink) -> None:
    queue_notice(meet_reader())

    tasks.deliver_due(something="new")

    assert sink.readers == ["ana@example.org"]
