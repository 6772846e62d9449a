"""The first page of the desk: each number is that of the rows behind it, what is stuck is named."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import triage
from concerns.desk_search import Wanted
from concerns.models import Concern, DeskLook, Suspicion
from concerns.views.desk_rows import Row
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.outbox.states import State as MessageState
from engagement.people.models import Contact, User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area, Holiday
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(officer: User) -> Client:
    return worlds.signed_in(officer)


def reported(cedar: Agency, **changes: object) -> Concern:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    Concern.objects.filter(pk=concern.pk).update(**changes)
    concern.refresh_from_db()
    return concern


def tiles(desk: Client) -> list[dict[str, object]]:
    work = desk.get("/desk/").context["casework"]
    return [*work["tiles"], *work["all_tiles"], *work["stuck"]]


def number(desk: Client, words: str) -> object:
    found = [tile["count"] for tile in tiles(desk) if tile["label"] == words]
    return found[0] if found else 0


def scatter(cedar: Agency, staff: list[User], today: date) -> None:
    """Open work of every sort, spread by chance but always alike."""
    chance = random.Random(7)
    areas = list(Area.objects.filter(agency=cedar, layer="district").order_by("id"))
    for kind in ["graffiti", "neighbor_dispute"] * 20:
        concern = worlds.reported(cedar, now=timezone.now(), category=kind).concern
        waits = chance.random() < 0.2
        Concern.objects.filter(pk=concern.pk).update(
            state=State.WAITING if waits else chance.choice([State.RECEIVED, State.WORKING]),
            waiting_on="reporter" if waits else "",
            waiting_since=today if waits else None,
            owner=chance.choice([None, *staff]),
            area=chance.choice([None, *areas]),
            acknowledge_by=today + timedelta(days=chance.randint(-5, 9)),
            resolve_by=chance.choice([None, today + timedelta(days=chance.randint(-5, 9))]),
            unanswered_since=chance.choice([None, today - timedelta(days=chance.randint(0, 9))]),
            danger=chance.choice(["", "", "crisis"]),
        )
        if chance.random() < 0.1:
            Suspicion.objects.create(agency=cedar, concern=concern, reasons=["flood"], is_held=True)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.READER])
def test_every_number_is_that_of_the_rows_it_leads_to(
    cedar: Agency, officer: User, role: Role
) -> None:
    now = timezone.now()
    today = cedar.day_of(now)
    reader = worlds.officer(cedar, "Somebody", role=role, district="2", now=now)
    Holiday.objects.create(agency=cedar, on=today + timedelta(days=1), name="A day off")
    scatter(cedar, [officer, reader], today)
    rows = Concern.objects.visible_to(reader).filter(agency=cedar).not_held()
    found = tiles(worlds.signed_in(reader))
    assert len(found) >= 14
    for tile in found:
        query = QueryDict(str(tile["url"]).partition("?")[2])
        wanted = Wanted.from_query(query)
        assert wanted.tab == query["show"]
        assert tile["count"] == wanted.apply(rows, user=reader, today=today).count(), tile


def test_work_of_another_agency_is_in_no_number(cedar: Agency, desk: Client) -> None:
    worlds.reported(worlds.agency("eastfield", east=1.0), now=timezone.now())
    assert [tile for tile in tiles(desk) if tile["count"]] == []


def test_what_nobody_would_find_by_waiting_is_named(cedar: Agency, desk: Client) -> None:
    assert "Nothing is stuck." in desk.get("/desk/").content.decode()
    long_ago = cedar.day_of(timezone.now()) - timedelta(days=9)
    reported(cedar, owner=None, area=None, unanswered_since=long_ago)
    mailed = reported(cedar)
    _undelivered(mailed)
    page = desk.get("/desk/").content.decode()
    for words in (
        "with nobody",
        "outside every area",
        "with a message unanswered for more than two business days",
        "with mail that could not be delivered",
    ):
        assert words in page
        assert number(desk, words) == 1
    assert "Nothing is stuck." not in page


def _undelivered(concern: Concern) -> None:
    now = timezone.now()
    Message.objects.create(
        kind="concerns.news",
        contact=Contact.objects.create(
            kind="email", ciphertext=b"x", lookup=b"y" * 32, language="en", created_on=now.date()
        ),
        agency=concern.agency,
        subject_type="concern",
        subject_reference=concern.staff_reference,
        event="e",
        state=MessageState.FAILED,
        due_at=now,
        finished_at=now,
    )


def test_what_is_due_first_stands_first(cedar: Agency, officer: User, desk: Client) -> None:
    today = cedar.day_of(timezone.now())
    later = reported(cedar, owner=officer, acknowledge_by=today + timedelta(days=3))
    late = reported(cedar, owner=None, acknowledge_by=today - timedelta(days=3))
    soon = reported(cedar, owner=officer, acknowledge_by=today)
    waiting = reported(
        cedar,
        owner=officer,
        state=State.WAITING,
        waiting_on="reporter",
        waiting_since=today,
    )
    shown = [row.reference for row in desk.get("/desk/").context["casework"]["todo"]]
    assert shown == [each.staff_reference for each in (late, soon, later)]
    assert waiting.staff_reference not in shown


def test_what_a_colleague_changed_is_told_until_the_next_visit(
    cedar: Agency, officer: User, desk: Client
) -> None:
    concern = reported(cedar, owner=officer)
    desk.get("/desk/")
    two_hours = timezone.now() - timedelta(hours=2)
    DeskLook.objects.update(looked_at=two_hours, since=two_hours)
    chief = worlds.officer(
        cedar, "Chief Elm", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    triage.accept(
        concern_id=concern.pk, seen_version=1, by=Actor.staff(chief.pk), now=timezone.now()
    )
    for _again in range(2):
        work = desk.get("/desk/").context["casework"]
        (change,) = work["changes"]
        assert (change.reference, change.who) == (concern.staff_reference, "Chief Elm")
    assert str(change.sentence) in desk.get("/desk/").content.decode()


def test_ones_own_changes_are_no_news(cedar: Agency, officer: User, desk: Client) -> None:
    concern = reported(cedar, owner=officer)
    long_ago = timezone.now() - timedelta(hours=2)
    DeskLook.objects.create(agency=cedar, user=officer, looked_at=long_ago, since=long_ago)
    triage.accept(
        concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=timezone.now()
    )
    references = {each.sentence for each in desk.get("/desk/").context["casework"]["changes"]}
    assert "The concern was accepted" not in {str(sentence) for sentence in references}


@pytest.mark.privacy
def test_only_the_person_themselves_is_told_when_they_last_looked(
    cedar: Agency, officer: User, desk: Client
) -> None:
    desk.get("/desk/")
    chief = worlds.officer(cedar, "Chief", role=Role.SUPERVISOR, district=None, now=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        worlds.signed_in(chief).get("/desk/")
        worlds.signed_in(chief).get("/desk/workload/")
    looks = [query["sql"] for query in asked if "desklook" in query["sql"]]
    assert looks
    assert all(f'"user_id" = {officer.pk}' not in sql for sql in looks)


def test_a_visit_costs_at_most_twelve_questions_from_its_first_moment(
    cedar: Agency, desk: Client
) -> None:
    reported(cedar)
    worlds.signed_in(worlds.officer(cedar, "Other", district=None, now=timezone.now())).get(
        "/desk/"
    )
    with CaptureQueriesContext(connection) as asked:
        desk.get("/desk/")
    kept = [q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(kept) <= 14
    DeskLook.objects.update(looked_at=timezone.now() - timedelta(hours=2))
    with CaptureQueriesContext(connection) as asked:
        desk.get("/desk/")
    kept = [q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(kept) <= 12


def test_keys_are_switched_off_for_one_person_on_every_device(
    cedar: Agency, officer: User, desk: Client
) -> None:
    assert "desk-keys.js" in desk.get("/desk/").content.decode()
    desk.post("/desk/keys/", {"keys": "off"})
    assert "desk-keys.js" not in desk.get("/desk/concerns/").content.decode()
    elsewhere = worlds.signed_in(officer)
    elsewhere.get("/desk/")
    assert "desk-keys.js" not in elsewhere.get("/desk/").content.decode()
    colleague = worlds.signed_in(worlds.officer(cedar, "Other", district=None, now=timezone.now()))
    assert "desk-keys.js" in colleague.get("/desk/").content.decode()
    desk.post("/desk/keys/", {"keys": "on"})
    assert "desk-keys.js" in desk.get("/desk/").content.decode()


@pytest.mark.privacy
def test_whoever_may_read_less_from_now_on_sees_less_at_once(cedar: Agency) -> None:
    """What was composed for somebody's rights is not asked again when these have changed."""
    chief = worlds.officer(cedar, "Chief", role=Role.SUPERVISOR, district=None, now=timezone.now())
    concern = reported(cedar, owner=None)
    kind = concern.category
    kind.visibility, kind.publishes_without_text = "never", False
    kind.save()
    page = worlds.signed_in(chief)
    assert [row.reference for row in _newest(page)] == [concern.staff_reference]
    chief.grants.update(role=Role.OFFICER)
    assert _newest(page) == []


def _newest(page: Client) -> list[Row]:
    rows: list[Row] = page.get("/desk/").context["casework"]["newest"]
    return rows
