from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from pytest_django import Settings

from concerns.actions import following, triage
from concerns.actions.casework import BadWords, StaleEdit
from concerns.actions.sweeps import close_undisputed
from concerns.models import Concern, Note, Reply, StatusChange
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import (
    NOW,
    area_of,
    category_of,
    file_report,
    found_agency,
    hire,
)

DAY = timedelta(days=1)


def accepted(concern: Concern, officer: User) -> Concern:
    return triage.accept(
        concern_id=concern.pk, seen_version=concern.version, by=Actor.staff(officer.pk), now=NOW
    )


def resolved(concern: Concern, officer: User) -> Concern:
    taken = accepted(concern, officer)
    return triage.resolve(
        concern_id=taken.pk,
        seen_version=taken.version,
        outcome="fixed",
        words="The wall is clean again.",
        by=Actor.staff(officer.pk),
        now=NOW,
    )


def kinds_for(concern: Concern) -> list[str]:
    rows = Message.objects.filter(subject_reference=concern.staff_reference)
    return sorted(rows.values_list("kind", flat=True))


def test_accepting_tells_a_reporter_who_left_an_address(told: Concern, officer: User) -> None:
    concern = accepted(told, officer)
    assert concern.state == "accepted"
    assert kinds_for(told) == ["concerns.new_for_owner", "concerns.news", "concerns.received"]


def test_whoever_accepts_an_unowned_concern_owns_it(agency: Agency) -> None:
    concern = file_report(agency).concern
    officer = hire("Officer", Role.OFFICER, agency)
    assert concern.owner_id is None
    assert accepted(concern, officer).owner_id == officer.pk


def test_a_stale_edit_is_refused_and_changes_nothing(concern: Concern, officer: User) -> None:
    accepted(concern, officer)
    before = (Entry.objects.count(), Message.objects.count(), StatusChange.objects.count())
    with pytest.raises(StaleEdit) as refusal:
        triage.resolve(
            concern_id=concern.pk,
            seen_version=concern.version,
            outcome="fixed",
            words="Done",
            by=Actor.staff(officer.pk),
            now=NOW,
        )
    assert refusal.value.current.state == "accepted"
    assert refusal.value.seen_version == concern.version
    assert Concern.objects.get().state == "accepted"
    assert not Reply.objects.exists()
    after = (Entry.objects.count(), Message.objects.count(), StatusChange.objects.count())
    assert after == before


