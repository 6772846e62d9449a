import pytest
from django.test import Client

from concerns.published.models import PublicUpdate
from tests.concerns.published.test_views import DAY, publish
from tests.concerns.town import LON, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def test_the_api_lists_what_the_page_lists(client: Client, town: Town) -> None:
    older, newer = publish(town, days_ago=2), publish(town)
    publish(make_town("east", is_default=False, west=LON + 0.1))
    found = client.get("/api/v1/concerns/").json()
    assert [row["reference"] for row in found["results"]] == [newer.reference, older.reference]
    assert found["results"][0]["summary"] == {
        "en": "Paint on a wall.",
        "es": "Pintura en una pared.",
    }
    assert found["older"] is None


def test_the_api_filters_like_the_page(client: Client, town: Town) -> None:
    publish(town, state="closed")
    open_one = publish(town)
    found = client.get("/api/v1/concerns/", {"progress": "open"}).json()["results"]
    assert [row["reference"] for row in found] == [open_one.reference]


def test_the_api_tells_one_concern_with_its_updates(client: Client, town: Town) -> None:
    concern = publish(town)
    PublicUpdate.objects.create(
        agency=town.agency, public_concern=concern, published_on=DAY, text={"en": "Painted over."}
    )
    found = client.get(f"/api/v1/concerns/{concern.reference}/").json()
    assert found["updates"] == [{"published_on": "2026-03-02", "text": {"en": "Painted over."}}]
    assert client.get("/api/v1/concerns/nonsense/").status_code == 404


def test_the_api_lists_areas(client: Client, town: Town) -> None:
    found = client.get("/api/v1/areas/").json()
    assert [row["slug"] for row in found] == [
        "neighborhood-0",
        "neighborhood-1",
        "district-0",
        "district-1",
    ]
    assert client.get(found[0]["outlines"]).status_code == 200


@pytest.mark.parametrize("path", ["concerns/", "areas/"])
def test_the_api_only_reads(client: Client, town: Town, path: str) -> None:
    for answer in (client.post(f"/api/v1/{path}"), client.delete(f"/api/v1/{path}")):
        assert answer.status_code in (403, 405)


def test_the_schema_describes_the_api(client: Client, town: Town) -> None:
    schema = client.get("/api/schema/").json()
    assert schema["openapi"].startswith("3.1")
    assert {"/api/v1/concerns/", "/api/v1/concerns/{reference}/", "/api/v1/areas/"} <= set(
        schema["paths"]
    )
