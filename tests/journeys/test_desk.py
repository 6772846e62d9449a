"""The desk by keys, by a phone and without scripts; two officers with one case open."""

import os
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.actions import following
from concerns.models import Concern
from engagement.audit.actors import Actor
from engagement.people.roles import Role
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, assert_accessible, assert_no_sideways_scroll
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

DRAFT = "I will look at the jack-knifed trailer."
# What the page does by itself every twenty seconds, and whenever somebody comes back to it.
COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"


def filed(town: Town, number: int = 1) -> list[Concern]:
    return [worlds.reported(town.agency, now=timezone.now()).concern for _each in range(number)]


def seen(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures; nothing reaches over the edge."""
    assert_no_sideways_scroll(page)
    folder = os.environ.get("DESK_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_an_officer_works_by_keys_alone(opens: Opens, town: Town) -> None:
    filed(town, 3)
    with opens() as officer:
        steps.sign_in(officer, town.officer_email, PASSWORD)
        page = officer.open("/desk/")
        seen(page, "home-wide")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        seen(page, "keys-dialog")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.href")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.href") != first
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.href") == first
        page.keyboard.press("r")
        page.wait_for_url(first)
        field = page.locator("form[action*='/reply/'] textarea").first
        expect(field).to_be_focused()
        page.keyboard.type(DRAFT)
        expect(field).to_have_value(DRAFT)
        assert page.url == first
        officer.assert_quiet()
        officer.open("/desk/keys/").get_by_role("button", name="Switch the keys off").click()
        page = officer.open("/desk/")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement === document.body")


def test_a_new_message_arrives_and_what_is_being_typed_stays(opens: Opens, town: Town) -> None:
    (concern,) = filed(town)
    worlds.officer(
        town.agency,
        "Officer Reed",
        district=None,
        email=f"reed@{town.agency.slug}.example",
        now=timezone.now(),
    )
    path = f"/desk/concerns/{concern.staff_reference}/"
    with opens() as vale, opens() as reed:
        steps.sign_in(vale, town.officer_email, PASSWORD)
        page = vale.open(path)
        steps.sign_in(reed, f"reed@{town.agency.slug}.example", PASSWORD)
        expect(reed.open(path).get_by_text("Also here now: Officer Vale")).to_be_visible()
        field = page.locator("form[action*='/reply/'] textarea").first
        field.fill(DRAFT)
        following.answer(
            concern_id=concern.pk, text="It came back.", by=Actor.reporter(), now=timezone.now()
        )
        page.evaluate(COME_BACK)
        expect(page.get_by_text("there is a new message")).to_be_visible()
        expect(page.get_by_text("Also here now: Officer Reed")).to_be_visible()
        assert page.get_by_text("It came back.").count() == 0
        seen(page, "case-live")
        page.get_by_role("link", name="Show it").click()
        expect(page.get_by_text("It came back.")).to_be_visible()
        expect(field).to_have_value(DRAFT)
        page.locator("form[action*='/reply/'] button[type=submit]").first.click()
        expect(page.get_by_text(DRAFT).first).to_be_visible()
        vale.assert_quiet()


def test_a_supervisor_reads_the_workload_and_sets_an_absence_on_a_phone_without_scripts(
    opens: Opens, town: Town
) -> None:
    filed(town, 2)
    email = f"chief@{town.agency.slug}.example"
    worlds.officer(
        town.agency,
        "Chief Elm",
        role=Role.SUPERVISOR,
        district=None,
        email=email,
        now=timezone.now(),
    )
    with opens(viewport=PHONE, java_script_enabled=False) as chief:
        steps.sign_in(chief, email, PASSWORD)
        seen(chief.open("/desk/"), "home-phone")
        page = chief.open("/desk/workload/")
        seen(page, "workload-phone")
        page.get_by_role("link", name="Officer Vale").click()
        assert "owner=" in page.url
        page = chief.open("/desk/absences/")
        today = town.agency.day_of(timezone.now()).isoformat()
        page.get_by_label("Who is away").select_option(label="Officer Vale")
        page.get_by_label("First day away").fill(today)
        page.get_by_label("Last day away").fill(today)
        page.get_by_label("Who stands in").select_option(label="Chief Elm")
        page.get_by_role("button", name="Set these days").click()
        expect(page.get_by_text("Chief Elm stands in")).to_be_visible()
        seen(page, "absences-phone")
    (new,) = filed(town)
    assert new.owner is not None
    assert new.owner.name == "Chief Elm"
    with opens() as chief:
        steps.sign_in(chief, email, PASSWORD)
        seen(chief.open("/desk/workload/"), "workload-wide")
        seen(chief.open("/desk/"), "home-chief")
        assert_accessible(chief.page)
        assert_accessible(chief.open("/desk/workload/"))
        seen(chief.open("/desk/keys/"), "keys-wide")
        chief.assert_quiet()
