"""The numbers on the desk are what a count of the rows would say, at every moment."""

import random
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from concerns.desk_counting import LOCK, count_anew, differences, fold
from concerns.desk_numbers import When, days_around, numbers_for
from concerns.models import Category, Concern, DeskChange, DeskCount, Suspicion
from concerns.models.concern import Level
from concerns.models.desk_counts import ANY, NONE, Kind
from concerns.querysets import ConcernQuerySet
from concerns.workflow import Outcome, State
from engagement.people.models import User
from engagement.people.rights import forget_rights
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds
from tests.databases import server

TODAY = date(2026, 11, 18)
DAYS = days_around(TODAY, set())
OPEN_STATES = [State.RECEIVED, State.ACCEPTED, State.WORKING, State.WAITING]


def people(cedar: Agency) -> list[User]:
    """An officer, an officer's supervisor of one district, and one of the whole agency."""
    officer = worlds.officer(cedar)
    chief = worlds.officer(cedar, "Chief", role=Role.SUPERVISOR, district=None)
    sergeant = worlds.officer(cedar, "Sergeant", role=Role.SUPERVISOR, district=None)
    grant = sergeant.grants.get()
    west = Area.objects.get(agency=cedar, layer="district", code="1")
    grant.areas.add(west, through_defaults={"agency": cedar})
    return [officer, sergeant, chief]


def some_day(chance: random.Random) -> date | None:
    return chance.choice([None, *(TODAY + timedelta(days=days) for days in range(-6, 8))])


def state_of(chance: random.Random) -> dict[str, object]:
    """A state with all that the table demands of it."""
    state = chance.choice([*OPEN_STATES, *OPEN_STATES, State.CLOSED])
    done = state == State.CLOSED
    return {
        "state": state,
        "outcome": Outcome.FIXED if done else "",
        "closed_at": worlds.NOW if done else None,
        "waiting_on": "reporter" if state == State.WAITING else "",
        "waiting_since": TODAY if state == State.WAITING else None,
        "acknowledge_by": some_day(chance),
        "resolve_by": some_day(chance),
        "unanswered_since": some_day(chance),
        "danger": chance.choice(["", "", "crisis"]),
    }


