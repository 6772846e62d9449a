from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.people.models import AreaAssignment, User
from tests.concerns.published.test_views import publish
from tests.concerns.town import LON, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").get_text(" ")


def assign_officer(town: Town) -> None:
    officer = User.objects.create_user(
        "officer@people.invalid", name="Sgt. Rivera", created_on=date(2026, 1, 1)
    )
    AreaAssignment.objects.create(
        agency=town.agency, user=officer, area=town.district, from_on=date(2026, 1, 1)
    )


def test_the_list_of_areas_links_to_each(client: Client, town: Town) -> None:
    page = BeautifulSoup(client.get("/areas/").content, "html.parser")
    links = {str(link.get("href")) for link in page.select("main a")}
    assert {
        f"/areas/{layer}-{n}/" for layer in ("district", "neighborhood") for n in (0, 1)
    } <= links


def test_an_area_shows_what_was_published_there_and_nothing_from_next_door(
    client: Client, town: Town
) -> None:
    publish(town)
    assert "Paint on a wall." in text_of(client, "/areas/neighborhood-0/")
    assert "Paint on a wall." not in text_of(client, "/areas/neighborhood-1/")


def test_an_officer_is_named_only_where_the_agency_publishes_names(
    client: Client, town: Town
) -> None:
    assign_officer(town)
    assert "Rivera" not in text_of(client, "/areas/district-0/")
    town.agency.publishes_officer_names = True
    town.agency.save()
    assert "Sgt. Rivera" in text_of(client, "/areas/district-0/")


def test_a_neighborhood_says_in_which_police_area_its_middle_lies(
    client: Client, town: Town
) -> None:
    assert "District 1" in text_of(client, "/areas/neighborhood-1/")


def test_an_area_of_another_agency_is_not_there(client: Client, town: Town) -> None:
    east = make_town("east", is_default=False, west=LON + 0.1)
    east.neighborhood.slug = "far-away"
    east.neighborhood.save()
    assert client.get("/areas/far-away/").status_code == 404
    assert client.get("/areas/far-away/", {"agency": "east"}).status_code == 200


@pytest.mark.parametrize("url", ["/areas/", "/areas/neighborhood-0/"])
def test_pages_of_areas_cost_few_queries(client: Client, town: Town, url: str) -> None:
    publish(town)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 12
