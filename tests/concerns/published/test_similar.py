"""What may be the same is found among published concerns, by place, kind, day and words."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.published.anchors import STREET, Anchor
from concerns.published.models import Precision, PublicConcern, PublicConcernArea
from concerns.published.similar import Sought, similar_to, stems_of
from engagement.doors.public_role import as_the_public
from engagement.places.models import Agency, Area
from tests.concerns.town import make_town
from tests.databases import analyse

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
LON, LAT = -92.19, 38.41
METRE = 1 / 111_320


@pytest.fixture
def cedar() -> Agency:
    return make_town().agency


def published(agency: Agency, reference: str, **changes: Any) -> PublicConcern:
    values: dict[str, Any] = {
        "agency": agency,
        "reference": reference,
        "category_code": "graffiti",
        "category_label": {"en": "Graffiti", "es": "Grafiti"},
        "group": "environment",
        "state": "accepted",
        "anchor_lon": LON,
        "anchor_lat": LAT,
        "precision": Precision.STREET,
        "place_label": "Elm St, Neighborhood 0",
        "summary": {"en": "Paint on a wall."},
        "published_on": TODAY,
        "received_on": TODAY,
    }
    return PublicConcern.objects.create(**{**values, **changes})


def sought(**changes: Any) -> Sought:
    values: dict[str, Any] = {
        "category": "graffiti",
        "group": "environment",
        "anchor": Anchor(STREET, LON, LAT),
        "area_id": None,
        "text": "Somebody sprayed the underpass",
    }
    return Sought(**{**values, **changes})


def found(agency: Agency, **changes: Any) -> list[str]:
    with as_the_public():
        rows = similar_to(sought(**changes), agency=agency, today=TODAY)
    return [row.concern.reference for row in rows]


def test_the_nearer_one_with_the_words_typed_comes_first(cedar: Agency) -> None:
    published(cedar, "FAR", anchor_lat=LAT + 300 * METRE)
    published(cedar, "NEAR", anchor_lat=LAT + 50 * METRE)
    published(cedar, "WORDS", anchor_lat=LAT + 100 * METRE, summary={"en": "An underpass."})
    assert found(cedar) == ["WORDS", "NEAR", "FAR"]


def test_the_distance_is_between_anchors_in_metres(cedar: Agency) -> None:
    published(cedar, "NEAR", anchor_lat=LAT + 200 * METRE)
    with as_the_public():
        (row,) = similar_to(sought(), agency=cedar, today=TODAY)
    assert row.metres == pytest.approx(200, abs=1)


def test_what_is_far_long_done_of_another_kind_or_agency_is_not_shown(cedar: Agency) -> None:
    elsewhere = make_town("elsewhere", is_default=False, west=-91.0).agency
    done = {"state": "closed", "outcome": "fixed"}
    published(cedar, "FAR", anchor_lat=LAT + 500 * METRE)
    published(cedar, "OLD", **done, resolved_on=TODAY - timedelta(days=61))
    published(cedar, "KIND", category_code="noise", group="safety")
    published(cedar, "NOWORD", category_code="litter", category_label={"en": "Litter"})
    published(elsewhere, "ELSEWHERE")
    published(cedar, "RECENT", **done, resolved_on=TODAY - timedelta(days=60))
    assert found(cedar) == ["RECENT"]


def test_a_related_kind_is_shown_when_a_word_is_shared(cedar: Agency) -> None:
    published(
        cedar, "LITTER", category_code="litter", summary={"es": "Basura en el paso", "en": "Paints"}
    )
    assert found(cedar, text="PAINTED all over") == ["LITTER"]


def test_where_only_the_area_is_known_its_own_are_compared(cedar: Agency) -> None:
    here, there = Area.objects.filter(agency=cedar, layer="neighborhood").order_by("id")
    for area, reference in ((here, "HERE"), (there, "THERE")):
        row = published(
            cedar, reference, anchor_lon=None, anchor_lat=None, precision=Precision.AREA
        )
        PublicConcernArea.objects.create(agency=cedar, public_concern=row, area=area)
    assert found(cedar, anchor=Anchor("area"), area_id=here.pk) == ["HERE"]
    assert found(cedar, anchor=Anchor("area"), area_id=None) == []


def test_no_more_than_five_and_by_one_question(cedar: Agency) -> None:
    for number in range(9):
        published(cedar, f"R{number}")
    with CaptureQueriesContext(connection) as asked:
        rows = similar_to(sought(), agency=cedar, today=TODAY)
        assert [row.concern.place_label for row in rows] == ["Elm St, Neighborhood 0"] * 5
    assert len(asked) == 1


def test_the_question_is_answered_from_the_index_of_place_and_day(cedar: Agency) -> None:
    for number in range(40):
        published(cedar, f"R{number}")
    analyse("published_publicconcern")
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        similar_to(sought(), agency=cedar, today=TODAY)
        (question,) = [query["sql"] for query in asked if "tsvector_to_array" in query["sql"]]
        cursor.execute(f"EXPLAIN {question}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "published_near_and_recent" in plan
    assert "daterange" in plan.split("Index Cond:")[1].splitlines()[0]


def test_short_words_and_markup_mean_nothing() -> None:
    assert stems_of("The <b>Painted</b> wall, a WALL; it's ñandúes") == ["paint", "wall", "ñandú"]


def test_typed_words_are_in_no_text_about_the_search() -> None:
    assert "underpass" not in repr(sought())