def file(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    """As the form does, but without a history, which nobody may delete."""
    kind = Category.objects.get(agency=cedar, code=chance.choice(["graffiti", "neighbor_dispute"]))
    new = worlds.NOW.date() - timedelta(days=chance.randint(0, 5))
    Concern.objects.create(
        agency=cedar,
        staff_reference=secrets.token_hex(6),
        tracking_code=secrets.token_hex(6),
        category=kind,
        area=_some_area(cedar, chance),
        level=Level.ANONYMOUS,
        received_at=worlds.NOW,
        received_on=new,
        **state_of(chance),
    )


def work(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    some.update(**state_of(chance))


def give(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    some.update(owner=chance.choice([None, *staff]))


def move(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    some.update(area=_some_area(cedar, chance))


def hold(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    for concern in some.order_by("id"):
        mark, is_new = Suspicion.objects.get_or_create(
            agency=cedar, concern=concern, defaults={"reasons": ["flood"], "is_held": True}
        )
        if not is_new:
            Suspicion.objects.filter(pk=mark.pk).update(is_held=not mark.is_held)


def turn(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    Category.objects.filter(agency=cedar, code="graffiti").update(
        visibility=chance.choice(["never", "street"]), publishes_without_text=False
    )


def drop(cedar: Agency, some: ConcernQuerySet, staff: list[User], chance: random.Random) -> None:
    ids = list(some.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        if chance.random() < 0.5:
            Suspicion.objects.filter(concern_id__in=ids).delete()
        cursor.execute("DELETE FROM concerns_concern WHERE id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM concerns_suspicion WHERE concern_id = ANY(%s)", [ids])


HAPPENINGS = (file, file, file, work, work, give, move, hold, turn, drop)


def _some_area(cedar: Agency, chance: random.Random) -> Area | None:
    areas = Area.objects.filter(agency=cedar, layer="district").order_by("id")
    return chance.choice([None, *areas])


def happen(cedar: Agency, staff: list[User], chance: random.Random) -> None:
    """Somebody files, works, hands over, suspects, deletes, or makes a kind private."""
    ids = list(Concern.objects.filter(agency=cedar).order_by("id").values_list("pk", flat=True))
    some = chance.sample(ids, min(len(ids), chance.choice([1, 3])))
    chance.choice(HAPPENINGS)(cedar, Concern.objects.filter(pk__in=some), staff, chance)


def counted(rows: ConcernQuerySet) -> dict[str, int]:
    """What a count of the rows themselves says."""
    soon = DAYS.soon + timedelta(days=1)
    late = rows.overdue(TODAY)
    return {
        "open": rows.open().count(),
        "late": late.count(),
        "soon": rows.overdue(soon).exclude(pk__in=late.values("pk")).count(),
        "waiting": rows.filter(state=State.WAITING).count(),
        "messages": rows.open().filter(unanswered_since__isnull=False).count(),
        "old messages": rows.open().filter(unanswered_since__lt=DAYS.patient).count(),
        "danger": rows.calls_for_help().count(),
    }


def told(user: User, cedar: Agency, areas: list[int], area: int, owner: int) -> dict[str, int]:
    forget_rights(user)
    numbers = numbers_for(user, cedar, DAYS, areas=areas)
    here = {"area": area, "owner": owner}
    return {
        "open": numbers.open(**here),
        "late": numbers.of(Kind.CLOCK, when=[When.PAST], **here),
        "soon": numbers.of(Kind.CLOCK, when=[When.NEAR], **here),
        "waiting": numbers.of(Kind.WAITING, **here),
        "messages": numbers.of(Kind.MESSAGE, **here),
        "old messages": numbers.of(Kind.MESSAGE, when=[When.PAST], **here),
        "danger": numbers.of(Kind.DANGER, **here),
    }


def same_for_everybody(cedar: Agency, staff: list[User]) -> None:
    areas = list(Area.objects.filter(agency=cedar, layer="district").values_list("pk", flat=True))
    for user in staff:
        forget_rights(user)
        rows = Concern.objects.visible_to(user).filter(agency=cedar).not_held()
        places: list[tuple[int, ConcernQuerySet]] = [
            (ANY, rows),
            (NONE, rows.filter(area__isnull=True)),
            *((area, rows.filter(area_id=area)) for area in areas),
        ]
        for area, there in places:
            for owner, theirs in (
                (ANY, there),
                (NONE, there.unowned()),
                (user.pk, there.owned_by(user)),
            ):
                if area != ANY and owner == user.pk:
                    continue  # nobody asks how many of their own lie in one area
                assert told(user, cedar, areas, area, owner) == counted(theirs), (user.name, area)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_follow_whatever_happens(seed: int) -> None:
    chance = random.Random(seed)
    cedar = worlds.agency()
    worlds.reported(worlds.agency("eastfield", east=1.0))
    staff = people(cedar)
    for step in range(40):
        happen(cedar, staff, chance)
        if chance.random() < 0.2:
            fold()
        assert differences() == 0
        if step % 8 == 7:
            same_for_everybody(cedar, staff)
    count_anew(connection)
    assert not DeskChange.objects.exists()
    same_for_everybody(cedar, staff)


@pytest.mark.django_db
def test_an_officer_is_told_no_number_of_private_kinds_of_others() -> None:
    cedar = worlds.agency()
    officer, sergeant, chief = people(cedar)
    worlds.reported(cedar, category="neighbor_dispute", lon=None, lat=None)
    east = Area.objects.get(agency=cedar, layer="district", code="2")
    Concern.objects.update(owner=chief, area=east)
    here = [east.pk]
    assert told(officer, cedar, here, ANY, ANY)["open"] == 0
    assert told(officer, cedar, here, east.pk, ANY)["open"] == 0
    assert told(sergeant, cedar, here, ANY, ANY)["open"] == 0
    assert told(chief, cedar, here, ANY, ANY)["open"] == 1


def test_writers_at_once_rollbacks_and_sweeps_leave_every_number_right(
    committed_database: str,
) -> None:
    cedar = worlds.agency()
    staff = people(cedar)
    for _each in range(6):
        worlds.reported(cedar)
    failures: list[BaseException] = []
    run = [
        _in_a_thread(partial(_work_for_a_while, staff, random.Random(seed), failures))
        for seed in range(4)
    ]
    for thread in run:
        thread.join()
    assert failures == []
    while fold():
        pass
    assert differences() == 0
    same_for_everybody(cedar, staff)


def _work_for_a_while(
    staff: list[User], chance: random.Random, failures: list[BaseException]
) -> None:
    try:
        for _step in range(25):
            with suppress(_Changed), transaction.atomic():
                _touch(staff, chance)
                if chance.random() < 0.3:
                    raise _Changed
            if chance.random() < 0.3:
                fold()
            assert differences() == 0
    except BaseException as failure:  # a thread must not lose it
        failures.append(failure)


class _Changed(Exception):
    """Somebody thought better of it."""


def _touch(staff: list[User], chance: random.Random) -> None:
    """One row at a time, so that no two wait for each other in a circle."""
    ids = list(Concern.objects.order_by("id").values_list("pk", flat=True))
    concern_id = chance.choice(ids)
    what = chance.random()
    if what < 0.15:
        Category.objects.filter(code="graffiti").update(
            visibility=chance.choice(["never", "street"]), publishes_without_text=False
        )
        return
    locked = Concern.objects.select_for_update().get(pk=concern_id)
    if what < 0.4:
        made, is_new = Suspicion.objects.get_or_create(
            agency_id=locked.agency_id, concern=locked, defaults={"reasons": [], "is_held": True}
        )
        if not is_new:
            Suspicion.objects.filter(pk=made.pk).update(is_held=not made.is_held)
    else:
        Concern.objects.filter(pk=concern_id).update(
            owner=chance.choice([None, *staff]), **state_of(chance)
        )


def _in_a_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_report_held_while_somebody_else_works_on_it_is_counted_right(
    committed_database: str,
) -> None:
    """Neither transaction sees what the other has written when it begins."""
    cedar = worlds.agency()
    officer = worlds.officer(cedar)
    concern = worlds.reported(cedar).concern
    has_changed, may_end = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            Concern.objects.filter(pk=concern.pk).update(owner=officer)
            has_changed.set()
            may_end.wait(20)

    def hold() -> None:
        Suspicion.objects.create(agency=cedar, concern=concern, reasons=[], is_held=True)

    at_work = _in_a_thread(work)
    has_changed.wait(20)
    holding = _in_a_thread(hold)
    may_end.set()
    at_work.join()
    holding.join()
    assert differences() == 0
    Suspicion.objects.all().delete()
    assert differences() == 0
    assert numbers_for(officer, cedar, DAYS).open(owner=officer.pk) == 1


def test_a_kind_made_private_while_somebody_reports_is_counted_right(
    committed_database: str,
) -> None:
    cedar = worlds.agency()
    officer = worlds.officer(cedar)
    worlds.reported(cedar)
    has_changed, may_end = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            Concern.objects.update(resolve_by=TODAY)
            has_changed.set()
            may_end.wait(20)

    def turn() -> None:
        Category.objects.filter(code="graffiti").update(
            visibility="never", publishes_without_text=False
        )

    at_work = _in_a_thread(work)
    has_changed.wait(20)
    turning = _in_a_thread(turn)
    may_end.set()
    at_work.join()
    turning.join()
    assert differences() == 0
    Concern.objects.update(owner=None)
    assert differences() == 0
    assert numbers_for(officer, cedar, DAYS).open() == 0


def test_a_sweep_that_dies_half_way_has_swept_nothing(committed_database: str) -> None:
    cedar = worlds.agency()
    worlds.reported(cedar)
    before = DeskChange.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    begun, killed = threading.Event(), threading.Event()

    def kill() -> None:
        begun.wait(20)
        with server() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        killed.set()

    killer = _in_a_thread(kill)

    def sweep() -> None:
        with transaction.atomic():
            fold()
            begun.set()
            killed.wait(20)
            DeskCount.objects.exists()

    with pytest.raises(DatabaseError):
        sweep()
    killer.join()
    connection.close()
    assert DeskChange.objects.count() == before
    assert differences() == 0


def test_one_sweep_at_a_time(committed_database: str) -> None:
    worlds.reported(worlds.agency())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        swept: list[int] = []
        _in_a_thread(lambda: swept.append(fold())).join()
    assert swept == [0]
    assert fold() > 0


@pytest.mark.django_db
def test_the_command_says_in_one_line_that_numbers_differ_and_mends_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cedar = worlds.agency()
    worlds.reported(cedar)
    call_command("check_counts")
    DeskChange.objects.filter(owner_ref=ANY).update(number=5)
    with pytest.raises(CommandError, match=r"^\d+ numbers differ from the concerns"):
        call_command("check_counts")
    call_command("check_counts", "--mend")
    call_command("check_counts")
    assert capsys.readouterr().out.splitlines()[-1] == "Every number is what the concerns say."
