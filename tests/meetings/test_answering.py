"""What residents say to a meeting; what is kept of it, and what nobody can find out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.models import Contact
from engagement.places.models import Agency
from meetings import links, queries
from meetings.actions import answering, reading
from meetings.actions.answering import CannotRsvp
from meetings.actions.sweeps import forget_answers
from meetings.models import Meeting, Rsvp
from tests.meetings.conftest import (
    NOW,
    RESIDENT,
    STAFF,
    announced,
    answered,
    cancelled,
    drafted,
    meet_user,
    moved,
    only_answer,
    seats,
    withdrew,
)

HOUR = datetime(2026, 11, 3, 17, tzinfo=UTC)


def changed(rsvp: Rsvp, party_size: int, needs: str | None = None) -> Rsvp:
    return answering.change(rsvp=rsvp, party_size=party_size, needs=needs, by=RESIDENT, now=NOW)


def planned(meeting: Meeting) -> list[tuple[str, str]]:
    rows = Message.objects.filter(subject_reference=meeting.reference, state=State.PLANNED)
    return [(row.kind, row.event) for row in rows.order_by("due_at", "position")]


def test_an_answer_takes_its_seats_and_plans_two_mails(meeting: Meeting) -> None:
    receipt = answered(meeting, party_size=3)

    rsvp = only_answer(meeting)
    assert (rsvp.party_size, rsvp.is_going, seats(meeting)) == (3, True, 3)
    assert receipt.is_mailed
    assert receipt.token is None
    assert planned(meeting) == [
        ("meetings.rsvp", "going:0"),
        ("meetings.reminder", "revision:0:0"),
    ]


def test_nothing_of_an_answer_tells_the_minute(meeting: Meeting) -> None:
    answered(meeting, needs="A ramp")
    rsvp = only_answer(meeting)
    changed(rsvp, 2)
    withdrew(rsvp)
    rsvp.refresh_from_db()
    assert (rsvp.created_at, rsvp.updated_at) == (HOUR, HOUR)
    for entry in Entry.objects.filter(event__startswith="MEETING_ANSWER"):
        assert (entry.at, entry.actor_kind, entry.actor_user_id) == (HOUR, "resident", None)
    for message in Message.objects.exclude(kind="meetings.reminder"):
        moments = (message.due_at, message.try_at or HOUR, message.finished_at or HOUR)
        assert set(moments) == {HOUR}


def test_without_an_address_the_page_itself_holds_the_link(meeting: Meeting) -> None:
    receipt = answered(meeting, None)
    assert not receipt.is_mailed
    assert receipt.token is not None
    assert links.rsvp_by(receipt.token) == only_answer(meeting)
    assert not Message.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "IjEi:1abc:xyz"])
def test_a_made_up_link_names_nobody(meeting: Meeting, token: str) -> None:
    answered(meeting)
    with pytest.raises(links.BadToken):
        links.rsvp_by(token)


def test_a_link_for_something_else_names_nobody(meeting: Meeting) -> None:
    answered(meeting)
    rsvp = only_answer(meeting)
    good = links.token_for(rsvp)
    with pytest.raises(links.BadToken):
        links.rsvp_by(good[:-2] + ("aa" if not good.endswith("aa") else "bb"))
    assert "ana" not in good


@pytest.mark.parametrize("email", ["ana@example.org", None])
def test_a_form_sent_twice_is_one_answer_with_the_same_receipt(
    meeting: Meeting, email: str | None
) -> None:
    first = answered(meeting, email, key="one form", party_size=2)
    again = answered(meeting, email, key="one form", party_size=2)
    assert first == again
    assert Rsvp.objects.count() == 1
    assert seats(meeting) == 2
    assert Message.objects.filter(kind="meetings.rsvp").count() == bool(email)
    assert Contact.objects.count() == bool(email)


def test_an_address_that_comes_already_is_told_by_mail_alone(meeting: Meeting) -> None:
    stranger = answered(meeting, "someone@example.org", party_size=2)
    answered(meeting, "ana@example.org", party_size=2, key="first")
    again = answered(meeting, " ANA@Example.org ", party_size=2, key="second", needs="A ramp")
    # What the page may show is the same for who has answered and who has not.
    assert again == stranger
    assert Rsvp.objects.count() == 2
    assert seats(meeting) == 4
    assert not Rsvp.objects.exclude(needs_sealed=b"").exists()
    assert Contact.objects.count() == 2
    mails = Message.objects.filter(kind="meetings.rsvp", event__startswith="again:")
    assert mails.count() == 1
    answered(meeting, "ana@example.org", party_size=2, key="third")
    assert mails.count() == 1, "a stranger could fill her mailbox"


def test_a_full_meeting_says_so_to_those_who_come_as_well(agency: Agency) -> None:
    meeting = announced(agency, capacity=2)
    answered(meeting, party_size=2, key="first")
    for email in ("ana@example.org", "new@example.org"):
        with pytest.raises(CannotRsvp) as refusal:
            answered(meeting, email, key=f"later {email}")
        assert refusal.value.reason == "full"
    assert Message.objects.filter(kind="meetings.rsvp").count() == 1
    assert seats(meeting) == 2


def test_changing_and_withdrawing_give_seats_back(agency: Agency) -> None:
    meeting = announced(agency, capacity=5)
    answered(meeting, party_size=4)
    rsvp = only_answer(meeting)
    with pytest.raises(CannotRsvp) as refusal:
        changed(rsvp, 6)
    assert refusal.value.reason == "full"
    assert changed(rsvp, 5).party_size == 5
    assert seats(meeting) == 5
    changed(rsvp, 1)
    assert seats(meeting) == 1
    withdrew(rsvp)
    withdrew(rsvp)
    assert seats(meeting) == 0
    assert Message.objects.filter(kind="meetings.rsvp_withdrawn").count() == 1
    with pytest.raises(CannotRsvp) as refusal:
        changed(rsvp, 1)
    assert refusal.value.reason == "withdrawn"


def test_who_comes_after_all_has_one_answer_and_one_reminder(meeting: Meeting) -> None:
    answered(meeting, key="first", party_size=3)
    withdrew(only_answer(meeting))
    assert planned(meeting) == [("meetings.rsvp_withdrawn", "withdrawn:1")]
    answered(meeting, key="second", party_size=1)
    rsvp = only_answer(meeting)
    assert (rsvp.is_going, rsvp.turns, rsvp.party_size, seats(meeting)) == (True, 2, 1, 1)
    assert planned(meeting)[1:] == [
        ("meetings.rsvp", "going:2"),
        ("meetings.reminder", "revision:0:2"),
    ]
    assert Contact.objects.count() == 1


def test_a_form_from_before_the_withdrawal_comes_after_all(meeting: Meeting) -> None:
    answered(meeting, None, key="first")
    withdrew(only_answer(meeting))
    answered(meeting, None, key="first")
    assert only_answer(meeting).is_going
    assert seats(meeting) == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"party_size": 0}, "party"),
        ({"party_size": 11}, "party"),
        ({"needs": "x" * 1001}, "too_long"),
    ],
)
def test_an_answer_out_of_bounds_is_refused_in_words(
    meeting: Meeting, more: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CannotRsvp) as refusal:
        answered(meeting, **more)
    assert refusal.value.reason == reason
    assert str(refusal.value)
    assert not Rsvp.objects.exists()
    assert not Contact.objects.exists()


def test_drafts_cancelled_and_closed_meetings_take_no_answer(agency: Agency) -> None:
    closing = announced(agency, closes_hours=24)
    off = cancelled(announced(agency))
    for meeting, now, reason in (
        (drafted(agency), NOW, "unannounced"),
        (off, NOW, "cancelled"),
        (closing, closing.starts_at - timedelta(hours=24), "closed"),
    ):
        with pytest.raises(CannotRsvp) as refusal:
            answered(meeting, now=now)
        assert refusal.value.reason == reason
    answered(closing, now=closing.starts_at - timedelta(hours=24, seconds=1))
    assert Rsvp.objects.count() == 1


def test_one_may_say_that_one_does_not_come_until_it_is_over(agency: Agency) -> None:
    meeting = announced(agency, closes_hours=24)
    answered(meeting)
    rsvp = only_answer(meeting)
    with pytest.raises(CannotRsvp):
        withdrew(rsvp, now=meeting.ends_at)
    withdrew(rsvp, now=meeting.starts_at)
    assert seats(meeting) == 0


def test_an_account_answers_once_and_cannot_be_found_from_its_answer(meeting: Meeting) -> None:
    user = meet_user()
    answered(meeting, None, account_user_id=user.pk, key="first")
    answered(meeting, None, account_user_id=user.pk, key="second")
    rsvp = only_answer(meeting)
    own = answering.account_links(user.pk, agency_id=meeting.agency_id)
    assert list(queries.linked_to(own, now=NOW)) == [rsvp]
    assert rsvp.contact_id is not None
    assert rsvp.contact_id != user.contact_id


def test_an_account_and_the_same_address_typed_are_one_answer(meeting: Meeting) -> None:
    user = meet_user(email="ana@example.org")
    answered(meeting, "ana@example.org", key="first")
    answered(meeting, None, account_user_id=user.pk, key="second")
    assert Rsvp.objects.count() == 1
    assert seats(meeting) == 1


def test_needs_are_sealed_and_reading_them_is_on_record(
    committed_database: str, django_db_blocker: Any
) -> None:
    meeting = announced(_agency())
    answered(meeting, needs="I use a wheelchair", party_size=2, language="es")
    rsvp = only_answer(meeting)
    assert b"wheelchair" not in bytes(rsvp.needs_sealed)
    assert reading.read_needs(meeting=meeting, by=STAFF, now=NOW) == [
        reading.Need(2, "es", "I use a wheelchair")
    ]
    assert Entry.objects.filter(event="MEETING_NEEDS_READ").count() == 1
    changed(rsvp, 2, needs="")
    assert reading.read_needs(meeting=meeting, by=STAFF, now=NOW) == []
    assert Entry.objects.filter(event="MEETING_NEEDS_READ").count() == 1


def test_needs_go_with_the_answer(meeting: Meeting) -> None:
    answered(meeting, needs="I use a wheelchair")
    rsvp = only_answer(meeting)
    changed(rsvp, 1)
    rsvp.refresh_from_db()
    assert rsvp.has_needs
    withdrew(rsvp)
    rsvp.refresh_from_db()
    assert not rsvp.has_needs


def test_who_came_is_forgotten_thirty_days_after(meeting: Meeting) -> None:
    user = meet_user("bo", email="bo@example.org")
    answered(meeting, needs="A ramp")
    answered(meeting, None, account_user_id=user.pk, key="second", party_size=2)
    later = announced(meeting.agency)
    moved(later, starts_wall=meeting.starts_wall + timedelta(days=9))
    answered(later, "cy@example.org")

    assert forget_answers(now=meeting.ends_at + timedelta(days=30, seconds=-1)) == 0
    assert forget_answers(now=meeting.ends_at + timedelta(days=30)) == 2

    for rsvp in Rsvp.objects.filter(meeting=meeting):
        assert rsvp.contact_id is None
        assert rsvp.account_link is None
        assert rsvp.submission_digest is None
        assert not rsvp.has_needs
    assert queries.answers_to(meeting).people == 3
    assert not Message.objects.filter(subject_reference=meeting.reference).exists()
    # Those of the account and of the later meeting stay.
    assert Contact.objects.count() == 2
    assert Rsvp.objects.get(meeting=later).contact_id is not None
    assert forget_answers(now=meeting.ends_at + timedelta(days=30)) == 0


def test_staff_see_how_many_come_and_never_who(meeting: Meeting) -> None:
    answered(meeting, "ana@example.org", party_size=2, needs="A ramp")
    answered(meeting, "bo@example.org", party_size=2)
    answered(meeting, None)
    answered(meeting, "cy@example.org", party_size=7)
    withdrew(Rsvp.objects.get(party_size=7))
    found = queries.answers_to(meeting)
    assert found == queries.Answers(
        parties=3, people=5, with_needs=1, unreachable=1, withdrawn=1, by_size=((1, 1), (2, 2))
    )
    assert queries.to_be_told(meeting) == 2


def _agency() -> Agency:
    return Agency.objects.create(slug="riverton", name="Riverton Police", is_default=True)
