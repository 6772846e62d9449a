from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.published.models import PublicConcern, PublicConcernArea, PublicUpdate
from engagement.keys.references import mint
from tests.concerns.town import LAT, LON, Town, make_town

MOST_QUERIES = 12
DAY = date(2026, 3, 2)


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def soup(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def publish(town: Town, days_ago: int = 0, **changes: object) -> PublicConcern:
    """A published concern in the town's first areas."""
    day = DAY - timedelta(days=days_ago)
    facts: dict[str, object] = {
        "category_code": "graffiti",
        "category_label": {"en": "Graffiti", "es": "Grafiti"},
        "group": "environment",
        "state": "working",
        "anchor_lon": LON + 0.005,
        "anchor_lat": LAT + 0.005,
        "precision": "street",
        "place_label": "Elm St",
        "summary": {"en": "Paint on a wall.", "es": "Pintura en una pared."},
        "published_on": day,
        "received_on": day,
        **changes,
    }
    concern = PublicConcern.objects.create(agency=town.agency, reference=mint(), **facts)
    for area in (town.district, town.neighborhood):
        PublicConcernArea.objects.create(agency=town.agency, public_concern=concern, area=area)
    return concern


def references(page: BeautifulSoup) -> list[str]:
    return [str(link["href"]).split("/")[2] for link in page.select(".row-title a")]


def test_the_list_shows_what_was_published_newest_first(client: Client, town: Town) -> None:
    older, newer = publish(town, days_ago=3), publish(town)
    page = soup(client.get("/concerns/").content)
    assert references(page) == [newer.reference, older.reference]
    assert "Paint on a wall." in page.get_text()


def test_the_list_turns_pages_without_counting(client: Client, town: Town) -> None:
    concerns = [publish(town, days_ago=number) for number in range(30)]
    first = soup(client.get("/concerns/").content)
    older = first.find("a", string=lambda text: bool(text and "Older" in text))
    if older is None:
        older = first.select_one(".pagination a")
    assert older is not None
    second = soup(client.get("/concerns/" + str(older["href"])).content)
    assert "30 concerns" in first.get_text()
    assert "30 concerns" not in second.get_text()
    assert references(first) + references(second) == [c.reference for c in concerns]


@pytest.mark.parametrize(
    "query",
    [
        {"category": "graffiti"},
        {"progress": "open"},
        {"area": "neighborhood-0"},
        {"since": "2026-03-01"},
        {"q": "paint"},
    ],
)
def test_each_filter_keeps_what_fits(client: Client, town: Town, query: dict[str, str]) -> None:
    fits = publish(town)
    other = publish(
        town,
        days_ago=90,
        category_code="noise",
        state="closed",
        summary={"en": "Loud music."},
    )
    PublicConcernArea.objects.filter(public_concern=other).delete()
    assert references(soup(client.get("/concerns/", query).content)) == [fits.reference]
    feed = client.get("/concerns/feed.rss", query).content.decode()
    assert fits.reference in feed
    assert other.reference not in feed


@pytest.mark.parametrize(
    "query",
    [
        {"category": "nothing-like-it", "area": "'; --", "since": "yesterday", "cursor": "%%%"},
        {"q": "\0"},
        {"bbox": "1,2", "zoom": "far"},
    ],
)
def test_filters_that_cannot_be_read_are_left_out(
    client: Client, town: Town, query: dict[str, str]
) -> None:
    publish(town)
    assert len(references(soup(client.get("/concerns/", query, follow=True).content))) == 1
    assert client.get("/concerns/map.json", query).status_code == 200
    assert client.get("/concerns/feed.rss", query).status_code == 200


def test_a_published_page_tells_all_updates(client: Client, town: Town) -> None:
    concern = publish(town)
    PublicUpdate.objects.create(
        agency=town.agency,
        public_concern=concern,
        published_on=DAY,
        text={"en": "A crew comes on Thursday.", "es": "Una cuadrilla viene el jueves."},
    )
    english = client.get(f"/concerns/{concern.reference.lower()}/").content.decode()
    spanish = client.get(
        f"/concerns/{concern.reference}/", headers={"accept-language": "es"}
    ).content.decode()
    assert "A crew comes on Thursday." in english
    assert "Una cuadrilla viene el jueves." in spanish


def test_another_agency_shows_none_of_it(client: Client, town: Town) -> None:
    east = make_town("east", is_default=False, west=LON + 0.1)
    concern = publish(east)
    assert references(soup(client.get("/concerns/").content)) == []
    assert client.get(f"/concerns/{concern.reference}/").status_code == 404
    assert client.get("/concerns/map.json").json() == {"points": []}
    inside = client.get(f"/concerns/{concern.reference}/", {"agency": "east"})
    assert inside.status_code == 200
    page = soup(inside.content)
    links = [str(link.get("href")) for link in page.select("main a")]
    assert "/concerns/?agency=east" in links
    ways_on = [str(link.get("href")) for link in page.select("header a, footer a[href^='/help']")]
    assert all(link.endswith("?agency=east") for link in ways_on)


def test_foreign_and_unknown_references_answer_alike(client: Client, town: Town) -> None:
    concern = publish(make_town("east", is_default=False, west=LON + 0.1))
    answers = {
        client.get(f"/concerns/{reference}/").content
        for reference in (concern.reference, mint(), "nonsense")
    }
    assert len(answers) == 1


def test_the_map_gives_marks_inside_its_box(client: Client, town: Town) -> None:
    inside = publish(town)
    publish(town, anchor_lon=LON + 0.03, anchor_lat=LAT + 0.015)
    publish(town, anchor_lon=None, anchor_lat=None, precision="area")
    box = f"{LON},{LAT},{LON + 0.01},{LAT + 0.01}"
    points = client.get("/concerns/map.json", {"bbox": box, "zoom": "16"}).json()["points"]
    assert points == [
        {
            "lon": pytest.approx(LON + 0.005),
            "lat": pytest.approx(LAT + 0.005),
            "count": 1,
            "title": "Graffiti",
            "state": "working",
            "url": f"/concerns/{inside.reference}/",
        }
    ]


def test_the_feed_is_well_formed_and_links_to_the_configured_origin(
    client: Client, town: Town
) -> None:
    concern = publish(town)
    answer = client.get("/concerns/feed.rss", headers={"host": "localhost"})
    feed = ElementTree.fromstring(answer.content)
    links = [str(link.text) for link in feed.iter("link")]
    assert any(link.endswith(f"/concerns/{concern.reference}/") for link in links)
    assert all(link.startswith("http://127.0.0.1:") for link in links)


def test_pages_run_under_the_role_that_sees_only_what_was_published(
    client: Client, town: Town
) -> None:
    concern = publish(town)
    for url in ("/concerns/", f"/concerns/{concern.reference}/", "/concerns/map.json"):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        said = [query["sql"] for query in queries]
        role = next(i for i, sql in enumerate(said) if "SET LOCAL ROLE" in sql)
        assert any("published_publicconcern" in sql for sql in said[role:])
        assert not any("published_publicconcern" in sql for sql in said[:role])


def test_the_number_of_queries_does_not_grow(client: Client, town: Town) -> None:
    publish(town)
    counts = []
    for _round in range(2):
        for url in ("/concerns/", "/concerns/map.json?zoom=16", "/concerns/feed.rss"):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        for number in range(20):
            publish(town, days_ago=number)
    assert all(later <= first for first, later in zip(counts[:3], counts[3:], strict=True))
    assert max(counts) <= MOST_QUERIES


def test_what_is_not_yet_translated_is_shown_in_english_and_marked(
    client: Client, town: Town
) -> None:
    concern = publish(town, summary={"en": "Paint on a wall."})
    for url in ("/concerns/", f"/concerns/{concern.reference}/"):
        page = soup(client.get(url, headers={"accept-language": "es"}).content)
        text = page.find("p", attrs={"lang": "en"})
        assert text is not None
        assert "Paint on a wall." in text.get_text()
        assert "Not yet translated" not in soup(client.get(url).content).get_text()


def test_an_empty_feed_tells_the_day_and_not_the_second(client: Client, town: Town) -> None:
    feed = ElementTree.fromstring(client.get("/concerns/feed.rss").content)
    built = feed.findtext("channel/lastBuildDate")
    assert built is not None
    assert " 00:00:00 " in built
