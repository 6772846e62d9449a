"""What the mails about a concern say: that something waits, in the reader's language."""

import pytest

from concerns import notices
from concerns.models import Concern
from engagement.audit.subjects import Subject
from engagement.outbox.actions import queue
from engagement.outbox.letters import compose
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.people.identity import address_for_delivery
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW

TO_REPORTER = [
    notices.RECEIVED,
    notices.NEWS,
    notices.QUESTION,
    notices.RESOLVED,
    notices.FRESH_LINK,
]
TO_OWNER = [notices.NEW_FOR_OWNER, notices.REPORTER_WROTE]


def letter_about(concern: Concern, kind: str, contact_id: int) -> tuple[str, str]:
    """Subject and both bodies of the mail."""
    message = queue(
        kind,
        contact_id=contact_id,
        agency_id=concern.agency_id,
        subject=Subject("concern", concern.staff_reference),
        event="trial",
        now=NOW,
    )
    assert isinstance(message, Message)
    address = address_for_delivery(contact_id)
    assert address is not None
    letter = compose(message, kind_named(kind), address, now=NOW)
    return letter.headers["Subject"], f"{letter.text}\n{letter.html}"


@pytest.mark.parametrize("kind", TO_REPORTER)
def test_a_mail_to_the_reporter_brings_a_link_and_no_word_of_the_report(
    told: Concern, kind: str
) -> None:
    contact_id = told.reporter.contact_id
    assert contact_id is not None
    subject, words = letter_about(told, kind, contact_id)
    assert "/track/" in words
    for private in (
        told.text,
        told.place_text,
        told.tracking_code,
        told.staff_reference,
        str(told.category),
        "example.org",
    ):
        assert private not in subject + words


def test_a_link_opens_in_the_name_of_its_own_agency(told: Concern) -> None:
    contact_id = told.reporter.contact_id
    assert contact_id is not None
    Agency.objects.filter(pk=told.agency_id).update(is_default=False)
    _subject, elsewhere = letter_about(told, notices.NEWS, contact_id)
    assert f"?agency={told.agency.slug}" in elsewhere
    Agency.objects.filter(pk=told.agency_id).update(is_default=True)
    _subject, here = letter_about(told, notices.RESOLVED, contact_id)
    assert "?agency=" not in here


@pytest.mark.parametrize("kind", TO_REPORTER)
def test_a_subject_on_a_locked_phone_does_not_say_that_its_owner_reported(
    told: Concern, kind: str
) -> None:
    contact_id = told.reporter.contact_id
    assert contact_id is not None
    subject, _words = letter_about(told, kind, contact_id)
    assert "report" not in subject.lower()
    assert "police" not in subject.lower()


@pytest.mark.parametrize("kind", TO_OWNER)
def test_a_mail_to_the_officer_opens_the_case_and_tells_nothing_of_it(
    told: Concern, officer: User, kind: str
) -> None:
    assert officer.contact_id is not None
    subject, words = letter_about(told, kind, officer.contact_id)
    assert f"/desk/concerns/{told.staff_reference}/" in words
    for private in (told.text, told.place_text, told.tracking_code, "ana@example.org"):
        assert private not in subject + words
    assert told.staff_reference not in subject


def test_a_question_is_not_mailed_once_it_was_answered(told: Concern) -> None:
    contact_id = told.reporter.contact_id
    assert contact_id is not None
    letter_about(told, notices.QUESTION, contact_id)
    message = Message.objects.get(kind=notices.QUESTION)
    assert not kind_named(notices.QUESTION).still_true(message)


def test_a_former_owner_gets_no_late_notice(told: Concern, officer: User) -> None:
    message = Message.objects.get(kind=notices.NEW_FOR_OWNER)
    still_true = kind_named(notices.NEW_FOR_OWNER).still_true
    assert still_true(message)
    Concern.objects.filter(pk=told.pk).update(owner=None)
    assert not still_true(message)
