"""Each order and filter of the queue follows an index, so that its cost does not grow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from concerns.desk_search import Wanted
from concerns.desk_sorts import SORTS, both_sides
from concerns.models import Concern
from concerns.querysets import ConcernQuerySet
from concerns.views.queue_rows import VALUES
from concerns.workflow import State
from engagement.people.models import User
from engagement.places.models import Agency, Area
from tests import worlds
from tests.databases import analyse, copy_of_template, drop, point_connections_at

MANY = 3_000
INDEXES = {
    "newest": "open_work_newest",
    "oldest": "open_work_newest",
    "deadline": "open_work_by_due_day",
    "priority": "open_work_most_urgent",
    "message": "open_work_last_message",
}


@dataclass(frozen=True)
class Town:
    """An agency with three thousand reports of two years, a tenth of them open."""

    agency: Agency
    vale: User


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """In a database of its own: what other tests left in tables and indexes bends plans."""
    with django_db_blocker.unblock():
        name_before = connection.settings_dict["NAME"]
        name = copy_of_template()
        point_connections_at(name)
        cedar = worlds.agency(now=timezone.now())
        vale = worlds.officer(cedar, now=timezone.now())
        fill(cedar, vale)
        yield Town(cedar, vale)
        point_connections_at(name_before)
        drop(name)


def fill(cedar: Agency, vale: User) -> None:
    first = worlds.reported(cedar, now=timezone.now()).concern
    east = Area.objects.get(agency=cedar, layer="district", code="2")
    today, rows = cedar.day_of(timezone.now()), []
    for number in range(MANY):
        is_open = number % 10 == 0
        rows.append(
            Concern(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Concern._meta.concrete_fields
                    if not field.generated and field.attname not in APART
                },
                staff_reference=f"S{number:08}",
                tracking_code=f"T{number:08}",
                state=State.WORKING if is_open else State.CLOSED,
                outcome="" if is_open else "fixed",
                closed_at=None if is_open else timezone.now(),
                received_on=today - timedelta(days=number % 700),
                resolve_by=today + timedelta(days=number % 60 - 20),
                priority="high" if number % 50 == 0 else "normal",
                owner=vale if number % 40 == 0 else None,
                area=east if number % 3 == 0 else first.area,
                language="vi" if number % 300 == 0 else "en",
                text=f"Paint on wall {number}" + (" zeppelin" if number % 600 == 0 else ""),
            )
        )
    Concern.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        # Only the owner of the tables may, as the login is.
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE concerns_concern, concerns_suspicion, concerns_category")
    connection.close()


APART = (
    *("id", "staff_reference", "tracking_code", "state", "outcome", "closed_at", "received_on"),
    *("resolve_by", "priority", "owner_id", "area_id", "language", "text", "submission_digest"),
    *("secret_digest", "external_id", "public_id", "search"),
)


def page(town: Town, sort: str = "newest", **asked: object) -> ConcernQuerySet:
    rows = Concern.objects.visible_to(town.vale).filter(agency=town.agency).not_held()
    wanted = Wanted(**asked)  # type: ignore[arg-type]
    rows = wanted.apply(rows, user=town.vale, today=town.agency.day_of(timezone.now()))
    return rows.order_by(*SORTS[sort].order).values(*VALUES)[:51]  # type: ignore[return-value]


def test_every_order_walks_its_index(town: Town) -> None:
    for sort, index in INDEXES.items():
        plan = page(town, sort).explain()
        assert index in plan, f"{sort}: {plan}"
        assert "Sort" not in plan, f"{sort}: {plan}"


@pytest.mark.parametrize(
    "asked",
    [
        {"tab": "done"},
        {"tab": "all", "categories": (1,)},
        {"tab": "all", "owners": (7,)},
        {"tab": "all", "languages": ("vi",)},
        {"deadline": "late"},
        {"deadline": "soon", "priorities": ("high", "urgent")},
        {"age": "week", "channels": ("web",)},
        {"words": "zeppelin", "tab": "all"},
        {"words": "wall -zeppelin", "tab": "all"},
    ],
    ids=str,
)
def test_no_filter_reads_the_whole_table(town: Town, asked: dict[str, object]) -> None:
    asked = {"owners": (town.vale.pk,)} | asked if asked.get("owners") else asked
    plan = page(town, **asked).explain()
    assert "Seq Scan on concerns_concern" not in plan, plan


def test_a_rare_word_is_found_by_the_index_of_words(town: Town) -> None:
    rare = page(town, tab="all", words="zeppelins")
    plan = rare.explain()
    assert "concern_words_of_an_agency" in plan, plan
    assert len(rare) == MANY // 600


def test_neighbours_walk_the_index_of_their_order(town: Town) -> None:
    vale, agency = town.vale, town.agency
    rows = Concern.objects.visible_to(vale).filter(agency=agency).not_held()
    rows = Wanted().apply(rows, user=vale, today=agency.day_of(timezone.now()))
    middle = rows.order_by("-received_on", "-id")[100]
    for sort, index in INDEXES.items():
        plan = both_sides(middle, rows, sort).explain()
        assert plan.count(index) == 2, f"{sort}: {plan}"
        assert "Seq Scan on concerns_concern" not in plan


def test_what_somebody_did_since_a_moment_is_found_along_its_index(
    town: Town,
) -> None:
    with transaction.atomic():
        Concern.objects.filter(state=State.CLOSED).update(owner=town.vale)
        analyse("concerns_concern")
        since = timezone.now() + timedelta(hours=1)
        done = Concern.objects.owned_by(town.vale).done_since(since).order_by().values("pk")
        assert "done_work_of_an_officer" in done.explain()
        transaction.set_rollback(True)
