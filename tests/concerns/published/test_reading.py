"""The map reads an address without the form, and understands it as the list does."""

from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from concerns.published.reading import wanted_of
from concerns.published.views import filter_of
from engagement.places.models import Area
from tests.concerns.published.test_views import publish
from tests.concerns.town import LAT, LON, Town, make_town

BOX = f"{LON},{LAT},{LON + 0.02},{LAT + 0.02}"
ASKED = {
    "q": ("", "paint wall", "  two  spaces ", "x" * 101, "a%00b"),
    "category": ("", "graffiti", "graffiti&category=noise"),
    "progress": ("", "open", "waiting", "received", "done&progress=open", "Done", "%00"),
    "area": ("", "neighborhood-0", "district-1", "elsewhere", "%27%3B--", "%00"),
    "since": ("", "2026-03-01", "03/01/2026", "yesterday", "2026-02-30"),
    "until": ("", "2026-03-31", "0001-01-01", "99999-01-01", "%00"),
}


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def understood(town: Town, query: str) -> None:
    """Assert that both readings of an address say the same."""
    request = RequestFactory().get(f"/concerns/?{query}")
    assert wanted_of(QueryDict(query), town.agency) == filter_of(request, town.agency).wanted()


def test_every_filter_means_the_same_on_the_map_as_in_the_list(town: Town) -> None:
    publish(town)
    publish(town, category_code="noise")
    for name, values in ASKED.items():
        for value in values:
            understood(town, f"{name}={value}")


def test_filters_together_mean_the_same_too(town: Town) -> None:
    publish(town)
    for words, kind, progress, area, since in product(
        *(ASKED[name][:2] for name in ("q", "category", "progress", "area", "since"))
    ):
        understood(town, f"q={words}&category={kind}&progress={progress}&area={area}&since={since}")


def test_areas_of_another_agency_are_no_filter(town: Town) -> None:
    east = make_town("east", is_default=False, west=LON + 0.1)
    Area.objects.filter(agency=east.agency, slug="neighborhood-0").update(slug="far-away")
    assert wanted_of(QueryDict("area=far-away"), town.agency).is_everything
    assert not wanted_of(QueryDict("area=far-away"), east.agency).is_everything


def test_a_kind_that_nobody_published_is_no_filter_of_the_map(client: Client, town: Town) -> None:
    publish(town)
    where: dict[str, str | list[str]] = {"bbox": BOX, "zoom": "12"}

    def shown(**query: str | list[str]) -> int:
        points = client.get("/concerns/map.json", {**where, **query}).json()["points"]
        return sum(point["count"] for point in points)

    assert shown(category="animal") == 1
    assert shown(category=["animal", "graffiti"]) == 1
    assert shown(category="animal", progress="done") == 0
    publish(town, category_code="animal", state="closed")
    assert shown(category="animal") == 1
    assert shown(category="animal", progress="open") == 0


def test_a_filtered_map_looks_up_no_kinds_and_no_areas(client: Client, town: Town) -> None:
    publish(town)
    counts = {}
    for query in ("", "&category=graffiti", "&progress=open&since=2020-01-01"):
        address = f"/concerns/map.json?bbox={BOX}&zoom=12{query}"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).json()["points"]
        counts[query] = len(asked)
    assert len(set(counts.values())) == 1
