"""Who leads the work sees how much lies with whom and where, and comes to exactly those rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.desk_search import Wanted
from concerns.models import Category, Concern
from concerns.views.desk_workload import Cell, Load
from concerns.workflow import State
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds

pytestmark = pytest.mark.django_db

NUMBERS = ("open", "late", "soon", "waiting", "unanswered", "unowned")


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def chief(cedar: Agency) -> User:
    return worlds.officer(cedar, "Chief", role=Role.SUPERVISOR, district=None, now=timezone.now())


def spread(cedar: Agency, owners: list[User | None]) -> None:
    """One piece of work of each sort for each owner, in turn in each area."""
    today = cedar.day_of(timezone.now())
    areas = [None, *Area.objects.filter(agency=cedar, layer="district").order_by("id")]
    private = Category.objects.get(agency=cedar, code="neighbor_dispute")
    for number, owner in enumerate(owners * 3):
        concern = worlds.reported(cedar, now=timezone.now()).concern
        waits = number % 4 == 0
        Concern.objects.filter(pk=concern.pk).update(
            owner=owner,
            area=areas[number % 3],
            category=private if number % 2 else concern.category,
            state=State.WAITING if waits else State.WORKING,
            waiting_on="reporter" if waits else "",
            waiting_since=today if waits else None,
            resolve_by=today + timedelta(days=number - 3),
            unanswered_since=today if number % 3 else None,
        )


def cells(load: Load) -> list[Cell]:
    return [cell for name in NUMBERS if (cell := getattr(load, name)) is not None]


def test_every_number_is_that_of_the_rows_it_leads_to(cedar: Agency, chief: User) -> None:
    now = timezone.now()
    west = worlds.officer(cedar, "Officer Vale", now=now)
    sergeant = worlds.officer(cedar, "Sergeant", role=Role.SUPERVISOR, district=None, now=now)
    area = Area.objects.get(agency=cedar, layer="district", code="1")
    sergeant.grants.get().areas.add(area, through_defaults={"agency": cedar})
    spread(cedar, [west, chief, sergeant, None])
    today = cedar.day_of(now)
    for reader in (chief, sergeant):
        rows = Concern.objects.visible_to(reader).filter(agency=cedar).not_held()
        shown = worlds.signed_in(reader).get("/desk/workload/").context
        loads = [*shown["officers"], *shown["areas"], shown["total"]]
        assert len(loads) == 8
        for load in loads:
            for cell in cells(load):
                wanted = Wanted.from_query(QueryDict(cell.url.partition("?")[2]))
                found = wanted.apply(rows, user=reader, today=today).count()
                assert cell.number == found, (load.name, cell)


def test_it_costs_the_same_however_much_lies_there(cedar: Agency, chief: User) -> None:
    officer = worlds.officer(cedar, "Officer Vale", now=timezone.now())
    desk = worlds.signed_in(chief)
    spread(cedar, [officer])
    with CaptureQueriesContext(connection) as few:
        desk.get("/desk/workload/")
    spread(cedar, [officer, None, chief])
    with CaptureQueriesContext(connection) as many:
        desk.get("/desk/workload/")
    assert len(many) == len(few) <= 12


def test_officers_do_not_read_each_others_load(cedar: Agency) -> None:
    officer = worlds.signed_in(worlds.officer(cedar, now=timezone.now()))
    assert officer.get("/desk/workload/").status_code == 404
    assert "By officer and area" not in officer.get("/desk/").content.decode()
