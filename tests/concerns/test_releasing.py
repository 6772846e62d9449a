"""Figures of what is only counted: by the week, never small, never changed."""

from datetime import timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.test import Client

from concerns.actions.releasing import release_figures
from concerns.models import Concern
from concerns.published.release_models import Figure, Release
from engagement.places.models import Agency
from tests.concerns.conftest import EAST_POINT, NOW, OUTSIDE, WEST_POINT, category_of, file_report

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]

# NOW is a Tuesday; the week before ended on Sunday, 1 November.
LAST_WEEK = NOW - timedelta(days=5)
NEXT_WEEK = NOW + timedelta(days=7)


def noises(
    agency: Agency, number: int, *, at: tuple[float, float] = WEST_POINT, when: object
) -> None:
    for _each in range(number):
        count = Concern.objects.count()
        file_report(
            agency, code="noise", lon=at[0], lat=at[1], submission_key=f"k{count}", now=when
        )


def told(agency: Agency) -> list[tuple[int, int, bool]]:
    """(areas, reports, whether from outside too) of every figure, oldest first."""
    figures = Figure.objects.filter(release__agency=agency).order_by("release__until_on", "number")
    return [(len(f.areas), f.number, f.is_outside_too) for f in figures]


def test_what_is_large_enough_is_told_apart_and_the_rest_together(agency: Agency) -> None:
    noises(agency, 6, when=LAST_WEEK)
    noises(agency, 9, at=EAST_POINT, when=LAST_WEEK)
    noises(agency, 2, at=OUTSIDE, when=LAST_WEEK)
    assert release_figures(now=NOW) == 1
    # Two from outside are joined with the first area in order, whatever its size.
    assert told(agency) == [(1, 6, False), (1, 11, True)]
    release = Release.objects.get()
    assert str(release.from_on) == "2026-10-26"
    assert str(release.until_on) == "2026-11-01"


def test_fewer_than_five_wait_for_more_weeks(agency: Agency) -> None:
    noises(agency, 3, when=LAST_WEEK)
    assert release_figures(now=NOW) == 0
    noises(agency, 4, at=EAST_POINT, when=NOW)
    assert release_figures(now=NOW) == 0
    assert release_figures(now=NEXT_WEEK) == 1
    assert sum(number for _areas, number, _outside in told(agency)) == 7
    assert str(Release.objects.get().until_on) == "2026-11-08"


def test_the_running_week_is_not_told_and_a_released_one_never_changes(agency: Agency) -> None:
    noises(agency, 8, when=LAST_WEEK)
    release_figures(now=NOW)
    before = told(agency)
    noises(agency, 5, when=LAST_WEEK)
    Concern.objects.update(category=category_of(agency, "graffiti"))
    assert release_figures(now=NOW) == 0
    assert told(agency) == before


def test_mapped_and_never_public_kinds_are_in_no_figure(agency: Agency) -> None:
    for number in range(8):
        file_report(agency, code="graffiti", submission_key=f"g{number}", now=LAST_WEEK)
        file_report(agency, code="suspicious", submission_key=f"s{number}", now=LAST_WEEK)
    assert release_figures(now=NOW) == 0


def test_each_agency_tells_its_own(agency: Agency, elsewhere: Agency) -> None:
    noises(agency, 6, when=LAST_WEEK)
    noises(elsewhere, 2, when=LAST_WEEK)
    release_figures(now=NOW)
    assert told(elsewhere) == []
    page = Client().get("/transparency/?agency=elsewhere").content.decode()
    assert "No figures yet" in page


def test_the_page_shows_what_was_released(agency: Agency) -> None:
    noises(agency, 6, when=LAST_WEEK)
    noises(agency, 9, at=EAST_POINT, when=LAST_WEEK)
    release_figures(now=NOW)
    page = Client().get("/transparency/?agency=riverton").content.decode()
    assert "15 reports" in page
    assert "district west" in page
    with pytest.raises(FieldDoesNotExist):
        Figure._meta.get_field("category")


def test_the_portal_may_add_figures_and_change_none(agency: Agency) -> None:
    with connection.cursor() as cursor:
        for table in ("published_figure", "published_release"):
            for right, holds in (("INSERT", True), ("UPDATE", False), ("DELETE", False)):
                cursor.execute(
                    "SELECT has_table_privilege('common_ground_app', %s, %s)", [table, right]
                )
                assert cursor.fetchone() == (holds,)
