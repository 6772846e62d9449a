"""One neighbor joins what another raised; one who calls is filed for; a poster leads to help."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.actions import triage
from concerns.actions.campaigns import begin
from concerns.models import Concern, Joining
from engagement.audit.actors import Actor
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import NARROW, PHONE, Opens
from tests.journeys.towns import Town
from tests.worlds import LAT, LON, PASSWORD, STEP


def raised(town: Town) -> Concern:
    """Graffiti at the corner of Main and Cedar, accepted and so public."""
    now = timezone.now()
    concern = worlds.reported(
        town.agency, now=now, lon=LON + STEP, lat=LAT + STEP / 2, text="My own words"
    ).concern
    by = Actor.staff(town.officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=now)
    return concern


def to_check_page(page: Page) -> None:
    steps.through_help_to_form(page)
    steps.choose_kind(page, words="")
    page.locator("#id_text").fill("Sprayed all over the corner.")
    page.locator("input[name=level][value=anonymous]").check()
    page.locator("input[name=place_query]").fill("cedar and main")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("group", name="Which place do you mean?").get_by_role("radio").first.check()
    steps.check(page)


def test_a_neighbor_joins_instead_of_reporting_again_without_script(
    opens: Opens, town: Town
) -> None:
    concern = raised(town)
    with opens(java_script_enabled=False, viewport=PHONE) as window:
        page = window.open("/")
        to_check_page(page)
        expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
        page.get_by_role("button", name="This is mine too").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have joined")
        found = steps.receipt(page)
        assert Concern.objects.filter(agency=town.agency).count() == 1
        assert Joining.objects.get(concern=concern).words == "Sprayed all over the corner."
        page = window.open("/track/")
        page.locator("#id_code").fill(found.code)
        page.locator("#id_secret").fill(found.secret)
        page.locator("main form button[type=submit]").click()
        expect(page.get_by_text("Accepted").first).to_be_visible()
        expect(page.get_by_text("My own words")).not_to_be_visible()
        page.locator("summary", has_text="Stop following").click()
        page.get_by_role("button", name="Stop following").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You stopped following")


def test_a_caller_is_filed_for_by_keyboard_and_gets_a_slip(opens: Opens, town: Town) -> None:
    with opens() as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open("/desk/")
        page.get_by_role("link", name="File for somebody").click()
        page.locator("input[name=channel][value=phone]").check()
        page.locator("#category-words").fill("graffiti")
        page.locator("input[name=category][value=graffiti]").check()
        page.locator("#id_no_place").check()
        page.locator("#id_text").fill("They told me about paint on the bridge.")
        page.locator("input[name=level][value=anonymous]").check()
        page.locator("#id_asked_by").select_option("person")
        page.locator("#id_agreed").select_option("aloud")
        page.locator("#id_has_agreed").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="It is filed")).to_be_visible()
        slip = steps.receipt(page)
    with opens(viewport=NARROW) as window:
        page = steps.track(window, slip)
        expect(page.get_by_text("paint on the bridge")).to_be_visible()


@pytest.mark.privacy
def test_a_poster_leads_to_help_and_leaves_nothing_in_the_browser(opens: Opens, town: Town) -> None:
    by = Actor.staff(town.officer.pk)
    poster = begin(agency=town.agency, name="Boards", area=None, by=by, now=timezone.now())
    with opens(viewport=PHONE) as window:
        page = window.open(f"/r/{poster.code}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("What is happening?")
        page.get_by_role("main").get_by_role("link", name="Report a local concern").click()
        expect(page.locator("input[name=campaign]")).to_have_value(poster.code)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert not any(poster.code in str(cookie) for cookie in window.context.cookies())
