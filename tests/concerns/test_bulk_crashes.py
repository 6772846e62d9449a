"""A worker may die between any two statements, and two may work at once: each case is done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from concerns.actions import bulk
from concerns.actions.bulk_rows import CHUNK, do_rows, hand_of, waiting_rows
from concerns.models import BulkRun, Concern, Reply, ReplyTemplate
from concerns.models.bulk import Result, Status, Verb
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report, found_agency, hire


class Crash(BaseException):
    """Nothing in the portal catches this: the process is gone."""


class DiesBefore:
    """Lets so many statements through and then crashes."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        if self.left == 0 and not sql.startswith("ROLLBACK"):
            # The server rolls back by itself what a dead process left.
            raise Crash
        if self.left == 0:
            return execute(sql, *given)
        self.left -= 1
        return execute(sql, *given)


def begun(agency: Agency, user: User, verb: str, now: datetime, **details: Any) -> BulkRun:
    rows = Concern.objects.visible_to(user).filter(agency=agency)
    run = bulk.prepare(agency=agency, user=user, verb=verb, rows=rows, now=now)
    bulk.choose(run=run, details=details)
    return bulk.begin(run=run, user=user, now=now)


def standing(concern: Concern) -> tuple[Any, ...]:
    row = Concern.objects.values_list("version", "state", "owner_id").get(pk=concern.pk)
    events = Entry.objects.filter(subject_reference=concern.staff_reference).count()
    return (*row, events, Reply.objects.filter(concern=concern).count())


def crashes(run: BulkRun, concern: Concern, now: datetime) -> int:
    """Crash before the first statement, before the second and so on, until one walk is through;
    return how many statements it took. Until then nothing may have changed."""
    before = standing(concern)
    for statements in range(200):
        row_id = waiting_rows(run)[0]
        hand = hand_of(run, now=now)
        try:
            with connection.execute_wrapper(DiesBefore(statements)):
                do_rows([row_id], hand, now=now)
        except Crash:
            assert standing(concern) == before, statements
            assert waiting_rows(run) == [row_id], statements
        else:
            return statements
    raise AssertionError("it never came through")


@pytest.mark.usefixtures("committed_database")
@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.CLOSE])
def test_a_crash_between_any_two_statements_leaves_the_case_and_its_row_alike(
    now: datetime, verb: str
) -> None:
    agency = found_agency("riverton")
    boss = hire("Sergeant", Role.SUPERVISOR, agency)
    concern = file_report(agency, level="confidential", email="ana@example.org").concern
    ReplyTemplate.objects.create(
        agency=agency, state="closed", language="en", name="Gone now", text="It is gone."
    )
    details = {"text": "Gone now", "outcome": "fixed"} if verb == Verb.CLOSE else {}
    run = begun(agency, boss, verb, now, **details)
    assert crashes(run, concern, now) > 8
    done = standing(concern)
    assert done[0] == 2
    assert bulk.work(run, now=now, rows=10) == 0
    assert standing(concern) == done
    run.refresh_from_db()
    assert run.status == Status.DONE
    undoing = bulk.undo(run=run, user=boss, now=now)
    assert crashes(undoing, concern, now) > 8
    taken_back = standing(concern)
    assert taken_back[1] == "received"
    assert bulk.work(undoing, now=now, rows=10) == 0
    assert standing(concern) == taken_back


@pytest.mark.usefixtures("committed_database")
def test_two_workers_do_each_case_once() -> None:
    agency = found_agency("riverton")
    boss = hire("Sergeant", Role.SUPERVISOR, agency)
    number = 2 * CHUNK + 3
    for each in range(number):
        file_report(agency, submission_key=f"many-{each}")
    run = begun(agency, boss, Verb.PRIORITY, NOW, priority="high")
    together = Barrier(2)

    def work(_worker: int) -> int:
        together.wait(30)
        try:
            # One that finds all rows of its chunk with the other goes on with the next sweep.
            return sum(bulk.work(run, now=NOW, rows=bulk.MOST) for _sweep in range(20))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(work, range(2)))
    assert sum(shares) == number
    run.refresh_from_db()
    assert run.status == Status.DONE
    assert run.rows.filter(result=Result.DONE).count() == number
    assert set(Concern.objects.values_list("version", flat=True)) == {2}
    assert Entry.objects.filter(event="CONCERN_PRIORITY_CHANGED").count() == number


@pytest.mark.usefixtures("committed_database")
def test_one_yes_pressed_twice_begins_once() -> None:
    agency = found_agency("riverton")
    boss = hire("Sergeant", Role.SUPERVISOR, agency)
    file_report(agency)
    rows = Concern.objects.order_by("id")
    run = bulk.prepare(agency=agency, user=boss, verb=Verb.ACCEPT, rows=rows, now=NOW)
    bulk.choose(run=run, details={})
    together = Barrier(2)

    def yes(_press: int) -> bool:
        together.wait(30)
        try:
            bulk.begin(run=run, user=boss, now=NOW)
        except bulk.CannotBegin:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(yes, range(2))) == [False, True]
    assert Entry.objects.filter(event="BULK_BEGUN").count() == 1
