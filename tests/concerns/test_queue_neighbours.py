"""From case to case: the next one of the same queue, with the same rights, by one question."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.desk_search import Wanted
from concerns.desk_sorts import SORTS, neighbours_of
from concerns.models import Concern
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db
QUEUE = "/desk/concerns/"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(vale: User) -> Client:
    return worlds.signed_in(vale)


def reports(cedar: Agency, number: int, **changes: object) -> list[Concern]:
    return [worlds.reported(cedar, now=timezone.now(), **changes).concern for _ in range(number)]


def step(page: str, rel: str) -> str:
    for part in page.split("<a ")[1:]:
        tag = part.split(">")[0]
        if f'rel="{rel}"' in tag:
            return tag.split('href="')[1].split('"')[0].replace("&amp;", "&")
    return ""


def test_every_order_leads_through_all_cases_and_back(cedar: Agency, vale: User) -> None:
    made = reports(cedar, 6)
    for concern, priority in zip(
        made, ("low", "urgent", "high", "normal", "low", "urgent"), strict=True
    ):
        Concern.objects.filter(pk=concern.pk).update(priority=priority)
    today = cedar.day_of(timezone.now())
    rows = Concern.objects.visible_to(vale).filter(agency=cedar).not_held()
    rows = Wanted().apply(rows, user=vale, today=today)
    for name, sort in SORTS.items():
        expected = list(rows.order_by(*sort.order).values_list("staff_reference", flat=True))
        at = {concern.staff_reference: concern for concern in rows.order_by("id")}
        for place, reference in enumerate(expected):
            with CaptureQueriesContext(connection) as asked:
                found = neighbours_of(at[reference], rows, name)
            assert len(asked) == 1
            assert found.before == (expected[place - 1] if place else None), name
            after = expected[place + 1] if place + 1 < len(expected) else None
            assert found.after == after, name


def test_the_page_of_a_case_leads_on_in_the_queue_it_was_opened_from(
    cedar: Agency, desk: Client
) -> None:
    older, newer = reports(cedar, 2)
    other = reports(cedar, 1, category="noise")[0]
    address = f"{QUEUE}?category={older.category_id}"
    page = desk.get(address).content.decode()
    opened = page.split('<th scope="row"')[1].split('href="')[1].split('"')[0]
    first = desk.get(opened.replace("&amp;", "&")).content.decode()
    assert newer.staff_reference in opened
    assert step(first, "prev") == ""
    assert older.staff_reference in step(first, "next")
    second = desk.get(step(first, "next")).content.decode()
    assert step(second, "next") == ""
    assert other.staff_reference not in first + second


def test_after_a_button_was_pressed_the_queue_is_still_known(cedar: Agency, desk: Client) -> None:
    older, newer = reports(cedar, 2)
    desk.get(f"{QUEUE}{newer.staff_reference}/?show=open&sort=newest")
    page = desk.get(f"{QUEUE}{newer.staff_reference}/").content.decode()
    assert older.staff_reference in step(page, "next")
    # Opened from nowhere, a case has no neighbours.
    assert "data-neighbours" not in desk.get(f"{QUEUE}{older.staff_reference}/").content.decode()


@pytest.mark.privacy
def test_neighbours_are_found_among_searched_words_that_no_address_holds(
    cedar: Agency, desk: Client
) -> None:
    older, newer = reports(cedar, 2, text="Kowalczyk shouts at night")
    reports(cedar, 1)
    address = desk.post(f"{QUEUE}search/", {"words": "Kowalczyk"})["Location"]
    page = desk.get(address.replace(QUEUE, f"{QUEUE}{newer.staff_reference}/", 1)).content.decode()
    assert older.staff_reference in step(page, "next")
    assert "owalc" not in step(page, "next")
    assert step(page, "prev") == ""


@pytest.mark.privacy
def test_a_private_case_is_nobodys_neighbour_who_may_not_read_it(cedar: Agency, vale: User) -> None:
    moss = worlds.officer(cedar, "Officer Moss", district=None, now=timezone.now())
    older = reports(cedar, 1)[0]
    private = reports(cedar, 1, category="neighbor_dispute")[0]
    Concern.objects.filter(pk=private.pk).update(owner=moss)
    newer = reports(cedar, 1)[0]
    reader = worlds.officer(cedar, "Reader", role=Role.READER, district=None, now=timezone.now())
    address = f"{QUEUE}{newer.staff_reference}/?show=open"
    hidden = worlds.signed_in(reader).get(address).content.decode()
    assert older.staff_reference in step(hidden, "next")
    assert private.staff_reference not in hidden
    own = worlds.signed_in(moss).get(address).content.decode()
    assert private.staff_reference in step(own, "next")
