"""A case knows since when words of its reporter wait for staff."""

from datetime import timedelta

from concerns.actions import following, triage
from concerns.models import Concern
from engagement.audit.actors import Actor
from engagement.people.models import User
from tests.concerns.conftest import NOW

REPORTER = Actor.reporter()


def waits_since(concern: Concern) -> object:
    concern.refresh_from_db()
    return concern.unanswered_since


def wrote(concern: Concern, text: str, *, days: int = 0) -> None:
    following.answer(concern_id=concern.pk, text=text, by=REPORTER, now=NOW + timedelta(days=days))


def test_the_first_unanswered_words_count_until_staff_answer(told: Concern, officer: User) -> None:
    assert waits_since(told) is None
    wrote(told, "It happened again.")
    first = told.agency.day_of(NOW)
    assert waits_since(told) == first
    wrote(told, "And again.", days=2)
    assert waits_since(told) == first
    triage.reply(
        concern_id=told.pk,
        seen_version=told.version,
        text="Thank you, we are looking.",
        by=Actor.staff(officer.pk),
        now=NOW + timedelta(days=3),
    )
    assert waits_since(told) is None


def test_a_note_is_no_answer(told: Concern, officer: User) -> None:
    wrote(told, "It happened again.")
    told.refresh_from_db()
    triage.add_note(
        concern_id=told.pk,
        seen_version=told.version,
        text="Night shift knows.",
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    assert waits_since(told) is not None


def test_nothing_waits_on_a_case_that_is_over(told: Concern) -> None:
    wrote(told, "It happened again.")
    following.withdraw(concern_id=told.pk, by=REPORTER, now=NOW)
    assert waits_since(told) is None
