import logging
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.actions import CannotRequeue, requeue, unsubscribe, withdraw
from engagement.outbox.actions.claims import claim_due, recover
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import ConsentWay, Message
from engagement.outbox.retries import WAITS
from engagement.outbox.states import State
from engagement.outbox.tokens import token_for
from engagement.people.identity import erase_contact, store_contact
from portal.logging import QuietFormatter
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import (
    meet_agency,
    meet_reader,
    queue_notice,
    row,
    state_of,
)
from tests.engagement.outbox.sink import Sink
from tests.engagement.outbox.test_planning import CONCERN

pytestmark = pytest.mark.django_db


def test_what_is_due_leaves_once_and_over_one_connection(sink: Sink, now: datetime) -> None:
    notices = [queue_notice(meet_reader(f"reader{number}")) for number in range(60)]
    ahead = queue_notice(meet_reader("ahead"), due_at=now + timedelta(days=1))

    assert sweep(now=now) == 60
    assert sweep(now=now) == 0

    assert sorted(sink.readers) == sorted(f"reader{number}@example.org" for number in range(60))
    assert sink.sessions == 1
    done = row(notices[0])
    assert (done.state, done.last_code, done.attempts) == (State.SENT, "250", 1)
    assert (done.claim, done.leased_until, done.try_at) == (None, None, None)
    assert state_of(ahead) == State.PLANNED


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_says_later_is_asked_again(
    sink: Sink, now: datetime, later: datetime, step: str
) -> None:
    sink.refuse(step, "450 4.2.0 planted-canary@example.org is greylisted")
    waits = queue_notice(meet_reader("ana"), kind=kinds.REMINDER)
    goes = queue_notice(meet_reader("ben"), now=now + timedelta(seconds=1))

    sweep(now=now + timedelta(seconds=2))

    assert sink.readers == ["ben@example.org"]
    assert state_of(goes) == State.SENT
    message = row(waits)
    assert (message.state, message.last_code) == (State.PLANNED, "450")
    assert message.try_at is not None
    assert message.try_at >= now + timedelta(minutes=4)

    sweep(now=later)

    assert sink.readers == ["ben@example.org", "ana@example.org"]
    assert state_of(waits) == State.SENT


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_says_never_makes_a_dead_letter(
    sink: Sink, now: datetime, later: datetime, step: str
) -> None:
    sink.refuse(step, "550 5.1.1 no such user")
    refused = queue_notice(meet_reader("ana"))
    goes = queue_notice(meet_reader("ben"), now=now + timedelta(seconds=1))

    sweep(now=later)
    sweep(now=later + timedelta(days=2))

    assert sink.readers == ["ben@example.org"]
    assert (row(refused).state, row(refused).last_code) == (State.FAILED, "550")
    assert state_of(goes) == State.SENT


def test_a_reminder_whose_answer_was_lost_is_not_sent_twice(
    sink: Sink, now: datetime, later: datetime
) -> None:
    sink.drop_after_data()
    reminder = queue_notice(meet_reader(), kind=kinds.REMINDER)

    sweep(now=now)
    sweep(now=later)

    assert len(sink.received) == 1
    assert (row(reminder).state, row(reminder).last_code) == (State.UNKNOWN, "lost-after-data")


def test_an_answer_whose_receipt_was_lost_is_sent_again_under_the_same_id(
    sink: Sink, now: datetime, later: datetime
) -> None:
    sink.drop_after_data()
    answer = queue_notice(meet_reader())

    sweep(now=now)
    sweep(now=later)

    assert state_of(answer) == State.SENT
    assert len(sink.received) == 2
    assert {mail.letter["Message-ID"] for mail in sink.received} == {
        f"<{row(answer).id}@portal.example.gov>"
    }


def test_a_server_that_is_away_costs_one_try_and_the_rest_goes_back(
    sink: Sink, settings: Settings, now: datetime, later: datetime
) -> None:
    for number in range(5):
        queue_notice(meet_reader(f"reader{number}"), now=now + timedelta(seconds=number))
    settings.EMAIL_PORT = 9  # nothing listens there

    assert sweep(now=now + timedelta(minutes=1)) == 0

    assert Message.objects.filter(state=State.PLANNED, leased_until=None).count() == 5
    assert Message.objects.get(attempts=1).last_code == "connect"
    settings.EMAIL_PORT = sink.port
    assert sweep(now=later) == 5


