import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.concerns.town import Town, helpful_numbers, make_town


@pytest.fixture
def town(db: None) -> Town:
    helpful_numbers()
    return make_town()


def test_help_lists_the_numbers_and_is_not_traced(client: Client, town: Town) -> None:
    answer = client.get("/help/")
    page = BeautifulSoup(answer.content, "html.parser")
    assert {"tel:911", "tel:988"} <= {str(link.get("href")) for link in page.select("main a")}
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_privacy_page_says_what_cannot_be_promised(client: Client, town: Town) -> None:
    text = BeautifulSoup(client.get("/help/privacy/").content, "html.parser").get_text(" ")
    for words in ("court order", "network", "words"):
        assert words in text


def test_leaving_clears_the_browser_and_shows_a_page_that_says_nothing(
    client: Client, town: Town
) -> None:
    answer = client.get("/leave/")
    text = BeautifulSoup(answer.content, "html.parser").get_text(" ").lower()
    assert '"storage"' in answer["Clear-Site-Data"]
    assert answer["Cache-Control"] == "no-store"
    assert not any(word in text for word in ("police", "report", "cedar", "common ground"))
