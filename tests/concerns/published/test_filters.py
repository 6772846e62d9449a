"""Filters of the public list: several kinds, real states, one address, words for it, advice."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.published import queries
from concerns.published.models import Prevention
from concerns.published.prevention import give_prevention, usual_prevention
from concerns.published.queries import Wanted
from engagement.audit.actors import Actor
from tests.concerns.published.test_views import DAY, publish, references, soup
from tests.concerns.town import NOW, Town, make_town
from tests.databases import analyse


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def test_several_kinds_are_listed_together_and_turn_pages(client: Client, town: Town) -> None:
    kinds = ["graffiti", "noise", "animal"]
    rows = [publish(town, days_ago=number, category_code=kinds[number % 3]) for number in range(90)]
    wanted = [row.reference for row in rows if row.category_code != "noise"]
    address, seen = "/concerns/?category=animal&category=graffiti", []
    while address:
        page = soup(client.get(address).content)
        seen += references(page)
        older = [str(a["href"]) for a in page.select(".pagination a") if "Older" in a.get_text()]
        address = "/concerns/" + older[0] if older else ""
    assert seen == wanted
    newer = [str(a["href"]) for a in page.select(".pagination a") if "Newer" in a.get_text()]
    back = soup(client.get("/concerns/" + newer[0]).content)
    assert references(back) == wanted[25:50]


def test_a_state_itself_can_be_chosen(client: Client, town: Town) -> None:
    waits, _other = publish(town, state="waiting"), publish(town, state="closed")
    page = soup(client.get("/concerns/", {"progress": "waiting"}).content)
    assert references(page) == [waits.reference]


def test_one_filter_has_one_address(client: Client, town: Town) -> None:
    publish(town)
    sent = (
        "/concerns/?agency=cedar&until=&progress=open&q=+paint++wall+&category=graffiti"
        "&category=nothing&since=2026-03-01&category=graffiti&cursor=xyz"
    )
    answer = client.get(sent)
    short = "/concerns/?q=paint+wall&category=graffiti&progress=open&since=2026-03-01"
    assert (answer.status_code, answer["Location"]) == (302, f"{short}&cursor=xyz")
    page = soup(client.get(short).content)
    canonical = page.select_one("link[rel=canonical]")
    assert canonical is not None
    assert str(canonical["href"]).endswith(short)
    feed = page.select_one("link[type='application/rss+xml']")
    assert feed is not None
    assert str(feed["href"]) == short.replace("/concerns/", "/concerns/feed.rss")


def test_the_title_says_the_filter(client: Client, town: Town) -> None:
    publish(town)
    query = {
        "category": "graffiti",
        "progress": "open",
        "area": "neighborhood-0",
        "since": "2026-03-01",
    }
    page = soup(client.get("/concerns/", query).content)
    assert page.h1 is not None
    assert page.title is not None
    words = "Graffiti in Neighborhood 0: still open, from Mar 1, 2026"
    assert page.h1.get_text() == words
    assert page.title.get_text().startswith(words)
    feed = ElementTree.fromstring(client.get("/concerns/feed.rss", query).content)
    assert str(feed.findtext("channel/title")).startswith(words)
    assert "area=neighborhood-0" in str(feed.findtext("channel/link"))


def test_a_number_too_large_to_count_says_so(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        publish(town)
    assert "3 concerns" in soup(client.get("/concerns/").content).get_text()
    monkeypatch.setattr(queries, "COUNTED_TO", 2)
    assert "2+ concerns" in soup(client.get("/concerns/").content).get_text()


def test_where_nothing_fits_the_page_offers_to_ask_for_less(client: Client, town: Town) -> None:
    publish(town)
    query = {"q": "purple paint", "category": "graffiti", "since": str(DAY - timedelta(days=9))}
    page = soup(client.get("/concerns/", query).content)
    ways = {a.get_text(): str(a["href"]) for a in page.select("main li a")}
    found = [
        references(soup(client.get(url).content))
        for words, url in ways.items()
        if words in {"Look for any one of these words", "Leave out the words “purple paint”"}
    ]
    assert [len(rows) for rows in found] == [1, 1]
    assert {"Look at all kinds", "Look at all days"} < set(ways)


def test_a_kind_ends_with_what_people_can_do_themselves(client: Client, town: Town) -> None:
    give_prevention(town.agency, Actor.task("tests"), NOW)
    concern = publish(town)
    listed = client.get("/concerns/", {"category": "graffiti"}).content.decode()
    page = client.get(f"/concerns/{concern.reference}/").content.decode()
    spanish = client.get(
        f"/concerns/{concern.reference}/", headers={"accept-language": "es"}
    ).content.decode()
    assert "Photograph it, report it" in listed
    assert "Photograph it, report it" in page
    assert "Tome una foto" in spanish
    assert "Photograph it" not in client.get("/concerns/").content.decode()


def test_an_agencys_own_advice_stays(town: Town) -> None:
    Prevention.objects.create(agency=town.agency, category_code="graffiti", advice={"en": "Ours."})
    give_prevention(town.agency, Actor.task("tests"), NOW)
    assert str(Prevention.objects.get(category_code="graffiti").advice) == "Ours."
    assert Prevention.objects.count() == len(usual_prevention())


def test_a_closed_concern_says_what_came_of_it(client: Client, town: Town) -> None:
    concern = publish(town, state="closed", outcome="fixed", resolved_on=DAY)
    page = soup(client.get(f"/concerns/{concern.reference}/").content)
    assert "It was fixed." in page.get_text()
    ways = [str(link.get("href")) for link in page.select("main a")]
    assert "/report/?category=graffiti" in ways
    assert "/concerns/?category=graffiti" in ways


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(categories=("animal", "graffiti")),
        Wanted(categories=("animal", "graffiti"), progress="open"),
        Wanted(progress="waiting"),
    ],
)
def test_what_is_listed_together_is_read_along_indexes(town: Town, wanted: Wanted) -> None:
    for number in range(30):
        publish(town, days_ago=number, category_code=("animal", "graffiti")[number % 2])
    analyse("published_publicconcern")
    parts = queries.published_branches(agency=town.agency, wanted=wanted)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    for part in parts:
        plan = part[:26].explain()
        assert "Index Scan using published_" in plan
        assert "Sort" not in plan


def test_the_number_of_queries_is_the_same_for_any_number_of_kinds(
    client: Client, town: Town
) -> None:
    for code in ("graffiti", "noise", "animal"):
        publish(town, category_code=code)
    counts = []
    for query in ("category=graffiti", "category=animal&category=graffiti&category=noise"):
        client.get(f"/concerns/?{query}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/concerns/?{query}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_report_something_like_this_begins_with_its_kind(client: Client, town: Town) -> None:
    help_page = soup(client.get("/report/?category=graffiti").content)
    ways = [str(link.get("href")) for link in help_page.select("main a")]
    assert "/report/new/?category=graffiti" in ways
    form = soup(client.get("/report/new/?category=graffiti").content)
    checked = form.select_one("input[name=category][checked]")
    assert checked is not None
    assert checked["value"] == "graffiti"
    assert client.get("/report/new/?category='%22<x>").status_code == 200
