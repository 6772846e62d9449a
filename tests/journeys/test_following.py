"""Coming back to a report: read how it stands, correct, adopt, take a copy, rate, erase."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.actions import triage
from concerns.actions.intake import Receipt
from concerns.models import Adoption, Concern
from engagement.audit.actors import Actor
from engagement.keys.references import spaced
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import (
    NARROW,
    PHONE,
    WIDE,
    Opens,
    Window,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.towns import Town

WORDS = "The lamp at the corner has been dark for a week."


def filed(town: Town, **changes: Any) -> tuple[Concern, steps.Receipt]:
    stored: Receipt = worlds.reported(town.agency, text=WORDS, now=timezone.now(), **changes)
    return stored.concern, steps.Receipt(spaced(stored.tracking_code), stored.secret)


def settle(concern: Concern, town: Town) -> None:
    at = {"concern_id": concern.pk, "by": Actor.staff(town.officer.pk), "now": timezone.now()}
    triage.accept(seen_version=1, **at)
    triage.resolve(seen_version=2, outcome="fixed", words="A new bulb is in.", **at)


def opened(page: Page, words: str) -> None:
    """Open the closed part of the page that these words name."""
    page.locator("summary", has_text=words).click()


def checked(page: Page) -> None:
    assert_no_sideways_scroll(page)
    assert_accessible(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "375"])
def test_a_reporter_corrects_the_place_and_takes_a_copy(
    opens: Opens, town: Town, size: dict[str, Any]
) -> None:
    concern, receipt = filed(town)
    with opens(viewport=size) as window:
        page = steps.track(window, receipt)
        expect(page.get_by_text("What comes next")).to_be_visible()
        expect(page.get_by_text("Nobody has opened its page so far.")).to_be_visible()
        page.get_by_role("button", name="Correct the place").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Correct the place")
        by_search(page)
        checked(page)
        page.get_by_role("button", name="Save the place").last.click()
        expect(page.get_by_text("The place is corrected.")).to_be_visible()
        assert Concern.objects.get(pk=concern.pk).place_text != concern.place_text
        opened(page, "Get a copy of everything")
        page.get_by_role("button", name="Show everything").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Everything held about your report"
        )
        expect(page.get_by_text("Places before you corrected them")).to_be_visible()
        checked(page)
        page.get_by_role("button", name="Back to the report").click()
        checked(page)


def by_search(page: Page) -> None:
    page.locator("input[name=place_query]").fill("cedar and main")
    page.locator("[data-place-search] [role=option], input[name=place_hit]").first.click()


def test_without_a_script_and_at_320_pixels_it_works_the_same(opens: Opens, town: Town) -> None:
    concern, receipt = filed(town, level="confidential", email="ana@home.example")
    with opens(java_script_enabled=False, viewport=NARROW) as window:
        page = steps.track(window, receipt)
        page.get_by_role("button", name="Correct the place").click()
        page.locator("input[name=place_query]").fill("cedar and main")
        page.get_by_role("button", name="Find").click()
        page.locator("input[name=place_hit]").first.check()
        page.get_by_role("button", name="Save the place").last.click()
        expect(page.get_by_text("The place is corrected.")).to_be_visible()
        opened(page, "Ask to have words removed")
        page.locator("#id_removal_text").fill("The name of the corner")
        page.get_by_role("button", name="Ask staff").click()
        expect(page.get_by_text("Staff were asked to remove the words.")).to_be_visible()
        opened(page, "Erase who I am")
        page.locator("button[value=erase]").click()
        expect(page.get_by_text("Your contact and account link are erased.")).to_be_visible()
        assert Concern.objects.get(pk=concern.pk).level == "anonymous"


def test_a_signed_in_resident_keeps_a_report_and_lets_it_go(opens: Opens, town: Town) -> None:
    _concern, receipt = filed(town)
    email = f"resident@{town.agency.slug}.example"
    worlds.resident(email)
    with opens() as window:
        steps.sign_in(window, email, worlds.PASSWORD)
        page = steps.track(window, receipt)
        opened(page, "Put it into My reports")
        page.locator("button[value=adopt]").click()
        expect(page.get_by_text("The report is listed under My reports now.")).to_be_visible()
        listed = open_from_list(window, receipt)
        opened(listed, "Take it out of My reports")
        listed.locator("button[value=let_go]").click()
        expect(listed.get_by_text("no longer tied to your account")).to_be_visible()
    assert not Adoption.objects.filter(agency=town.agency).exists()


def open_from_list(window: Window, receipt: steps.Receipt) -> Page:
    page = window.open("/my/")
    checked(page)
    page.locator("main .row", has_text=receipt.code).get_by_role("button", name="Open").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    return page


def test_a_resolved_report_is_rated_by_keyboard(opens: Opens, town: Town) -> None:
    concern, receipt = filed(town)
    settle(concern, town)
    with opens() as window:
        page = steps.track(window, receipt)
        page.locator("#id_rating_respect_0").focus()
        page.keyboard.press("Space")
        page.locator("button[value=rate]").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Thank you for rating how it went.")).to_be_visible()
        checked(page)
