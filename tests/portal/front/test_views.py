import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.concerns.published.test_views import publish
from tests.concerns.town import LON, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def test_the_front_page_has_the_three_ways_in_and_the_newest_concerns(
    client: Client, town: Town
) -> None:
    concern = publish(town)
    page = BeautifulSoup(client.get("/").content, "html.parser")
    links = [str(link.get("href")) for link in page.select("main a")]
    assert {"/report/", "/track/", "/concerns/", "/areas/neighborhood-0/"} <= set(links)
    assert f"/concerns/{concern.reference}/" in links
    assert "Every weekday at 8 am" in page.get_text()
    assert "Cedar Police" in page.get_text()
    assert len(page.select("h1")) == 1


def test_without_a_default_the_front_page_offers_every_agency(client: Client, db: None) -> None:
    make_town("cedar", is_default=False)
    make_town("east", is_default=False, west=LON + 0.1)
    page = BeautifulSoup(client.get("/").content, "html.parser")
    links = [str(link.get("href")) for link in page.select("main a")]
    assert {"/?agency=cedar", "/?agency=east"} <= set(links)


def test_a_host_of_its_own_shows_its_agency(client: Client, town: Town, settings: object) -> None:
    east = make_town("east", is_default=False, west=LON + 0.1)
    east.agency.hosts = ["localhost"]
    east.agency.save()
    page = BeautifulSoup(client.get("/", headers={"host": "localhost"}).content, "html.parser")
    assert "East Police" in page.get_text()
    assert "/report/" in [str(link.get("href")) for link in page.select("main a")]


def test_the_front_page_costs_few_queries(client: Client, town: Town) -> None:
    publish(town)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) <= 12
