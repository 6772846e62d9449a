"""Very many people come, and the meeting moves: as many statements as for few."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.models import Contact
from engagement.places.models import Agency
from meetings.models import Meeting, Rsvp
from tests.meetings.conftest import NOW, STARTS, announced, cancelled, moved

HOUR = floor_to_hour(NOW)


def with_answers(agency: Agency, count: int) -> Meeting:
    """Rows as answers leave them, a reminder for each among them."""
    meeting = announced(agency)
    contacts = Contact.objects.bulk_create(
        Contact(agency=agency, kind="email", ciphertext=b"x", lookup=b"x", created_on=NOW.date())
        for _number in range(count)
    )
    Rsvp.objects.bulk_create(
        Rsvp(agency=agency, meeting=meeting, contact=contact, created_at=HOUR, updated_at=HOUR)
        for contact in contacts
    )
    Message.objects.bulk_create(
        Message(
            kind="meetings.reminder",
            contact=contact,
            agency=agency,
            subject_type="meeting",
            subject_reference=meeting.reference,
            event="revision:0:0",
            due_at=meeting.starts_at - timedelta(days=1),
            try_at=meeting.starts_at - timedelta(days=1),
        )
        for contact in contacts
    )
    return meeting


def statements(meeting: Meeting) -> list[int]:
    """How many statements a move and a cancellation take."""
    found = []
    later = STARTS + timedelta(days=2)
    verbs: list[Callable[[], Meeting]] = [
        lambda: moved(meeting, starts_wall=later),
        lambda: cancelled(meeting),
    ]
    for verb in verbs:
        with CaptureQueriesContext(connection) as captured:
            verb()
        found.append(len(captured))
    return found


def test_a_move_and_a_cancellation_take_as_many_statements_for_three_as_for_a_thousand(
    agency: Agency,
) -> None:
    few, many = (statements(with_answers(agency, count)) for count in (3, 1000))
    assert few == many
    assert max(many) <= 20


def test_whoever_comes_is_told_and_reminded_anew(agency: Agency) -> None:
    meeting = with_answers(agency, 1000)
    moved(meeting, starts_wall=STARTS + timedelta(days=2))
    planned = Message.objects.filter(state=State.PLANNED)
    assert planned.filter(kind="meetings.moved").count() == 1000
    assert planned.filter(kind="meetings.reminder", event="revision:1").count() == 1000
    assert Message.objects.filter(state=State.SUPERSEDED).count() == 1000
