"""Messages that did not arrive: who sees which, and sending one again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db
STUCK = "/desk/messages/"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def supervisor(cedar: Agency) -> User:
    return worlds.officer(cedar, "Chief", role=Role.SUPERVISOR, district=None, now=timezone.now())


def dead(message: Message, *, state: State = State.FAILED, code: str = "550") -> Message:
    Message.objects.filter(pk=message.pk).update(
        state=state,
        last_code=code,
        try_at=None,
        attempts=3,
        finished_at=timezone.now() - timedelta(hours=2),
    )
    message.refresh_from_db()
    return message


def filed(at: Agency, email: str = "canary@home.example", **more: str) -> Concern:
    return worlds.reported(
        at, level="confidential", email=email, now=timezone.now(), **more
    ).concern


def letter_about(concern: Concern) -> Message:
    return Message.objects.filter(subject_reference=concern.staff_reference).earliest("due_at")


def again(message: Message) -> str:
    return reverse("desk_message_again", args=[message.pk])


def test_a_refused_mail_is_listed_with_its_cause_and_sent_again(
    cedar: Agency, supervisor: User
) -> None:
    concern = filed(cedar)
    message = dead(letter_about(concern))
    client = worlds.signed_in(supervisor)
    page = client.get(STUCK).content.decode()
    assert concern.staff_reference in page
    assert "refused it (code 550)" in page
    assert "canary@home.example" not in page
    done = client.post(again(message), follow=True)
    assert "It leaves now" in done.content.decode()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.PLANNED, 0)
    assert Entry.objects.filter(event="MESSAGE_REQUEUED", actor_user_id=supervisor.pk).exists()
    assert client.post(again(message)).status_code == 404, "it is stuck no more"


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        (State.EXPIRED, "", "could not leave in time"),
        (State.UNKNOWN, "lost-after-data", "It may arrive twice."),
        (State.UNKNOWN, "restored", "A backup was brought back"),
        (State.FAILED, "connect", "The mail server could not be reached."),
    ],
)
def test_each_cause_is_said_in_words(
    cedar: Agency, supervisor: User, state: State, code: str, words: str
) -> None:
    dead(letter_about(filed(cedar)), state=state, code=code)
    assert words in worlds.signed_in(supervisor).get(STUCK).content.decode()


def test_what_has_no_address_any_more_is_not_sent_again(cedar: Agency, supervisor: User) -> None:
    message = dead(letter_about(filed(cedar)), code="no-address")
    client = worlds.signed_in(supervisor)
    page = client.get(STUCK).content.decode()
    assert "The address was erased" in page
    assert again(message) not in page
    assert client.post(again(message)).status_code == 404


@pytest.mark.privacy
def test_nobody_sees_or_sends_messages_about_cases_that_they_may_not_read(
    cedar: Agency, supervisor: User
) -> None:
    now = timezone.now()
    east = worlds.agency("eastfield", east=1.0, now=now)
    foreign = dead(letter_about(filed(east, lon=worlds.LON + 1.0 + worlds.STEP / 2)))
    mine = dead(letter_about(filed(cedar)))
    clerk = worlds.officer(cedar, "Clerk", role=Role.AGENCY_ADMIN, district=None, now=now)
    officer = worlds.officer(cedar, "Officer", now=now)
    page = worlds.signed_in(supervisor).get(STUCK).content.decode()
    assert foreign.subject_reference not in page
    assert worlds.signed_in(supervisor).post(again(foreign)).status_code == 404
    # An administrator reads no concern, so messages about them are not there either.
    assert mine.subject_reference not in worlds.signed_in(clerk).get(STUCK).content.decode()
    assert worlds.signed_in(clerk).post(again(mine)).status_code == 404
    assert worlds.signed_in(officer).get(STUCK).status_code == 404
    assert Client().get(STUCK).status_code == 302
    for message in (foreign, mine):
        message.refresh_from_db()
        assert message.state == State.FAILED


def test_the_page_needs_as_many_questions_for_one_as_for_many(
    cedar: Agency, supervisor: User, django_assert_max_num_queries: object
) -> None:
    for number in range(4):
        dead(letter_about(filed(cedar, f"r{number}@home.example")))
    client = worlds.signed_in(supervisor)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(STUCK).content.decode().count("Send again") == 4
