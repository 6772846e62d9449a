"""Everything works in a browser that runs no scripts."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.models import Concern
from concerns.models.concern import PlaceSource
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Opens
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

WORDS = "Somebody sprayed the bus shelter."


def begin(page: Page) -> None:
    steps.choose_kind(page, words="")
    page.locator("#id_text").fill(WORDS)
    page.locator("input[name=level][value=anonymous]").check()


def by_search(page: Page) -> None:
    page.locator("input[name=place_query]").fill("cedar and main")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("group", name="Which place do you mean?").get_by_role("radio").first.check()


def by_list(page: Page) -> None:
    page.locator("#id_area").select_option(label="Lantern Hill")


def without_place(page: Page) -> None:
    page.locator("#id_no_place").check()


@pytest.mark.parametrize(
    ("say_where", "source"),
    [
        (by_search, PlaceSource.SEARCH),
        (by_list, PlaceSource.LIST),
        (without_place, PlaceSource.WORDS),
    ],
    ids=["search", "list", "no place"],
)
def test_a_report_needs_no_script(opens: Opens, town: Town, say_where: object, source: str) -> None:
    with opens(java_script_enabled=False, viewport=PHONE) as window:
        page = window.open("/")
        steps.through_help_to_form(page)
        begin(page)
        assert callable(say_where)
        say_where(page)
        receipt = steps.check_and_send(page)
        concern = Concern.objects.get(agency=town.agency)
        assert (concern.text, concern.place_source) == (WORDS, source)
        assert concern.areas.exists() == (source != PlaceSource.WORDS)
        assert (concern.area is not None) == (source != PlaceSource.WORDS)
        steps.track(window, receipt)
        expect(page.get_by_text(WORDS)).to_be_visible()


def test_the_desk_needs_no_script(opens: Opens, town: Town) -> None:
    stored = worlds.reported(town.agency, text=WORDS, now=timezone.now())
    with opens(java_script_enabled=False, viewport=WIDE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open(f"/desk/concerns/{stored.concern.staff_reference}/")
        steps.accept(page)
        steps.reply(page, "Thank you, we look at it today.")
        steps.publish(page, "Paint on a shelter.")
        steps.resolve(page, "It was cleaned.")
    concern = Concern.objects.get(pk=stored.concern.pk)
    assert concern.state == "resolved"
    assert concern.public is not None
