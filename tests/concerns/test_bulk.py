"""One step on many cases: the same as pressing each, each once, and taken back for an hour."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import bulk, tagging, triage
from concerns.actions.bulk_rows import CHUNK
from concerns.models import BulkRow, BulkRun, Concern, ConcernTag, Reply, ReplyTemplate, Tag, Team
from concerns.models.bulk import Result, Status, Verb
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import area_of, category_of, file_report, hire

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(agency: Agency) -> User:
    return hire("Sergeant", Role.SUPERVISOR, agency)


def many(agency: Agency, number: int, **changes: object) -> list[Concern]:
    return [
        file_report(agency, submission_key=f"many-{each}", **changes).concern
        for each in range(number)
    ]


def prepared(agency: Agency, user: User, verb: str, now: datetime, **details: Any) -> BulkRun:
    rows = Concern.objects.visible_to(user).filter(agency=agency).not_held()
    run = bulk.prepare(agency=agency, user=user, verb=verb, rows=rows, now=now)
    return bulk.choose(run=run, details=details)


def done(agency: Agency, user: User, verb: str, now: datetime, **details: Any) -> BulkRun:
    run = prepared(agency, user, verb, now, **details)
    bulk.begin(run=run, user=user, now=now)
    bulk.work(run, now=now, rows=bulk.MOST)
    run.refresh_from_db()
    return run


def results(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("id").values_list("result", "reason"))


def test_each_case_is_given_by_the_same_action_as_singly(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    many(agency, 3)
    run = done(agency, boss, Verb.ASSIGN, now, officer=colleague.pk)
    assert run.status == Status.DONE
    assert results(run) == [(Result.DONE, "")] * 3
    assert set(Concern.objects.values_list("owner_id", flat=True)) == {colleague.pk}
    given = Entry.objects.filter(event="CONCERN_ASSIGNED", actor_user_id=boss.pk)
    assert given.count() == 3
    told = Message.objects.filter(contact=colleague.contact, kind__startswith="concerns.many")
    assert [message.kind for message in told] == ["concerns.many_for_owner"]
    assert not Message.objects.filter(
        kind="concerns.new_for_owner", contact=colleague.contact
    ).exists()
    assert Entry.objects.filter(event="BULK_BEGUN").count() == 1


def test_nothing_happens_before_a_yes(
    agency: Agency, colleague: User, boss: User, now: datetime
) -> None:
    concern = many(agency, 1)[0]
    run = prepared(agency, boss, Verb.ASSIGN, now, officer=colleague.pk)
    assert bulk.work(run, now=now, rows=10) == 0
    concern.refresh_from_db()
    assert concern.version == 1
    unchosen = bulk.prepare(
        agency=agency, user=boss, verb=Verb.ACCEPT, rows=Concern.objects.order_by("id"), now=now
    )
    with pytest.raises(bulk.CannotBegin):
        bulk.begin(run=unchosen, user=boss, now=now)


def test_what_a_colleague_changed_meanwhile_is_left_and_says_who(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    first, second = many(agency, 2)
    run = prepared(agency, boss, Verb.PRIORITY, now, priority="high")
    by = Actor.staff(colleague.pk)
    triage.add_note(concern_id=first.pk, seen_version=1, text="Seen.", by=by, now=now)
    bulk.begin(run=run, user=boss, now=now)
    bulk.work(run, now=now, rows=10)
    rows = {row.concern_id: row for row in run.rows.order_by("id")}
    assert (rows[first.pk].result, rows[first.pk].changed_by_id) == (Result.CHANGED, colleague.pk)
    assert rows[second.pk].result == Result.DONE
    first.refresh_from_db()
    assert first.priority == "normal"


def test_refusals_say_why(agency: Agency, officer: User, boss: User, now: datetime) -> None:
    open_one, closed = many(agency, 2)
    by = Actor.staff(boss.pk)
    triage.close(
        concern_id=closed.pk, seen_version=1, outcome="no_action", words="No.", by=by, now=now
    )
    run = done(agency, boss, Verb.ASSIGN, now, officer=officer.pk)
    assert results(run) == [(Result.REFUSED, "is_so"), (Result.REFUSED, "is_done")]
    open_one.refresh_from_db()
    assert open_one.version == 1


def test_an_officer_of_one_area_reaches_no_more_by_bulk_than_singly(
    agency: Agency, now: datetime
) -> None:
    west = area_of(agency, "district", "west")
    limited = hire("West only", Role.OFFICER, agency, west)
    own = file_report(agency, submission_key="in").concern
    out = file_report(agency, submission_key="out", lon=-90.15).concern
    run = done(agency, limited, Verb.PRIORITY, now, priority="high")
    found = {row.concern_id: (row.result, row.reason) for row in run.rows.order_by("id")}
    assert found == {own.pk: (Result.DONE, ""), out.pk: (Result.REFUSED, "no_right")}


def test_rights_lost_after_the_yes_count(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    many(agency, 2)
    run = prepared(agency, boss, Verb.PRIORITY, now, priority="high")
    bulk.begin(run=run, user=boss, now=now)
    Grant.objects.filter(user=boss).delete()
    bulk.work(run, now=now, rows=10)
    assert {reason for _result, reason in results(run)} == {"unreadable"}
    assert not Concern.objects.filter(priority="high").exists()


@pytest.mark.privacy
def test_in_service_the_trust_of_the_session_ends_with_the_shift(
    agency: Agency, officer: User, boss: User, in_service: None
) -> None:
    now = timezone.now()
    many(agency, 2)
    boss.has_fresh_factor = True
    run = prepared(agency, boss, Verb.PRIORITY, now, priority="high")
    bulk.begin(run=run, user=boss, now=now)
    bulk.work(run, now=now + timedelta(hours=13), rows=10)
    assert {reason for _result, reason in results(run)} == {"unreadable"}


def test_a_case_of_another_agency_is_never_taken(
    agency: Agency, elsewhere: Agency, boss: User, now: datetime
) -> None:
    foreign = file_report(elsewhere, submission_key="foreign").concern
    mine = file_report(agency, submission_key="mine").concern
    run = prepared(agency, boss, Verb.PRIORITY, now, priority="high")
    assert [row.concern_id for row in run.rows.order_by("id")] == [mine.pk]
    bulk.begin(run=run, user=boss, now=now)
    bulk.work(run, now=now, rows=10)
    foreign.refresh_from_db()
    assert foreign.version == 1


def test_every_verb_is_done_and_taken_back(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    team = Team.objects.create(agency=agency, name="Traffic")
    tag = Tag.objects.create(agency=agency, name="bridge")
    concern = many(agency, 1)[0]
    before = {
        name: getattr(concern, name) for name in ("owner_id", "team_id", "priority", "category_id")
    }
    steps: list[tuple[str, dict[str, Any]]] = [
        (Verb.ASSIGN, {"officer": colleague.pk}),
        (Verb.ASSIGN, {"officer": None}),
        (Verb.TEAM, {"team": team.pk}),
        (Verb.PRIORITY, {"priority": "urgent"}),
        (Verb.TAG, {"tag": tag.pk}),
        (Verb.CATEGORY, {"category": category_of(agency, "noise").pk}),
    ]
    for verb, details in steps:
        run = done(agency, boss, verb, now, **details)
        assert results(run) == [(Result.DONE, "")], verb
        bulk.undo(run=run, user=boss, now=now + timedelta(minutes=59))
        bulk.work(run, now=now, rows=10)
        run.refresh_from_db()
        assert run.status == Status.UNDONE
        assert [row.undone for row in run.rows.order_by("id")] == [Result.DONE], verb
        concern.refresh_from_db()
        assert {name: getattr(concern, name) for name in before} == before, verb
    assert not ConcernTag.objects.exists()


def test_moves_are_taken_back_with_their_clocks(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    concern = many(agency, 1)[0]
    for verb, state in ((Verb.ACCEPT, State.ACCEPTED), (Verb.START, State.WORKING)):
        was: dict[str, Any] = dict(Concern.objects.values().get(pk=concern.pk))
        run = done(agency, boss, verb, now)
        assert results(run) == [(Result.DONE, "")]
        concern.refresh_from_db()
        assert concern.state == state
        bulk.undo(run=run, user=boss, now=now)
        bulk.work(run, now=now, rows=10)
        back: dict[str, Any] = dict(Concern.objects.values().get(pk=concern.pk))
        changed = {name for name in was if was[name] != back[name]}
        assert changed == {"version"}, verb
        bulk.begin(run=prepared(agency, boss, verb, now), user=boss, now=now)
        bulk.work_everywhere(now=now)
    assert Entry.objects.filter(event="CONCERN_MOVE_TAKEN_BACK").count() == 2


def test_an_undo_leaves_what_somebody_changed_since_and_ends_after_an_hour(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime
) -> None:
    first, second = many(agency, 2)
    run = done(agency, boss, Verb.PRIORITY, now, priority="high")
    by = Actor.staff(colleague.pk)
    triage.add_note(concern_id=first.pk, seen_version=2, text="Seen.", by=by, now=now)
    with pytest.raises(bulk.CannotUndo):
        bulk.undo(run=run, user=boss, now=now + timedelta(minutes=61))
    bulk.undo(run=run, user=boss, now=now + timedelta(minutes=5))
    bulk.work(run, now=now, rows=10)
    rows = {row.concern_id: row.undone for row in run.rows.order_by("id")}
    assert rows == {first.pk: Result.CHANGED, second.pk: Result.DONE}
    assert dict(Concern.objects.values_list("pk", "priority")) == {
        first.pk: "high",
        second.pk: "normal",
    }
    with pytest.raises(bulk.CannotUndo):
        bulk.undo(run=run, user=boss, now=now)


def test_each_reporter_reads_the_text_in_their_own_language_or_none(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    english = file_report(agency, submission_key="en").concern
    spanish = file_report(agency, submission_key="es", language="es").concern
    french = file_report(agency, submission_key="fr", language="fr").concern
    ReplyTemplate.objects.filter(agency=agency).delete()
    for language, name, text in (
        ("en", "Heard, all", "We heard you: {reference}."),
        ("es", "La oímos", "La oímos: {reference}."),
    ):
        ReplyTemplate.objects.create(
            agency=agency, state="received", language=language, name=name, text=text
        )
    run = done(agency, boss, Verb.REPLY, now, text="Heard, all")
    found = {row.concern_id: (row.result, row.reason) for row in run.rows.order_by("id")}
    assert found[french.pk] == (Result.REFUSED, "no_text")
    texts = dict(Reply.objects.order_by("id").values_list("concern_id", "text"))
    assert texts == {
        english.pk: f"We heard you: {english.staff_reference}.",
        spanish.pk: f"La oímos: {spanish.staff_reference}.",
    }
    bulk.undo(run=run, user=boss, now=now)
    bulk.work(run, now=now, rows=10)
    assert Reply.objects.count() == 2


def test_cases_are_closed_with_words_and_opened_again_by_undoing(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    ReplyTemplate.objects.create(
        agency=agency, state="closed", language="en", name="Gone", text="It is gone."
    )
    concern = many(agency, 1)[0]
    run = done(agency, boss, Verb.CLOSE, now, text="Gone", outcome="fixed")
    assert results(run) == [(Result.DONE, "")]
    concern.refresh_from_db()
    assert (concern.state, concern.outcome) == (State.CLOSED, "fixed")
    bulk.undo(run=run, user=boss, now=now)
    bulk.work(run, now=now, rows=10)
    concern.refresh_from_db()
    assert (concern.state, concern.outcome) == (State.RECEIVED, "")
    assert Reply.objects.get().text == "It is gone."


def test_a_stopped_step_leaves_the_rest_and_can_be_taken_back(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    many(agency, CHUNK + 2)
    run = prepared(agency, boss, Verb.PRIORITY, now, priority="high")
    bulk.begin(run=run, user=boss, now=now)
    assert bulk.work(run, now=now, rows=1) == CHUNK
    bulk.stop(run=run, user=boss, now=now)
    assert bulk.work(run, now=now, rows=10) == 0
    assert Concern.objects.filter(priority="high").count() == CHUNK
    bulk.undo(run=run, user=boss, now=now)
    bulk.work(run, now=now, rows=bulk.MOST)
    assert not Concern.objects.filter(priority="high").exists()
    run.refresh_from_db()
    assert run.status == Status.UNDONE


def test_a_case_that_breaks_the_action_holds_up_no_other(
    agency: Agency, officer: User, boss: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = many(agency, 2)
    put = tagging._put_on

    def breaks(concern: Concern, *rest: Any, **given: Any) -> ConcernTag:
        if concern.pk == first.pk:
            raise RuntimeError("broken")
        return put(concern, *rest, **given)

    monkeypatch.setattr(tagging, "_put_on", breaks)
    tag = Tag.objects.create(agency=agency, name="bridge")
    run = done(agency, boss, Verb.TAG, now, tag=tag.pk)
    assert results(run) == [(Result.REFUSED, "fault"), (Result.DONE, "")]
    assert [put.concern_id for put in ConcernTag.objects.order_by("id")] == [second.pk]


def test_more_than_fit_or_none_are_not_prepared(
    agency: Agency, boss: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    many(agency, 3)
    for rows in (Concern.objects.order_by("id"), Concern.objects.none()):
        with pytest.raises(bulk.CannotPrepare):
            bulk.prepare(agency=agency, user=boss, verb=Verb.ACCEPT, rows=rows, now=now)
    assert not BulkRun.objects.exists()
    assert not BulkRow.objects.exists()


def test_old_steps_are_forgotten_and_history_is_not(
    agency: Agency, officer: User, boss: User, now: datetime
) -> None:
    many(agency, 2)
    prepared(agency, boss, Verb.PRIORITY, now, priority="low")
    done(agency, boss, Verb.PRIORITY, now, priority="high")
    assert bulk.forget_old(now=now + timedelta(days=2)) == 1
    assert bulk.forget_old(now=now + timedelta(days=31)) == 1
    assert not BulkRow.objects.exists()
    assert Entry.objects.filter(event="BULK_BEGUN").exists()


@pytest.mark.parametrize(
    ("verb", "most"), [(Verb.PRIORITY, 5), (Verb.ASSIGN, 6), (Verb.ACCEPT, 8), (Verb.CLOSE, 9)]
)
def test_a_case_costs_few_questions_as_its_chunk_is_read_at_once(
    agency: Agency, officer: User, colleague: User, boss: User, now: datetime, verb: str, most: int
) -> None:
    """Lock the row, lock the case, change it, note both; what all share is asked once."""
    ReplyTemplate.objects.create(
        agency=agency, state="closed", language="en", name="Gone now", text="It is gone."
    )
    details: dict[str, dict[str, Any]] = {
        Verb.PRIORITY: {"priority": "high"},
        Verb.ASSIGN: {"officer": colleague.pk},
        Verb.CLOSE: {"text": "Gone now", "outcome": "fixed"},
    }
    for each in range(CHUNK):
        file_report(agency, submission_key=f"n-{each}", level="confidential", email="a@example.org")
    run = prepared(agency, boss, verb, now, **details.get(verb, {}))
    bulk.begin(run=run, user=boss, now=now)
    with CaptureQueriesContext(connection) as asked:
        assert bulk.work(run, now=now, rows=1) == CHUNK
    questions = [one for one in asked if "SAVEPOINT" not in one["sql"]]
    shared = 16
    assert len(questions) <= shared + CHUNK * most
    assert set(run.rows.values_list("result", flat=True)) == {Result.DONE}
