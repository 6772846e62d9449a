"""Each order and filter of the queue follows an index, so that its cost does not grow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from concerns.desk_search import Wanted
from concerns.desk_sorts import SORTS, both_sides
from concerns.models import Concern
from concerns.querysets import ConcernQuerySet
from concerns.views.queue_rows import VALUES
from concerns.workflow import State
from engagement.people.models import User
from engagement.places.models import Agency, Area
from tests import worlds
from tests.databases import analyse

pytestmark = pytest.mark.django_db
MANY = 3_000
INDEXES = {
    "newest": "open_work_newest",
    "oldest": "open_work_newest",
    "deadline": "open_work_by_due_day",
    "priority": "open_work_most_urgent",
    "message": "open_work_last_message",
}


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def town(cedar: Agency, vale: User) -> Agency:
    """An agency with three thousand reports of two years; a tenth of them is open."""
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
    analyse("concerns_concern", "concerns_suspicion", "concerns_category")
    return cedar


APART = (
    *("id", "staff_reference", "tracking_code", "state", "outcome", "closed_at", "received_on"),
    *("resolve_by", "priority", "owner_id", "area_id", "language", "text", "submission_digest"),
    *("secret_digest", "external_id", "public_id", "search"),
)


def page(at: Agency, user: User, sort: str = "newest", **asked: object) -> ConcernQuerySet:
    rows = Concern.objects.visible_to(user).filter(agency=at).not_held()
    wanted = Wanted(**asked)  # type: ignore[arg-type]
    rows = wanted.apply(rows, user=user, today=at.day_of(timezone.now()))
    return rows.order_by(*SORTS[sort].order).values(*VALUES)[:51]  # type: ignore[return-value]


def test_every_order_walks_its_index(town: Agency, vale: User) -> None:
    for sort, index in INDEXES.items():
        plan = page(town, vale, sort).explain()
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
def test_no_filter_reads_the_whole_table(
    town: Agency, vale: User, asked: dict[str, object]
) -> None:
    asked = {"owners": (vale.pk,)} | asked if asked.get("owners") else asked
    plan = page(town, vale, **asked).explain()
    assert "Seq Scan on concerns_concern" not in plan, plan


def test_a_rare_word_is_found_by_the_index_of_words(town: Agency, vale: User) -> None:
    with connection.cursor() as cursor:
        # Without its statistics the table looks so small that any index would do.
        cursor.execute("SET LOCAL ROLE NONE; ANALYZE concerns_concern")
    rare = page(town, vale, tab="all", words="zeppelins")
    plan = rare.explain()
    assert "concern_words_of_an_agency" in plan, plan
    assert len(rare) == MANY // 600


def test_neighbours_walk_the_index_of_their_order(town: Agency, vale: User) -> None:
    rows = Concern.objects.visible_to(vale).filter(agency=town).not_held()
    rows = Wanted().apply(rows, user=vale, today=town.day_of(timezone.now()))
    middle = rows.order_by("-received_on", "-id")[100]
    for sort, index in INDEXES.items():
        plan = both_sides(middle, rows, sort).explain()
        assert plan.count(index) == 2, f"{sort}: {plan}"
        assert "Seq Scan on concerns_concern" not in plan


def test_what_somebody_did_since_a_moment_is_found_along_its_index(
    town: Agency, vale: User
) -> None:
    Concern.objects.filter(state=State.CLOSED).update(owner=vale)
    analyse("concerns_concern")
    done = Concern.objects.owned_by(vale).done_since(timezone.now() + timedelta(hours=1))
    assert "done_work_of_an_officer" in done.order_by().values("pk").explain()
