"""The list and the map, read from what was published."""

from typing import Any

import pytest

from concerns.published.anchors import nearest
from concerns.published.map import Box, map_marks
from concerns.published.models import PublicConcern, PublicConcernArea
from concerns.published.queries import Wanted, published, published_one
from engagement.keys.references import mint
from engagement.places.models import Agency
from tests.concerns.conftest import WEST_POINT, area_of

EVERYWHERE = Box(-91, 38, -90, 39)


def shown(agency: Agency, *, lon: float = WEST_POINT[0], **changes: Any) -> PublicConcern:
    anchor = nearest(lon, WEST_POINT[1], metres=50)
    fields: dict[str, Any] = {
        "reference": mint(),
        "category_code": "graffiti",
        "category_label": {"en": "Graffiti", "es": "Grafiti"},
        "group": "environment",
        "state": "accepted",
        "anchor_lon": anchor[0],
        "anchor_lat": anchor[1],
        "precision": "street",
        "place_label": "Utah St",
        "summary": {"en": "Paint on a wall", "es": "Pintura en una pared"},
        "published_on": "2026-11-03",
        "received_on": "2026-11-02",
        **changes,
    }
    return PublicConcern.objects.create(agency=agency, **fields)


def test_the_list_is_newest_first_and_of_one_agency(agency: Agency, elsewhere: Agency) -> None:
    old = shown(agency, received_on="2026-10-01")
    new = shown(agency)
    shown(elsewhere)
    assert list(published(agency=agency)) == [new, old]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(), 3),
        (Wanted(categories=("noise",)), 1),
        (Wanted(progress="open"), 2),
        (Wanted(progress="done"), 1),
        (Wanted(words="wall"), 3),
        (Wanted(words="pared"), 3),
        (Wanted(words="utah grafiti"), 3),
        (Wanted(words="purple"), 0),
        (Wanted(words="paint", categories=("noise",), progress="done"), 0),
    ],
)
def test_visitors_filter_by_kind_progress_and_words_in_both_languages(
    agency: Agency, wanted: Wanted, number: int
) -> None:
    shown(agency)
    shown(agency, category_code="noise")
    shown(agency, state="closed", outcome="fixed")
    assert len(published(agency=agency, wanted=wanted)) == number
    marks = map_marks(agency=agency, wanted=wanted, box=EVERYWHERE, zoom=10)
    assert sum(mark.count for mark in marks.marks) == number


def test_an_area_holds_what_its_anchor_lies_in(agency: Agency) -> None:
    west = area_of(agency, "district", "west")
    inside = shown(agency)
    shown(agency)
    PublicConcernArea.objects.create(agency=agency, public_concern=inside, area=west)
    assert list(published(agency=agency, wanted=Wanted(area_id=west.pk))) == [inside]


def test_near_the_street_each_anchor_is_one_mark(agency: Agency) -> None:
    alone = shown(agency, lon=WEST_POINT[0] + 0.01)
    shown(agency)
    shown(agency)
    marks = map_marks(agency=agency, wanted=Wanted(), box=EVERYWHERE, zoom=17)
    assert sorted(mark.count for mark in marks.marks) == [1, 2]
    single = next(mark for mark in marks.marks if mark.count == 1)
    assert (single.reference, single.state) == (alone.reference, "accepted")
    assert single.label.text("es") == "Grafiti"
    assert next(mark for mark in marks.marks if mark.count == 2).reference == ""


def test_outside_the_box_nothing_is_marked(agency: Agency) -> None:
    shown(agency)
    assert map_marks(agency=agency, wanted=Wanted(), box=Box(-89, 38, -88, 39), zoom=17).marks == []


def test_one_page_costs_two_queries_and_another_agency_has_none(
    agency: Agency, elsewhere: Agency, django_assert_num_queries: Any
) -> None:
    row = shown(agency)
    with django_assert_num_queries(2):
        found = published_one(agency=agency, reference=row.reference)
        assert found is not None
        assert list(found.updates.all()) == []
    assert published_one(agency=elsewhere, reference=row.reference) is None
