"""Letters of one batch share work, and nothing that belongs to one reader."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from engagement.outbox import registry
from engagement.outbox.actions.claims import TAKE
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.letters import Drafts
from engagement.outbox.models import Message
from tests.databases import analyse
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import meet_reader, queue_notice
from tests.engagement.outbox.sink import Sink

pytestmark = pytest.mark.django_db


class Loaded:
    """The batches that were asked for, and what goes wrong."""

    batches: list[int] = []
    left_out: set[str] = set()
    fails = False


def contexts(messages: Sequence[Message]) -> dict[UUID, dict[str, Any]]:
    Loaded.batches.append(len(messages))
    if Loaded.fails:
        raise RuntimeError("planted-canary@example.org")
    return {
        message.id: {"title": f"<{message.event}> & you", "words": kinds.WORDS}
        for message in messages
        if message.event not in Loaded.left_out
    }


BATCHED = dataclasses.replace(
    kinds.NEWS, name="trial.batched", contexts=contexts, slots=frozenset({"title"})
)


@pytest.fixture(autouse=True)
def batched_kind() -> Iterator[None]:
    registry.register(BATCHED)
    Loaded.batches, Loaded.left_out, Loaded.fails = [], set(), False
    yield
    del registry._kinds[BATCHED.name]


def test_a_batch_is_loaded_once_and_each_reader_gets_their_own_words_and_link(
    sink: Sink, now: datetime
) -> None:
    for number in range(4):
        queue_notice(meet_reader(f"reader{number}"), f"event{number}", kind=BATCHED)

    assert sweep(now=now) == 4

    assert Loaded.batches == [4]
    assert len({str(mail.letter["List-Unsubscribe"]) for mail in sink.received}) == 4
    for mail in sink.received:
        mine = f"event{mail.reader[len('reader')]}"
        link = str(mail.letter["List-Unsubscribe"]).strip("<>")
        assert f"<{mine}> & you" in mail.part("plain")
        assert f"&lt;{mine}&gt; &amp; you" in mail.part("html")
        assert link in mail.part("plain")
        assert link in mail.part("html")
        whole = mail.content.decode()
        assert not any(f"event{other}" in whole for other in range(4) if f"event{other}" != mine)


@pytest.mark.parametrize("fails", [True, False])
def test_what_a_batch_cannot_load_is_asked_for_alone(
    sink: Sink, now: datetime, fails: bool
) -> None:
    Loaded.fails, Loaded.left_out = fails, {"odd"}
    queue_notice(meet_reader("ana"), "odd", kind=BATCHED)
    queue_notice(meet_reader("ben"), "even", kind=BATCHED)

    assert sweep(now=now) == 2

    subjects = {mail.reader: mail.part("plain") for mail in sink.received}
    assert "<odd>" not in subjects["ana@example.org"]
    assert ("<even>" in subjects["ben@example.org"]) is not fails


def test_nothing_is_loaded_for_a_server_that_is_away(
    sink: Sink, settings: Settings, now: datetime
) -> None:
    settings.EMAIL_PORT = 9  # nothing listens there
    queue_notice(meet_reader(), kind=BATCHED)

    assert sweep(now=now) == 0

    assert Loaded.batches == []


def test_words_are_kept_apart_by_everything_but_the_slots() -> None:
    frame = dict.fromkeys(("agency", "site_name", "why", "unsubscribe_url"), None)
    drafts, context = Drafts(), {**frame, "language": "en", "words": "", "title": "primero"}
    one = drafts.words(BATCHED, context)
    again = drafts.words(BATCHED, {**context, "title": "segundo"})
    truth = drafts.words(BATCHED, {**context, "words": True})
    number = drafts.words(BATCHED, {**context, "words": 1})

    assert "primero" in one.text
    assert "primero" not in again.text
    assert "segundo" in again.text
    assert truth.text != number.text


def test_the_mark_of_being_sent_is_found_by_key_and_not_in_the_backlog(now: datetime) -> None:
    message = [queue_notice(meet_reader()) for _each in range(30)][-1]
    assert message is not None
    values = {"id": message.id, "claim": message.id, "now": now, "until": now}
    analyse("outbox_message", "people_contact")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {TAKE}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "outbox_message_pkey" in plan, plan
    assert "message_due" not in plan


@pytest.mark.parametrize(("kind", "waits"), [(kinds.REMINDER, True), (kinds.ANSWER, False)])
def test_only_a_notice_that_may_leave_twice_does_not_wait_for_the_disk(
    sink: Sink, now: datetime, kind: kinds.Kind, waits: bool
) -> None:
    queue_notice(meet_reader(), kind=kind)

    with CaptureQueriesContext(connection) as statements:
        assert sweep(now=now) == 1

    (mark,) = [query["sql"] for query in statements if "SET state = 'sending'" in query["sql"]]
    assert ("synchronous_commit" not in mark) is waits
