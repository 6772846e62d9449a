from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from engagement.audit.subjects import Subject
from engagement.outbox.actions import CannotQueue, queue, queue_audience, unsubscribe, withdraw
from engagement.outbox.models import ConsentWay, Message
from engagement.outbox.registry import RegisteredTwice, UnknownKind, kind_named, register
from engagement.outbox.states import State
from engagement.outbox.tokens import token_for
from engagement.people.models import Contact
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import (
    NOON,
    meet_agency,
    meet_reader,
    queue_notice,
    row,
    state_of,
)

CONCERN = Subject(type="concern", reference="7K3M9QXT2C")


def test_a_kind_is_registered_once_and_an_unknown_one_is_refused() -> None:
    with pytest.raises(RegisteredTwice):
        register(kinds.ANSWER)
    with pytest.raises(UnknownKind):
        kind_named("trial.typing_error")


def test_a_notice_outside_the_transaction_of_its_change_is_refused(
    committed_database: str, now: datetime
) -> None:
    contact = meet_reader()

    with pytest.raises(CannotQueue):
        queue(
            kinds.ANSWER.name,
            contact_id=contact.pk,
            agency_id=None,
            subject=CONCERN,
            event="first",
            now=now,
        )
    with pytest.raises(CannotQueue):
        withdraw(subject=CONCERN, now=now)

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_an_unknown_kind_queues_nothing(now: datetime) -> None:
    contact = meet_reader()

    with pytest.raises(UnknownKind):
        queue(
            "trial.nope", contact_id=contact.pk, agency_id=None, subject=CONCERN, event="x", now=now
        )

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_same_notice_is_queued_once() -> None:
    contact = meet_reader()

    first = queue_notice(contact, "received")
    again = queue_notice(contact, "received")
    about_another = queue_notice(contact, "received", subject="9Z3M9QXT2D")

    assert first is not None
    assert again is None
    assert about_another is not None
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_a_notice_falls_with_the_change_that_caused_it(now: datetime) -> None:
    contact = meet_reader()

    with transaction.atomic():
        queue_notice(contact)
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_reminder_whose_moment_is_past_is_not_planned(now: datetime) -> None:
    contact = meet_reader()

    late = queue_notice(contact, "late", due_at=now - timedelta(minutes=1))
    ahead = queue_notice(contact, "ahead", due_at=now + timedelta(days=1))

    assert late is None
    assert row(ahead).due_at == now + timedelta(days=1)


@pytest.mark.django_db
def test_whoever_ended_a_kind_is_not_planned_for_it_but_still_gets_answers(now: datetime) -> None:
    contact = meet_reader()
    unsubscribe(token_for(contact.binding, kinds.NEWS.name), way=ConsentWay.LINK, now=now)

    assert queue_notice(contact, kind=kinds.NEWS) is None
    assert queue_notice(contact, kind=kinds.REMINDER) is not None
    assert queue_notice(contact, kind=kinds.ANSWER) is not None


@pytest.mark.django_db
def test_a_contact_of_another_agency_gets_nothing() -> None:
    here, elsewhere = meet_agency(), meet_agency("elsewhere")
    contact = meet_reader(agency=elsewhere)

    assert queue_notice(contact, agency_id=here.pk) is None


@pytest.mark.django_db
def test_an_audience_is_planned_in_one_statement(now: datetime) -> None:
    contacts = [meet_reader(f"reader{number}") for number in range(5)]
    unsubscribe(token_for(contacts[0].binding, kinds.NEWS.name), way=ConsentWay.LINK, now=now)
    queue_notice(contacts[1], "meeting", kind=kinds.NEWS)

    with (
        CaptureQueriesContext(
            connection,
        ) as statements,
        transaction.atomic(),
    ):
        made = queue_audience(
            kinds.NEWS.name,
            audience=Contact.objects.filter(kind="email"),
            agency_id=None,
            subject=CONCERN,
            event="meeting",
            now=now,
        )

    assert made == 3
    assert sum("INSERT" in query["sql"] for query in statements) == 1
    assert Message.objects.filter(event="meeting").count() == 4


@pytest.mark.django_db
def test_a_notice_about_an_anonymous_report_keeps_full_hours_only(now: datetime) -> None:
    contact = meet_reader()

    message = row(queue_notice(contact, is_coarse=True, kind=kinds.REMINDER))

    hour = now.replace(minute=0, second=0, microsecond=0)
    assert message.due_at == message.try_at == hour
    assert message.useful_until == hour + timedelta(hours=21)


@pytest.mark.django_db
def test_withdrawing_takes_back_only_what_was_named(now: datetime) -> None:
    contact = meet_reader()
    reminder = queue_notice(contact, "reminder", kind=kinds.REMINDER)
    answer = queue_notice(contact, "answer")
    other = queue_notice(contact, "reminder", kind=kinds.REMINDER, subject="9Z3M9QXT2D")

    taken_back = withdraw(subject=CONCERN, kind=kinds.REMINDER.name, now=now)

    assert taken_back == 1
    assert state_of(reminder) == State.SUPERSEDED
    assert state_of(answer) == state_of(other) == State.PLANNED


def test_taking_back_for_one_reader_leaves_the_others(db: None) -> None:
    ana, ben = queue_notice(meet_reader("ana")), queue_notice(meet_reader("ben"))
    assert ana is not None
    with transaction.atomic():
        assert withdraw(subject=CONCERN, contact_id=ana.contact_id, now=NOON) == 1
    assert state_of(ana) == State.SUPERSEDED
    assert state_of(ben) == State.PLANNED


def test_a_notice_may_say_itself_until_when_it_is_useful(db: None) -> None:
    until = NOON + timedelta(minutes=5)
    found = row(queue_notice(meet_reader(), kind=kinds.REMINDER, useful_until=until))
    assert found.useful_until == until


def test_a_coarse_notice_never_comes_before_what_began_within_its_hour(db: None) -> None:
    contact = meet_reader()
    first = row(queue_notice(contact, "exact", now=NOON))
    second = row(queue_notice(contact, "coarse", now=NOON + timedelta(seconds=9), is_coarse=True))
    assert (second.due_at, second.position) == (first.due_at, 2)
    alone = row(queue_notice(meet_reader("ben"), "coarse", is_coarse=True))
    assert alone.due_at == NOON.replace(minute=0, second=0)
