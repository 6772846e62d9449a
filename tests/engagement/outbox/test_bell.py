import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from celery import current_app
from django.db import transaction

from engagement.outbox import bell
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.states import State
from tests.engagement.outbox.conftest import meet_reader, queue_notice, state_of
from tests.engagement.outbox.sink import Sink, free_port


@pytest.fixture(autouse=True)
def bell_at_rest(muted_bell: None) -> None:
    bell.Mute.until = 0.0


@pytest.fixture
def broker_away() -> Iterator[None]:
    """Nothing listens where the broker should be."""
    with pointed_at(free_port()):
        yield


@pytest.fixture
def broker_stopped() -> Iterator[None]:
    """Something takes the connection and never says a word, as a stopped process does."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        with pointed_at(silent.getsockname()[1]):
            yield


@contextmanager
def pointed_at(port: int) -> Iterator[None]:
    before = current_app.conf.broker_url
    current_app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    assert f":{port}/" in current_app.connection_for_write().as_uri()
    yield
    current_app.conf.broker_url = before


def rung() -> int:
    with current_app.connection_for_write() as line:
        found = line.default_channel.client.llen(bell.QUEUE)
        line.default_channel.client.delete(bell.QUEUE)
    return int(found)


def test_one_ring_follows_a_transaction_that_queues_many(committed_database: str) -> None:
    readers = [meet_reader(f"reader{number}") for number in range(3)]
    rung()

    with transaction.atomic():
        for reader in readers:
            queue_notice(reader)
        assert rung() == 0

    assert rung() == 1


def test_nothing_rings_for_a_change_that_fell(committed_database: str) -> None:
    reader = meet_reader()
    rung()

    with transaction.atomic():
        queue_notice(reader)
        transaction.set_rollback(True)

    assert rung() == 0


@pytest.mark.parametrize("fault", ["broker_away", "broker_stopped"])
def test_a_broker_that_is_down_holds_nobody_up_and_the_mail_leaves_by_the_sweep(
    committed_database: str,
    sink: Sink,
    now: datetime,
    request: pytest.FixtureRequest,
    fault: str,
) -> None:
    request.getfixturevalue(fault)
    readers = [meet_reader(f"reader{number}") for number in range(5)]
    began = time.monotonic()

    notices = [queue_notice(reader) for reader in readers]

    assert time.monotonic() - began < 1.0
    assert bell.Mute.until > time.monotonic() + 25
    assert sweep(now=now) == 5
    assert {state_of(notice) for notice in notices} == {State.SENT}
