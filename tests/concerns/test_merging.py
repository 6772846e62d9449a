"""A report joined with another: everybody follows, and undoing brings all back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from concerns.actions import following, merging, publishing, triage
from concerns.actions.casework import StaleEdit
from concerns.models import Concern, Joining, Merge, Note, StatusChange
from concerns.published.models import PublicConcern, PublicMove, PublicUpdate
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, file_report

pytestmark = pytest.mark.django_db
REPORTER = Actor.reporter()
LATER = NOW + timedelta(days=3)
WORDS = Wording({"en": "Paint on a wall near the corner.", "es": "Pintura."})


def fresh(concern: Concern) -> Concern:
    return Concern.objects.get(pk=concern.pk)


def join(joined: Concern, into: Concern, officer: User, **changes: Any) -> Merge:
    values: dict[str, Any] = {
        "concern_id": joined.pk,
        "seen_version": fresh(joined).version,
        "into_id": into.pk,
        "into_version": fresh(into).version,
        "by": Actor.staff(officer.pk),
        "now": NOW,
    }
    return merging.merge(**{**values, **changes})


def undo(joined: Concern, officer: User, **changes: Any) -> Concern:
    values: dict[str, Any] = {
        "concern_id": joined.pk,
        "seen_version": fresh(joined).version,
        "by": Actor.staff(officer.pk),
        "now": LATER,
    }
    return merging.undo_merge(**{**values, **changes})


def press(verb: Any, concern: Concern, officer: User, **more: Any) -> Any:
    values: dict[str, Any] = {
        "concern_id": concern.pk,
        "seen_version": fresh(concern).version,
        "by": Actor.staff(officer.pk),
        "now": NOW,
    }
    return verb(**{**values, **more})


def publish(concern: Concern, officer: User) -> PublicConcern:
    if fresh(concern).state == "received":
        press(triage.accept, concern, officer)
    page = press(publishing.publish, concern, officer, summary=WORDS)
    assert isinstance(page, PublicConcern)
    return page


@pytest.fixture
def second(agency: Agency, officer: User) -> Concern:
    return file_report(agency, submission_key="second", text="Our alley is full of paint").concern


@pytest.fixture
def third(agency: Agency, officer: User) -> Concern:
    return file_report(agency, submission_key="third", text="Paint all along the alley").concern


def rows_of(concern: Concern) -> dict[str, Any]:
    """All that joining may touch, without what counts changes."""
    row = Concern.objects.filter(pk=concern.pk).values().get()
    for name in ("version", "search"):
        del row[name]
    public = row.pop("public_id")
    page = PublicConcern.objects.filter(pk=public).values().first()
    updates = list(PublicUpdate.objects.filter(public_concern=public).order_by("pk").values())
    return {"row": row, "page": page, "updates": updates, "moves": set(moves())}


def moves() -> list[tuple[str, int]]:
    return list(PublicMove.objects.order_by("pk").values_list("reference", "public_concern_id"))


def test_a_joined_report_is_closed_and_follows_the_other(
    concern: Concern, second: Concern, officer: User
) -> None:
    join(second, concern, officer, reason="same wall")
    second = fresh(second)
    assert (second.state, second.outcome) == ("closed", "merged")
    made = Merge.objects.get()
    assert (made.survivor_id, made.reason, made.by_user_id) == (concern.pk, "same wall", officer.pk)
    assert fresh(concern).state == "received"
    assert fresh(concern).version == 2


def test_undoing_brings_a_report_back_exactly_as_it_was(
    concern: Concern, second: Concern, officer: User
) -> None:
    press(triage.accept, second, officer)
    page = publish(second, officer)
    press(
        publishing.publish_update, second, officer, text=Wording({"en": "A crew comes on Friday."})
    )
    press(triage.ask, second, officer, text="Which side?")
    before = rows_of(second)
    join(second, concern, officer)
    assert not PublicConcern.objects.filter(pk=page.pk).exists()
    undo(second, officer)
    assert rows_of(second) == before
    assert Merge.objects.get().undone_by_user_id == officer.pk
    assert StatusChange.objects.filter(concern=second).count() == 5


def test_what_was_said_meanwhile_counts_when_a_joining_is_undone(
    concern: Concern, second: Concern, officer: User
) -> None:
    press(triage.accept, second, officer)
    press(triage.ask, second, officer, text="Which side?")
    join(second, concern, officer)
    following.answer(concern_id=second.pk, text="The north side", by=REPORTER, now=LATER)
    assert fresh(concern).unanswered_since is not None
    undo(second, officer)
    assert fresh(second).state == "working"
    assert fresh(second).unanswered_since is not None


def test_chains_lead_to_the_last_case_and_come_apart_again(
    concern: Concern, second: Concern, third: Concern, officer: User
) -> None:
    join(third, second, officer)
    join(second, concern, officer)
    survivors = dict(Merge.objects.values_list("concern_id", "survivor_id"))
    assert survivors == {third.pk: concern.pk, second.pk: concern.pk}
    undo(second, officer)
    assert Merge.objects.get(concern=third).survivor_id == second.pk
    assert fresh(third).outcome == "merged"
    undo(third, officer)
    assert not Merge.objects.filter(undone_at__isnull=True).exists()


@pytest.mark.parametrize("how", ["itself", "done", "nothing_to_follow", "joined", "elsewhere"])
def test_what_cannot_be_followed_takes_no_report(
    how: str,
    concern: Concern,
    second: Concern,
    third: Concern,
    officer: User,
    elsewhere: Agency,
) -> None:
    into = concern
    if how == "itself":
        into = second
    elif how == "done":
        press(triage.close, second, officer, outcome="no_action", words="Done.")
    elif how == "nothing_to_follow":
        following.withdraw(concern_id=concern.pk, by=REPORTER, now=NOW)
    elif how == "joined":
        join(concern, third, officer)
    else:
        into = file_report(elsewhere, submission_key="far").concern
    entries = Entry.objects.count()
    with pytest.raises(merging.CannotMerge) as refused:
        join(second, into, officer)
    assert refused.value.reason == how
    assert Entry.objects.count() == entries
    assert not Merge.objects.filter(concern=second).exists()


def test_a_stale_edit_on_either_case_joins_nothing(
    concern: Concern, second: Concern, officer: User
) -> None:
    seen = {"seen_version": fresh(second).version, "into_version": fresh(concern).version}
    for changed in (concern, second):
        press(triage.add_note, changed, officer, text="Looked.")
        with pytest.raises(StaleEdit) as refused:
            join(second, concern, officer, **seen)
        assert refused.value.current.pk == changed.pk
        key = "into_version" if changed is concern else "seen_version"
        seen[key] += 1
    assert not Merge.objects.exists()
    assert Note.objects.count() == 2


def test_the_database_refuses_a_circle_and_another_agency(
    concern: Concern, second: Concern, officer: User, elsewhere: Agency
) -> None:
    join(second, concern, officer)
    far = file_report(elsewhere, submission_key="far").concern
    row = {"at": NOW, "by_user": officer, "before": {}}
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.create(
            agency=concern.agency, concern=concern, into=second, survivor=second, **row
        )
    # Both must stand in one block: the database looks at the end of the transaction.
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        Merge.objects.create(
            agency=concern.agency, concern=far, into=concern, survivor=concern, **row
        )
        connection.check_constraints()


def test_the_address_of_a_joined_page_leads_to_the_others_page_while_that_is_public(
    concern: Concern, second: Concern, third: Concern, officer: User
) -> None:
    first_page, second_page = publish(concern, officer), publish(second, officer)
    third_page = publish(third, officer)
    join(third, second, officer)
    assert moves() == [(third_page.reference, second_page.pk)]
    join(second, concern, officer)
    assert set(moves()) == {
        (third_page.reference, first_page.pk),
        (second_page.reference, first_page.pk),
    }
    press(publishing.unpublish, concern, officer)
    assert moves() == []
    again = publish(concern, officer)
    assert {public for _reference, public in moves()} == {again.pk}
    undo(second, officer)
    assert moves() == [(third_page.reference, second_page.pk)]
    assert fresh(second).public_id == second_page.pk


def test_everybody_hears_when_the_case_that_they_follow_moves(
    agency: Agency, concern: Concern, officer: User
) -> None:
    ana = file_report(
        agency, submission_key="ana", level="confidential", email="ana@example.org"
    ).concern
    join(ana, concern, officer)
    told = Message.objects.filter(subject_reference=ana.staff_reference, kind="concerns.news")
    assert told.count() == 1
    press(triage.accept, concern, officer)
    assert told.count() == 2
    press(triage.reply, concern, officer, text="Only for you.")
    assert told.count() == 2, "words for one reporter are no news to another"
    undo(ana, officer)
    assert told.count() == 3
    press(triage.start, concern, officer)
    assert told.count() == 3


def test_a_reporter_takes_their_report_out_once_and_then_staff_decide(
    concern: Concern, second: Concern, officer: User
) -> None:
    join(second, concern, officer)
    first = merging.not_the_same(
        concern_id=second.pk, text="Mine is another wall", by=REPORTER, now=LATER
    )
    assert first.is_out
    assert fresh(second).state == "received"
    assert fresh(second).unanswered_since is not None
    join(second, concern, officer)
    again = merging.not_the_same(concern_id=second.pk, text="It is not", by=REPORTER, now=LATER)
    assert not again.is_out
    assert fresh(second).outcome == "merged"
    assert Merge.objects.get(undone_at__isnull=True).dissented_on is not None
    assert fresh(concern).unanswered_since is not None


def test_a_case_that_its_reporter_takes_back_lets_the_others_go(
    concern: Concern, second: Concern, third: Concern, officer: User
) -> None:
    join(third, second, officer)
    join(second, concern, officer)
    following.withdraw(concern_id=concern.pk, by=REPORTER, now=LATER)
    assert fresh(concern).outcome == "withdrawn"
    assert fresh(second).state == "received"
    assert Merge.objects.get(concern=third, undone_at__isnull=True).survivor_id == second.pk


def test_whoever_said_mine_too_of_a_joined_report_stays(
    agency: Agency, concern: Concern, second: Concern, officer: User
) -> None:
    publish(second, officer)
    Joining.objects.create(
        agency=agency,
        concern=second,
        tracking_code="MINE",
        level="anonymous",
        secret_digest=b"x" * 32,
        joined_on=NOW.date(),
    )
    join(second, concern, officer)
    assert Joining.objects.get().concern_id == second.pk
