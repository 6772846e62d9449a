"""Saying "mine too": who may, what it gives them, and what it never does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from concerns.actions import publishing, triage
from concerns.actions.joining import (
    CannotJoin,
    Joined,
    MineToo,
    forget_forms,
    join,
    leave,
    open_by_code,
    release_numbers,
)
from concerns.actions.opening import open_by_code as open_report
from concerns.models import Concern, Joining, Reporter
from concerns.published.models import Support
from concerns.published.supporting import step_below
from concerns.rekeying import relink_accounts
from engagement.audit import erasures
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.keys import store
from engagement.keys.moments import floor_to_hour
from engagement.keys.purposes import Purpose
from engagement.outbox.models import Message
from engagement.people.models import Contact, User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, file_report, meet_user

BY = Actor.resident()


@pytest.fixture
def public(agency: Agency, officer: User) -> Concern:
    """A graffiti concern that everyone can read."""
    concern = file_report(agency).concern
    return triage.accept(concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)


def wish(concern: Concern, **changes: Any) -> MineToo:
    assert concern.public is not None
    values: dict[str, Any] = {
        "agency": concern.agency,
        "public_reference": concern.public.reference,
        "level": "anonymous",
        "email": None,
        "account_user_id": None,
        "words": "",
        "language": "en",
        "submission_key": "join-1",
    }
    return MineToo(**{**values, **changes})


def joined(concern: Concern, **changes: Any) -> Joined:
    return join(wish=wish(concern, **changes), by=BY, now=NOW)


def refusal(concern: Concern, **changes: Any) -> str:
    with pytest.raises(CannotJoin) as refused:
        joined(concern, **changes)
    assert not Joining.objects.exists()
    return refused.value.reason


def test_somebody_without_a_name_joins_and_comes_back_by_code_and_secret(public: Concern) -> None:
    receipt = joined(public, words="Our garage too")
    opened = open_by_code(code=receipt.tracking_code, secret=receipt.secret)
    assert opened is not None
    assert (opened.concern_id, opened.contact, opened.account_link) == (public.pk, None, None)
    assert opened.joined_on == public.agency.day_of(NOW)


def test_code_and_secret_of_a_joiner_never_open_the_report(agency: Agency, public: Concern) -> None:
    """Not even where the report was sent with the same form."""
    receipt = joined(public, submission_key="one")
    report = file_report(agency, submission_key="one")
    assert receipt.secret != report.secret
    assert open_report(code=receipt.tracking_code, secret=receipt.secret) is None
    assert open_report(code=public.tracking_code, secret=receipt.secret) is None
    assert open_by_code(code=report.tracking_code, secret=report.secret) is None


def test_the_same_form_joins_once_and_shows_the_same_receipt(
    agency: Agency, officer: User, public: Concern
) -> None:
    first, second = joined(public, words="One"), joined(public, words="Two")
    assert (first.tracking_code, first.secret) == (second.tracking_code, second.secret)
    assert (first.is_repeat, second.is_repeat, second.is_other) == (False, True, False)
    assert Joining.objects.get().words == "One"
    other = file_report(agency, submission_key="key-2").concern
    triage.accept(concern_id=other.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)
    other.refresh_from_db()
    assert joined(other).is_other
    assert Joining.objects.count() == 1


def test_an_account_joins_a_concern_once(public: Concern) -> None:
    ana = meet_user("Ana")
    first = joined(public, level="signed_in", account_user_id=ana.pk)
    again = joined(public, level="signed_in", account_user_id=ana.pk, submission_key="another form")
    assert (again.joining, again.secret, again.is_repeat) == (first.joining, "", True)
    assert Joining.objects.count() == 1


def test_a_reporter_does_not_join_their_own_report(agency: Agency, officer: User) -> None:
    ana = meet_user("Ana")
    own = file_report(agency, level="signed_in", account_user_id=ana.pk).concern
    triage.accept(concern_id=own.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)
    own.refresh_from_db()
    assert refusal(own, level="signed_in", account_user_id=ana.pk) == "own"


def test_joining_changes_neither_the_concern_nor_its_reporter(public: Concern) -> None:
    joined(public, level="confidential", email="ben@example.org", words="Me too")
    after = Concern.objects.get(pk=public.pk)
    assert after.version == public.version
    assert Reporter.objects.get(concern=public).contact is None
    assert not public.replies.exists()


def test_what_is_not_public_or_closed_cannot_be_joined(
    agency: Agency, elsewhere: Agency, officer: User, public: Concern
) -> None:
    assert refusal(public, public_reference="NOBODY") == "gone"
    assert refusal(public, agency=elsewhere) == "gone"
    assert refusal(public, level="confidential") == "no_address"
    assert refusal(public, level="signed_in") == "no_address"
    assert refusal(public, words="x" * 6000) == "too_long"
    Concern.objects.filter(pk=public.pk).update(
        state="closed", outcome="fixed", resolved_at=None, closed_at=NOW
    )
    assert refusal(public) == "closed"


def test_a_joiner_hears_only_that_a_message_waits(officer: User, public: Concern) -> None:
    joined(public, level="confidential", email="ben@example.org")
    by = Actor.staff(officer.pk)
    triage.reply(
        concern_id=public.pk, seen_version=public.version, text="For the reporter", by=by, now=NOW
    )
    assert not Message.objects.filter(kind="concerns.joined_news").exists(), "that was private"
    version = Concern.objects.get(pk=public.pk).version
    publishing.publish_update(
        concern_id=public.pk,
        seen_version=version,
        text=Wording({"en": "A crew came."}),
        by=by,
        now=NOW,
    )
    triage.start(concern_id=public.pk, seen_version=version + 1, by=by, now=NOW)
    mails = Message.objects.filter(kind="concerns.joined_news")
    assert {mail.contact for mail in mails} == {Joining.objects.get().contact}
    assert mails.count() == 2
    assert all(mail.is_coarse for mail in mails)


def test_words_reach_the_owner_and_nothing_comes_without(officer: User, public: Concern) -> None:
    joined(public)
    assert not Message.objects.filter(kind="concerns.joined_words").exists()
    for number in range(3):
        joined(public, submission_key=f"words-{number}", words="Every night")
    mail = Message.objects.get(kind="concerns.joined_words")
    assert mail.contact == officer.contact
    assert mail.due_at == floor_to_hour(NOW) + timedelta(hours=1), "its date tells no minute"


def test_who_leaves_is_forgotten_and_comes_back_no_more(public: Concern) -> None:
    receipt = joined(public, level="confidential", email="ben@example.org", words="Me too")
    contact = Contact.objects.get(pk=Joining.objects.get().contact_id)
    for _press in range(2):
        leave(joining_id=receipt.joining.pk, by=BY, now=NOW)
    contact.refresh_from_db()
    assert bytes(contact.ciphertext) == b""
    left = Joining.objects.get()
    assert (left.contact, left.secret_digest, left.words) == (None, None, "Me too")
    assert open_by_code(code=receipt.tracking_code, secret=receipt.secret) is None


def test_history_says_that_somebody_joined_and_never_who(public: Concern) -> None:
    joined(public, level="signed_in", account_user_id=meet_user("Ana").pk, words="Me too")
    entry = Entry.objects.get(event="CONCERN_JOINED")
    assert (entry.actor_kind, entry.actor_user_id) == ("resident", None)
    assert (entry.at.minute, entry.at.second) == (0, 0)
    assert entry.subject_reference == public.staff_reference


def test_forms_are_forgotten_after_their_days(public: Concern) -> None:
    joined(public)
    assert forget_forms(now=NOW + timedelta(days=1)) == 0
    assert forget_forms(now=NOW + timedelta(days=3)) == 1
    assert Joining.objects.get().submission_digest is None


@pytest.mark.privacy
def test_the_public_number_begins_at_ten_and_is_rounded_down(public: Concern) -> None:
    later = NOW + timedelta(days=2)
    for number in range(9):
        joined(public, submission_key=f"key {number}")
    joined(public, submission_key="a program's", is_counted=False)
    release_numbers(now=later)
    assert not Support.objects.exists()
    for number in range(9, 14):
        joined(public, submission_key=f"key {number}")
    release_numbers(now=NOW)
    assert not Support.objects.exists(), "no number moves while somebody joins"
    release_numbers(now=later)
    assert Support.objects.get().at_least == 10
    for joining in Joining.objects.filter(is_counted=True).order_by("id")[:5]:
        leave(joining_id=joining.pk, by=BY, now=NOW)
    release_numbers(now=later)
    assert not Support.objects.exists()


def test_the_steps_of_the_public_number() -> None:
    shown = [step_below(number) for number in (0, 9, 10, 19, 20, 49, 50, 99, 100, 250, 5000)]
    assert shown == [0, 0, 10, 10, 20, 20, 50, 50, 100, 200, 5000]


@pytest.mark.privacy
def test_nothing_but_the_joiners_own_row_leads_to_them(public: Concern) -> None:
    ana = meet_user("Ana")
    joined(public, level="signed_in", account_user_id=ana.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(row)::text FROM concerns_joining AS row")
        (row,) = cursor.fetchone()
    assert f'"user_id":{ana.pk}' not in row
    assert Joining.objects.get().contact != ana.contact


@pytest.mark.privacy
def test_a_restore_brings_no_joiner_back_who_left(
    public: Concern, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS = tmp_path / "audit"
    ana = meet_user("Ana")
    receipt = joined(public, level="signed_in", account_user_id=ana.pk)
    before = Joining.objects.get()
    leave(joining_id=before.pk, by=BY, now=NOW)
    before.save()
    assert open_by_code(code=receipt.tracking_code, secret=receipt.secret) is not None
    assert erasures.replay(erasures.remembered(), now=NOW) > 0
    after = Joining.objects.get()
    assert (after.account_link, after.contact, after.left_on) == (
        None,
        None,
        public.agency.day_of(NOW),
    )
    assert open_by_code(code=receipt.tracking_code, secret=receipt.secret) is None


def test_while_keys_change_an_account_still_joins_once(
    public: Concern, settings: Settings, tmp_path: Path
) -> None:
    settings.PORTAL_KEYS = tmp_path
    ana = meet_user("Ana")
    first = joined(public, level="signed_in", account_user_id=ana.pk)
    store.add_version(Purpose.FOLLOW)
    again = joined(public, level="signed_in", account_user_id=ana.pk, submission_key="another form")
    assert again.joining == first.joining
    assert relink_accounts(0, 100) == ana.pk
