"""Which numbers stand on the help page, beside which words, and in the worker's keeping."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from concerns.views.public_pages import HOTLINES, help_choices, helps_by_line, helps_for
from engagement.places.models import Hotline
from tests.concerns.town import Town, filled, helpful_numbers, key_of, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def number(code: str, digits: str, **more: object) -> Hotline:
    values = {"label": code, "when": code, "number_href": f"tel:{digits}", **more}
    return Hotline.objects.create(code=code, number=digits, **values)


def test_the_emergency_number_stands_first_also_where_no_list_has_it(town: Town) -> None:
    town.agency.emergency_number = "112"
    number("crisis", "988", sort=1)
    choices = help_choices(town.agency)
    assert [choice["href"] for choice in choices] == ["tel:112", "tel:988"]


def test_an_agencys_own_number_stands_in_for_the_common_one(town: Town) -> None:
    number("crime_tip", "1")
    number("crime_tip", "2", agency=town.agency)
    assert [choice["number"] for choice in help_choices(town.agency)] == ["911", "2"]


def test_choices_stand_in_order_of_urgency_and_others_after_them(town: Town) -> None:
    for place, code in enumerate(["quilts", "crime_tip", "sexual_violence", "crisis", "emergency"]):
        number(code, str(place), sort=place)
    codes = [choice["code"] for choice in help_choices(town.agency)]
    assert codes == ["emergency", "crisis", "sexual_violence", "crime_tip", "quilts"]


@pytest.mark.parametrize(
    ("href", "opens"),
    [
        ("tel:+18005550100", "tel:+18005550100"),
        ("sms:741741", "sms:741741"),
        ("https://tips.example", "https://tips.example"),
        ("", "tel:18005550100"),
        ("javascript:alert(1)", "tel:18005550100"),
    ],
)
def test_a_tap_opens_a_call_a_text_or_a_page_and_nothing_else(
    town: Town, href: str, opens: str
) -> None:
    number("crisis", "1-800-555-0100", number_href=href)
    assert help_choices(town.agency)[1]["href"] == opens


def test_each_line_has_a_number_whatever_the_agency_lists(town: Town) -> None:
    assert helps_for([], town.agency) == []
    for line in HOTLINES:
        assert [one["code"] for one in helps_for([line], town.agency)] == ["emergency"]
    for code in HOTLINES.values():
        number(code, "1")
    assert [one["code"] for one in helps_for(["crime_tip"], town.agency)] == ["crime_tip"]
    assert [one["code"] for one in helps_for(["child"], town.agency)] == [
        "emergency",
        "child_abuse",
    ]


def test_a_number_that_answers_no_line_stays_off_the_panel(town: Town) -> None:
    number("quilts", "1")
    assert [one["code"] for one in helps_by_line(town.agency)] == ["emergency"]


def test_the_help_page_has_no_form_that_could_tell_and_no_query(client: Client, town: Town) -> None:
    helpful_numbers()
    main = BeautifulSoup(client.get("/report/").content, "html.parser").select_one("main")
    assert main is not None
    assert main.select("form, button, [data-hx], [hx-get], [ping]") == []
    links = [str(link["href"]) for link in main.select("a[href]")]
    assert {link.partition(":")[0] for link in links if ":" in link} == {"tel"}
    assert {link for link in links if ":" not in link} == {"#none", "/report/new/", "/track/"}


def test_the_worker_keeps_the_page_and_exactly_the_files_that_it_uses(
    client: Client, town: Town
) -> None:
    answer = client.get("/report/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-store"
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    line, _newline, source = answer.content.decode().partition("\n")
    kept = json.loads(line.removeprefix("const KEPT = ").removesuffix(";"))
    assert kept["page"] == "/report/"
    assert all(name.startswith("/static/") for name in kept["files"])
    page = BeautifulSoup(client.get("/report/").content, "html.parser")
    used = [
        *(link["href"] for link in page.select("head link[href]")),
        *(script["src"] for script in page.select("script[src]")),
        *(image["src"] for image in page.select("img[src]")),
        *(str(use["href"]).partition("#")[0] for use in page.select("use[href]")),
    ]
    assert set(kept["files"]) == {str(name) for name in used}
    assert re.fullmatch(r"[0-9a-f]{16}", kept["version"])
    assert 'request.method !== "GET"' in source


def test_what_is_sent_elsewhere_shows_its_number(client: Client, town: Town) -> None:
    number("past_crime", "(573) 555-0199", number_href="tel:+15735550199")
    sent = filled(town, key=key_of(client, town), category="past_crime")
    page = BeautifulSoup(client.post("/report/new/", sent).content, "html.parser")
    assert page.select_one("main a[href='tel:+15735550199']") is not None
