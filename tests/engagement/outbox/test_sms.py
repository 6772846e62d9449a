"""Texts leave through a gateway, by day, in one short message that says nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from pytest_django import Settings

from engagement.outbox.actions.claims import CLAIM, IN_ORDER
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Channel, Message
from engagement.outbox.quiet import quiet_until
from engagement.outbox.states import State
from engagement.outbox.texts import ALPHABET, LONGEST, compose_text
from engagement.people.identity import Address, erase_contact, store_contact
from engagement.people.models import Contact, ContactKind
from tests.databases import analyse
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import (
    meet_agency,
    meet_reader,
    queue_notice,
    row,
    state_of,
)
from tests.engagement.outbox.gateway import TextGateway
from tests.engagement.outbox.sink import Sink

pytestmark = pytest.mark.django_db

NUMBER = "+13145550100"
NIGHT = datetime(2026, 11, 2, 5, 30, tzinfo=UTC)  # half past eleven at night in Missouri
MORNING = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def gateway(settings: Settings) -> Iterator[TextGateway]:
    with TextGateway() as running:
        settings.OUTBOUND_LOOPBACK = True
        settings.TEXT_URL, settings.TEXT_TOKEN = running.url, "secret-token"
        settings.TEXT_SENDER, settings.TEXT_FOLDER = "+15735550199", None
        settings.ORIGIN = "https://portal.example.gov"
        yield running


def meet_phone(number: str = NUMBER, *, language: str = "en", is_confirmed: bool = True) -> Contact:
    """A number that said yes to its first text; or, not confirmed, one that nobody asked yet."""
    return store_contact(
        agency_id=meet_agency().pk,
        kind=ContactKind.TEXT,
        value=number,
        language=language,
        is_confirmed=is_confirmed,
    )


def test_a_text_leaves_once_with_the_token_and_says_only_that_a_message_waits(
    gateway: TextGateway, now: datetime
) -> None:
    message = queue_notice(meet_phone("(314) 555-0100"))
    assert sweep(now=now) == 1
    assert sweep(now=now) == 0
    assert gateway.tokens == ["Bearer secret-token"]
    sent = gateway.requests[0]
    assert (sent["to"], sent["from"]) == (NUMBER, "+15735550199")
    assert sent["id"] == str(row(message).pk)
    assert sent["text"].startswith("Common Ground: A message waits for you")
    assert "STOP" in sent["text"]
    assert kinds.WORDS not in sent["text"]
    done = row(message)
    assert (done.state, done.last_code, done.channel) == (State.SENT, "202", Channel.TEXT)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_text_fits_one_message_of_every_phone(
    gateway: TextGateway, settings: Settings, now: datetime, language: str
) -> None:
    message = row(queue_notice(meet_phone()))
    for host in ("portal.example.gov", f"{'very-' * 20}long.example.gov"):
        settings.ORIGIN = f"https://{host}"
        words = compose_text(message, kinds.ANSWER, Address("text", NUMBER, language)).words
        assert len(words) <= LONGEST
        assert set(words) <= ALPHABET
        assert "STOP" in words
        assert "?" not in words


def test_no_phone_sounds_at_night_and_waiting_counts_no_try(
    gateway: TextGateway,
) -> None:
    message = queue_notice(meet_phone(), now=NIGHT)
    assert sweep(now=NIGHT) == 0
    assert gateway.requests == []
    waits = row(message)
    assert (waits.state, waits.attempts, waits.try_at) == (State.PLANNED, 0, MORNING)
    assert sweep(now=MORNING - timedelta(minutes=1)) == 0
    assert sweep(now=MORNING) == 1


@pytest.mark.parametrize(
    ("here", "until"),
    [
        ((2026, 11, 1, 20, 59), None),
        ((2026, 11, 1, 8, 0), None),
        ((2026, 11, 1, 21, 0), (2026, 11, 2, 8, 0)),
        ((2026, 11, 1, 1, 30), (2026, 11, 1, 8, 0)),  # the night that has this hour twice
        ((2026, 3, 8, 3, 10), (2026, 3, 8, 8, 0)),  # the night that lacks an hour
        ((2026, 12, 31, 23, 0), (2027, 1, 1, 8, 0)),
    ],
)
def test_quiet_hours_follow_the_wall_clock(
    here: tuple[int, ...], until: tuple[int, ...] | None
) -> None:
    zone = ZoneInfo("America/Chicago")
    found = quiet_until(datetime(*here, tzinfo=zone), zone)  # type: ignore[arg-type,misc]
    assert found == (datetime(*until, tzinfo=zone) if until else None)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize("status", [408, 429, 500, 503, 302, 401])
def test_a_gateway_that_says_later_is_asked_again(
    gateway: TextGateway, now: datetime, later: datetime, status: int
) -> None:
    gateway.statuses = [status]
    message = queue_notice(meet_phone())
    sweep(now=now)
    assert (row(message).state, row(message).last_code) == (State.PLANNED, str(status))
    sweep(now=later)
    assert state_of(message) == State.SENT


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_number_that_the_gateway_refuses_makes_a_dead_letter(
    gateway: TextGateway, now: datetime, later: datetime, status: int
) -> None:
    gateway.statuses = [status]
    message = queue_notice(meet_phone())
    sweep(now=now)
    sweep(now=later)
    assert (row(message).state, row(message).last_code) == (State.FAILED, str(status))
    assert len(gateway.requests) == 1


def test_a_gateway_that_is_away_leaves_texts_as_they_were_and_mails_go_on(
    gateway: TextGateway, sink: Sink, now: datetime
) -> None:
    gateway.hangs_up = True
    texts = [queue_notice(meet_phone(f"+1314555010{number}")) for number in range(4)]
    mail = queue_notice(meet_reader("ana"))
    sweep(now=now)
    assert state_of(mail) == State.SENT
    assert len(gateway.requests) == 2, "two without an answer are enough"
    assert {state_of(text) for text in texts} == {State.PLANNED}
    assert Message.objects.filter(channel=Channel.TEXT, leased_until__isnull=False).count() == 0


def test_a_mail_server_that_is_away_holds_no_text_up(
    gateway: TextGateway, sink: Sink, settings: Settings, now: datetime
) -> None:
    settings.EMAIL_PORT = 1
    queue_notice(meet_reader("ana"))
    text = queue_notice(meet_phone(), now=now + timedelta(seconds=1))
    sweep(now=now + timedelta(seconds=2))
    assert state_of(text) == State.SENT


def test_without_a_gateway_texts_wait(settings: Settings, now: datetime) -> None:
    settings.TEXT_URL, settings.TEXT_FOLDER = "", None
    message = queue_notice(meet_phone())
    assert sweep(now=now) == 0
    assert (row(message).state, row(message).attempts) == (State.PLANNED, 0)


def test_a_demonstration_writes_texts_down_for_its_owner_alone(
    settings: Settings, tmp_path: Path, now: datetime
) -> None:
    settings.TEXT_URL, settings.TEXT_FOLDER = "", tmp_path / "texts"
    message = queue_notice(meet_phone())
    assert sweep(now=now) == 1
    (file,) = (tmp_path / "texts").iterdir()
    assert json.loads(file.read_text())["to"] == NUMBER
    assert file.stat().st_mode & 0o077 == 0
    assert state_of(message) == State.SENT


def test_an_erased_number_gets_nothing(gateway: TextGateway, now: datetime) -> None:
    contact = meet_phone()
    message = queue_notice(contact)
    erase_contact(contact, now=now)
    sweep(now=now)
    assert gateway.requests == []
    assert (row(message).state, row(message).last_code) == (State.FAILED, "no-address")


def test_the_first_text_to_a_number_asks_and_leads_nowhere(settings: Settings) -> None:
    for language in ("en", "es"):
        address = Address("text", NUMBER, language)
        words = compose_text(Message(), kinds.ANSWER, address, asks=True).words
        assert len(words) <= LONGEST
        assert "YES" in words or "SI" in words
        assert "STOP" in words
        assert "http" not in words


def test_a_long_queue_of_mails_is_not_read_to_find_a_text(now: datetime) -> None:
    contact = meet_phone()
    queue_notice(contact)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_message (kind, contact_id, subject_type, subject_reference, event,"
            " state, is_coarse, due_at, position, attempts, try_at, last_code)"
            " SELECT 'trial.answer', %s, 'concern', number::text, 'mail', 'planned', false, %s, 1,"
            " 0, %s, '' FROM generate_series(1, 30) AS number",
            [contact.pk, now, now],
        )
        analyse("outbox_message")
        cursor.execute(IN_ORDER)
        values = {"now": now, "limit": 50, "claim": UUID(int=1), "until": now, "channel": "text"}
        cursor.execute(f"EXPLAIN {CLAIM}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "text_message_due" in plan
