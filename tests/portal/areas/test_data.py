import pytest
from django.test import Client

from engagement.places.queries.tiles import tile_of
from portal.areas import data
from tests.concerns.town import LAT, LON, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def test_a_tile_of_streets_is_light_and_kept(client: Client, town: Town) -> None:
    z, x, y = tile_of(LON + 0.01, LAT + 0.01, 14)
    first = client.get(f"/places/streets/cedar/{z}/{x}/{y}.json")
    assert {line[1] for line in first.json()["lines"]} <= {"Elm St", "Oak Ave", ""}
    assert first.json()["lines"]
    assert first["Cache-Control"] == "public, max-age=600"
    again = client.get(
        f"/places/streets/cedar/{z}/{x}/{y}.json", headers={"if-none-match": first["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["streets/cedar/2/0/0.json", "streets/none/14/1/1.json"])
def test_tiles_that_do_not_exist_answer_404(client: Client, town: Town, path: str) -> None:
    assert client.get(f"/places/{path}").status_code == 404


def test_outlines_are_geojson(client: Client, town: Town) -> None:
    outlines = client.get("/places/areas/cedar/district.json").json()
    assert [feature["properties"]["name"] for feature in outlines["features"]] == [
        "District 0",
        "District 1",
    ]


def test_a_search_finds_the_corner_and_is_not_kept(client: Client, town: Town) -> None:
    answer = client.post("/places/search/cedar", {"q": "elm & oak"})
    assert answer.json()["results"][0]["label"] == "Elm St & Oak Ave"
    assert answer["Cache-Control"] == "no-store"


def test_what_is_looked_for_stands_in_no_address_line(client: Client, town: Town) -> None:
    assert client.get("/places/search/cedar", {"q": "elm & oak"}).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/places/search/cedar", {"q": "elm & oak"}).status_code == 200


@pytest.mark.parametrize("words", ["", "a", "\0", "x" * 5000, "<script>"])
def test_odd_searches_find_nothing_and_break_nothing(
    client: Client, town: Town, words: str
) -> None:
    assert client.post("/places/search/cedar", {"q": words}).json() == {"results": []}


def test_a_program_that_copies_the_map_by_search_is_slowed_down(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "SEARCHES", 2)
    path = f"/places/search/{town.agency.slug}"
    answers = [client.post(path, {"q": "cedar"}) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"
