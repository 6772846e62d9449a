"""Pages by key: complete, without repeats, in both directions, at one query each."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.doors.paging import keyset_page
from engagement.places.models import Agency, Holiday

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def holidays() -> list[int]:
    """Ten days, on each a holiday of two agencies, so that days alone do not decide."""
    agencies = [Agency.objects.create(slug=name, name=name) for name in ("one", "two")]
    made = [
        Holiday.objects.create(agency=agency, on=DAY + timedelta(days=day), name="Day")
        for day in range(10)
        for agency in agencies
    ]
    return [row.pk for row in sorted(made, key=lambda row: (row.on, row.pk), reverse=True)]


def turn(cursor: str | None, *, order: tuple[str, ...] = ("-on", "-id")) -> object:
    return keyset_page(Holiday.objects.all(), order=order, size=6, cursor=cursor)


def test_turning_to_the_end_and_back_shows_every_row_once(holidays: list[int]) -> None:
    pages = [turn(None)]
    while pages[-1].older:  # type: ignore[attr-defined]
        pages.append(turn(pages[-1].older))  # type: ignore[attr-defined]
    assert [row.pk for page in pages for row in page.rows] == holidays  # type: ignore[attr-defined]
    back = [pages[-1]]
    while back[-1].newer:  # type: ignore[attr-defined]
        back.append(turn(back[-1].newer))  # type: ignore[attr-defined]
    seen = [row.pk for page in reversed(back) for row in page.rows]  # type: ignore[attr-defined]
    assert seen == holidays


def test_oldest_first_works_alike(holidays: list[int]) -> None:
    order = ("on", "id")
    first = turn(None, order=order)
    second = turn(first.older, order=order)  # type: ignore[attr-defined]
    seen = [row.pk for page in (first, second) for row in page.rows]  # type: ignore[attr-defined]
    assert seen == holidays[::-1][:12]


def test_a_row_that_arrives_meanwhile_moves_nothing(holidays: list[int]) -> None:
    first = turn(None)
    agency = Agency.objects.get(slug="one")
    Holiday.objects.create(agency=agency, on=DAY + timedelta(days=99), name="New")
    second = turn(first.older)  # type: ignore[attr-defined]
    assert [row.pk for row in second.rows] == holidays[6:12]  # type: ignore[attr-defined]


def test_every_page_costs_one_query(holidays: list[int], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        page = turn(None)
    with django_assert_num_queries(1):  # type: ignore[operator]
        turn(page.older)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "W10",
        "WyJvIl0",
        "WyJvIiwiMjAyNi0wMS0wMSIsIngiXQ",
        "A" * 1000,
        "bnVsbA",
        # ["o", "2026-01-01", Infinity]: JSON by the letter has no such number, Python's has.
        "WyJvIiwgIjIwMjYtMDEtMDEiLCBJbmZpbml0eV0",
    ],
)
def test_a_cursor_that_cannot_be_read_leads_to_the_first_page(
    holidays: list[int], cursor: str
) -> None:
    assert [row.pk for row in turn(cursor).rows] == holidays[:6]  # type: ignore[attr-defined]


@given(cursor=st.text(max_size=60))
def test_no_cursor_breaks_a_page(cursor: str) -> None:
    keyset_page(Holiday.objects.none(), order=("-on", "-id"), size=6, cursor=cursor)


def test_an_empty_list_has_no_neighbours() -> None:
    page = turn(None)
    assert (page.rows, page.newer, page.older) == ([], None, None)  # type: ignore[attr-defined]