def test_a_line_that_the_server_closed_between_two_mails_is_dialled_anew(
    sink: Sink, now: datetime
) -> None:
    sink.drop_after_data()
    for number in range(3):
        queue_notice(meet_reader(f"reader{number}"), now=now + timedelta(seconds=number))

    sweep(now=now + timedelta(seconds=5))

    assert len(set(sink.readers)) == 3
    assert sink.sessions == 2


def test_nobody_gives_up_early_and_nobody_tries_for_ever(sink: Sink, now: datetime) -> None:
    sink.refuse("RCPT", *["451 not now"] * 20)
    answer = queue_notice(meet_reader())
    moment = now
    for _attempt in range(len(WAITS) + 1):
        sweep(now=moment)
        moment += timedelta(days=2)

    message = row(answer)
    assert (message.state, message.attempts) == (State.FAILED, len(WAITS) + 1)
    assert message.last_code == "451"


def test_what_is_no_longer_true_or_wanted_or_useful_does_not_leave(
    sink: Sink, now: datetime, later: datetime
) -> None:
    ended, reader = meet_reader("ended"), meet_reader("reader")
    withdrawn = queue_notice(reader, "withdrawn")
    untrue = queue_notice(reader, "untrue", subject="9Z3M9QXT2D")
    unwanted = queue_notice(ended, "news", kind=kinds.NEWS)
    stale = queue_notice(reader, "stale", kind=kinds.REMINDER, now=now - timedelta(days=1))
    assert withdrawn is not None
    withdraw(subject=CONCERN, event="withdrawn", now=now)
    kinds.Facts.no_longer_true.add("untrue")
    unsubscribe(token_for(ended.binding, kinds.NEWS.name), way=ConsentWay.ONE_CLICK, now=now)

    assert sweep(now=later) == 0

    assert sink.received == []
    assert state_of(withdrawn) == state_of(untrue) == State.SUPERSEDED
    assert state_of(unwanted) == State.SUPPRESSED
    assert state_of(stale) == State.EXPIRED


def test_what_was_taken_back_after_the_claim_does_not_leave(sink: Sink, now: datetime) -> None:
    reminder = queue_notice(meet_reader(), "first", kind=kinds.REMINDER)
    claimed = claim_due(now=now)
    withdraw(subject=CONCERN, now=now)

    assert len(claimed) == 1
    assert sweep(now=now + timedelta(hours=1)) == 0
    assert sink.received == []
    assert state_of(reminder) == State.SUPERSEDED


def test_an_erased_address_makes_a_dead_letter_without_a_mail(sink: Sink, now: datetime) -> None:
    contact = meet_reader()
    answer = queue_notice(contact)
    erase_contact(contact)

    sweep(now=now)

    assert sink.received == []
    assert (row(answer).state, row(answer).last_code) == (State.FAILED, "no-address")


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org\r\nBcc: eve@example.org",
        "ana\nDATA@example.org",
        "añá@example.org",
        "nobody",
    ],
)
def test_a_hostile_address_reaches_nobody(sink: Sink, now: datetime, address: str) -> None:
    contact = store_contact(agency_id=None, kind="email", value=address, language="en")
    queue_notice(contact)
    other = queue_notice(meet_reader("ben"), now=now + timedelta(seconds=1))

    sweep(now=now + timedelta(seconds=2))

    assert "eve@example.org" not in "".join(sink.readers)
    assert all(b"Bcc" not in mail.content for mail in sink.received)
    assert state_of(other) == State.SENT