def test_of_two_officers_who_press_at_once_one_is_told_to_look_again(
    committed_database: str,
) -> None:
    agency = found_agency("riverton")
    officer = hire("West", Role.OFFICER, agency, leads=area_of(agency, "district", "west"))
    concern = file_report(agency).concern
    start, outcomes = Barrier(2), list[str]()

    def press() -> None:
        try:
            start.wait()
            accepted(concern, officer)
            outcomes.append("done")
        except StaleEdit:
            outcomes.append("stale")
        finally:
            connections.close_all()

    presses = [Thread(target=press) for _ in range(2)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(outcomes) == ["done", "stale"]
    assert Concern.objects.get().version == 2
    assert StatusChange.objects.filter(state="accepted").count() == 1


def test_a_question_stops_the_clock_until_the_reporter_answers(
    told: Concern, officer: User
) -> None:
    by = Actor.staff(officer.pk)
    concern = accepted(told, officer)
    due = concern.resolve_by
    triage.ask(
        concern_id=concern.pk, seen_version=concern.version, text="Which wall?", by=by, now=NOW
    )
    waiting = Concern.objects.get()
    assert (waiting.state, waiting.waiting_on) == ("waiting", "reporter")
    assert not Concern.objects.overdue(date(2030, 1, 1)).exists()
    following.answer(
        concern_id=concern.pk, text="The back one", by=Actor.reporter(), now=NOW + 7 * DAY
    )
    answered = Concern.objects.get()
    assert (answered.state, answered.waited_days) == ("working", 5)
    assert due == date(2026, 12, 1)
    assert answered.resolve_by == date(2026, 12, 8)
    assert "concerns.question" in kinds_for(told)
    assert "concerns.reporter_wrote" in kinds_for(told)


def test_nothing_can_be_asked_before_the_concern_is_accepted(
    concern: Concern, officer: User
) -> None:
    with pytest.raises(triage.CannotAsk):
        triage.ask(
            concern_id=concern.pk,
            seen_version=concern.version,
            text="Which wall?",
            by=Actor.staff(officer.pk),
            now=NOW,
        )
    assert not Reply.objects.exists()


def test_resolving_needs_words_to_the_reporter_and_an_outcome_for_staff(
    concern: Concern, officer: User
) -> None:
    taken = accepted(concern, officer)
    call = {"concern_id": taken.pk, "seen_version": taken.version, "now": NOW}
    by = Actor.staff(officer.pk)
    with pytest.raises(BadWords):
        triage.resolve(**call, outcome="fixed", words="  ", by=by)
    with pytest.raises(triage.CannotResolve):
        triage.resolve(**call, outcome="withdrawn", words="Gone", by=by)
    assert Concern.objects.get().state == "accepted"


def test_what_stays_resolved_for_fourteen_days_is_closed(concern: Concern, officer: User) -> None:
    resolved(concern, officer)
    assert close_undisputed(now=NOW + 13 * DAY) == 0
    assert close_undisputed(now=NOW + 14 * DAY) == 1
    done = Concern.objects.get()
    assert (done.state, done.outcome) == ("closed", "fixed")
    assert StatusChange.objects.latest("id").by_party == "clock"


def test_only_staff_of_the_agency_can_be_given_a_concern(
    concern: Concern, colleague: User, stranger: User
) -> None:
    call = {"concern_id": concern.pk, "by": Actor.staff(colleague.pk), "now": NOW}
    queued = Message.objects.count()
    with pytest.raises(triage.CannotAssign):
        triage.assign(**call, seen_version=1, officer_id=stranger.pk)
    assert Message.objects.count() == queued
    given = triage.assign(**call, seen_version=1, officer_id=colleague.pk)
    assert given.owner_id == colleague.pk
    assert Message.objects.count() == queued, "nobody is told of what they took themselves"


def test_in_service_a_concern_can_be_given_to_someone_who_is_not_signed_in_now(
    concern: Concern, officer: User, colleague: User, settings: Settings
) -> None:
    settings.DEMO = False
    given = triage.assign(
        concern_id=concern.pk,
        seen_version=1,
        officer_id=colleague.pk,
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    assert given.owner_id == colleague.pk


def test_a_new_owner_is_told(concern: Concern, officer: User, colleague: User) -> None:
    triage.assign(
        concern_id=concern.pk,
        seen_version=1,
        officer_id=colleague.pk,
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    assert Message.objects.filter(
        contact_id=colleague.contact_id, kind="concerns.new_for_owner"
    ).exists()


def test_correcting_the_category_counts_the_deadlines_anew(concern: Concern, officer: User) -> None:
    agency = concern.agency
    corrected = triage.correct_category(
        concern_id=concern.pk,
        seen_version=1,
        category_id=category_of(agency, "light_signal_sign").pk,
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    assert corrected.acknowledge_by == date(2026, 11, 4)
    assert corrected.resolve_by == date(2026, 11, 12)
    with pytest.raises(triage.CannotCorrectCategory):
        triage.correct_category(
            concern_id=concern.pk,
            seen_version=2,
            category_id=category_of(agency, "emergency").pk,
            by=Actor.staff(officer.pk),
            now=NOW,
        )


def test_notes_and_priorities_are_kept_and_counted_as_versions(
    concern: Concern, officer: User
) -> None:
    by = Actor.staff(officer.pk)
    triage.add_note(concern_id=concern.pk, seen_version=1, text="Seen before", by=by, now=NOW)
    urgent = triage.change_priority(
        concern_id=concern.pk, seen_version=2, priority="urgent", by=by, now=NOW
    )
    assert (urgent.priority, urgent.version) == ("urgent", 3)
    assert Note.objects.get().text == "Seen before"
    with pytest.raises(triage.CannotChangePriority):
        triage.change_priority(
            concern_id=concern.pk, seen_version=3, priority="loud", by=by, now=NOW
        )


def test_staff_may_open_a_closed_concern_again(concern: Concern, officer: User) -> None:
    by = Actor.staff(officer.pk)
    taken = accepted(concern, officer)
    closed = triage.close(
        concern_id=taken.pk,
        seen_version=taken.version,
        outcome="no_action",
        words="Nothing was found there.",
        by=by,
        now=NOW,
    )
    assert closed.closed_at is not None
    again = triage.reopen(concern_id=taken.pk, seen_version=closed.version, by=by, now=NOW)
    assert (again.state, again.outcome, again.closed_at) == ("working", "", None)


def test_all_that_staff_do_is_in_the_history_without_a_word_of_it(
    told: Concern, officer: User
) -> None:
    resolved(told, officer)
    events = Entry.objects.filter(subject_reference=told.staff_reference).order_by("id")
    assert set(events.values_list("event", flat=True)) == {
        "CONCERN_SUBMITTED",
        "CONCERN_ACCEPTED",
        "CONCERN_PUBLISHED",
        "CONCERN_RESOLVED",
    }


def test_what_its_reporter_took_back_is_not_opened_again(concern: Concern, officer: User) -> None:
    following.withdraw(concern_id=concern.pk, by=Actor.reporter(), now=NOW)
    with pytest.raises(triage.CannotReopen):
        triage.reopen(concern_id=concern.pk, seen_version=2, by=Actor.staff(officer.pk), now=NOW)
    concern.refresh_from_db()
    assert (concern.state, concern.outcome, concern.version) == ("closed", "withdrawn", 2)