def test_one_broken_kind_does_not_hold_up_the_others(
    sink: Sink, now: datetime, later: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    kinds.Facts.broken, kinds.Facts.unwritable = {"broken"}, {"unwritable"}
    before = queue_notice(meet_reader("before"), now=now - timedelta(seconds=1))
    broken = queue_notice(meet_reader("ana"), "broken")
    unwritable = queue_notice(meet_reader("ben"), "unwritable", now=now + timedelta(seconds=1))
    after = queue_notice(meet_reader("after"), now=now + timedelta(seconds=2))

    sweep(now=now + timedelta(seconds=3))

    assert sink.readers == ["before@example.org", "after@example.org"]
    assert state_of(before) == state_of(after) == State.SENT
    assert (row(broken).state, row(broken).last_code) == (State.PLANNED, "check")
    assert (row(unwritable).state, row(unwritable).last_code) == (State.PLANNED, "words")
    ours = [record for record in caplog.records if record.name.startswith("engagement")]
    assert len(ours) == 2
    assert "planted-canary" not in " ".join(QuietFormatter().format(record) for record in ours)

    kinds.Facts.broken, kinds.Facts.unwritable = set(), set()
    assert sweep(now=later) == 2


def test_a_dead_letter_goes_out_again_when_staff_say_so(
    sink: Sink, now: datetime, later: datetime
) -> None:
    agency, elsewhere = meet_agency(), meet_agency("elsewhere")
    sink.refuse("RCPT", "550 no such user")
    refused = queue_notice(meet_reader(agency=agency))
    sweep(now=now)
    letter = row(refused)

    with pytest.raises(CannotRequeue):
        requeue(message_id=letter.pk, agency_id=elsewhere.pk, by=Actor.staff(1), now=later)
    assert state_of(refused) == State.FAILED

    requeue(message_id=letter.pk, agency_id=agency.pk, by=Actor.staff(1), now=later)
    sweep(now=later)

    assert sink.readers == ["ana@example.org"]
    assert state_of(refused) == State.SENT
    entry = Entry.objects.get(event="MESSAGE_REQUEUED")
    assert entry.agency_id == agency.pk
    with pytest.raises(CannotRequeue):
        requeue(message_id=letter.pk, agency_id=agency.pk, by=Actor.staff(1), now=later)


def test_an_expired_reminder_that_staff_put_back_still_leaves(
    sink: Sink, now: datetime, later: datetime
) -> None:
    stale = queue_notice(meet_reader(), kind=kinds.REMINDER, now=now - timedelta(days=1))
    sweep(now=now)
    assert state_of(stale) == State.EXPIRED

    requeue(message_id=row(stale).pk, agency_id=None, by=Actor.staff(1), now=later)
    sweep(now=later)

    assert state_of(stale) == State.SENT


def test_a_claim_of_a_worker_that_died_before_sending_is_free_when_its_lease_ends(
    sink: Sink, now: datetime
) -> None:
    reminder = queue_notice(meet_reader(), kind=kinds.REMINDER)
    claim_due(now=now)

    assert sweep(now=now + timedelta(minutes=1)) == 0
    assert sweep(now=now + timedelta(minutes=6)) == 1

    assert sink.readers == ["ana@example.org"]
    assert state_of(reminder) == State.SENT


@pytest.mark.parametrize(
    ("kind", "state"), [(kinds.REMINDER, State.UNKNOWN), (kinds.ANSWER, State.PLANNED)]
)
def test_what_a_dead_worker_was_sending_follows_the_promise_of_its_kind(
    now: datetime, later: datetime, kind: kinds.Kind, state: State
) -> None:
    message = queue_notice(meet_reader(), kind=kind)
    claim_due(now=now)
    Message.objects.update(state=State.SENDING, attempts=1, leased_until=now + timedelta(minutes=5))

    assert recover(now=now + timedelta(minutes=4)) == 0
    assert recover(now=later) == 1

    assert (row(message).state, row(message).last_code) == (state, "worker-lost")


def test_times_of_a_notice_about_an_anonymous_report_stay_full_hours(
    sink: Sink, now: datetime
) -> None:
    sink.refuse("RCPT", "451 not now")
    message = queue_notice(meet_reader(), is_coarse=True)

    sweep(now=now)

    waiting = row(message)
    assert waiting.try_at is not None
    assert (waiting.try_at.minute, waiting.try_at.second) == (0, 0)
    assert waiting.try_at > now

    sweep(now=now + timedelta(hours=1, minutes=7))

    done = row(message)
    assert done.state == State.SENT
    assert done.finished_at is not None
    assert (done.finished_at.minute, done.finished_at.second, done.due_at.minute) == (0, 0, 0)
    assert ":00:00 +0000" in str(sink.received[0].letter["Date"])
