"""One step on many cases, with and without scripts, on a phone; and the rooms beside it."""

import os
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.models import Concern
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Opens, assert_accessible, assert_no_sideways_scroll
from tests.journeys.towns import Town, head_of
from tests.worlds import PASSWORD

BESIDE = ("/desk/concerns/bulk/", "/desk/concerns/hand-over/", "/account/devices/")
OF_SUPERVISORS = ("/desk/setup/tags/", "/desk/moderation/", "/help/moderation/")


def filed(town: Town, number: int) -> list[Concern]:
    return [worlds.reported(town.agency, now=timezone.now()).concern for _each in range(number)]


def holds(page: Page, name: str) -> Page:
    """Fits the screen, for axe too; kept as a picture where somebody asked for pictures."""
    assert_no_sideways_scroll(page)
    folder = os.environ.get("BULK_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert_accessible(page)
    return page


def test_ticked_cases_change_priority_and_back_on_a_phone_without_scripts(
    opens: Opens, town: Town
) -> None:
    first, second, third = filed(town, 3)
    with opens(java_script_enabled=False, viewport=PHONE) as officer:
        steps.sign_in(officer, town.officer_email, PASSWORD)
        page = officer.open("/desk/concerns/")
        for concern in (first, second):
            page.locator(f"input[value='{concern.staff_reference}']").check()
        page.locator("#bulk-verb").select_option("priority")
        page.get_by_role("button", name="Go on").click()
        page.locator("select[name=choice]").select_option("high")
        page.get_by_role("button", name="See what will happen").click()
        expect(page.get_by_text("It will be done on 2 cases.")).to_be_visible()
        assert_no_sideways_scroll(page)
        page.get_by_role("button", name="Yes, do it").click()
        expect(page.get_by_text("Done.", exact=True)).to_have_count(2)
        assert_no_sideways_scroll(page)
        page.get_by_role("button", name="Put it back as it was").click()
        expect(page.get_by_text("Done, and taken back.")).to_have_count(2)
        officer.assert_quiet()
    priorities = Concern.objects.filter(pk__in=[first.pk, second.pk, third.pk])
    assert set(priorities.values_list("priority", flat=True)) == {"normal"}


def test_the_pages_of_a_step_and_the_rooms_beside_it_hold_for_everyone(
    opens: Opens, town: Town
) -> None:
    concerns = filed(town, 2)
    for concern, size, viewport in zip(concerns, ("wide", "phone"), (WIDE, PHONE), strict=True):
        with opens(viewport=viewport) as officer:
            steps.sign_in(officer, town.officer_email, PASSWORD)
            page = officer.open("/desk/concerns/")
            holds(page, f"queue-{size}")
            page.locator(f"input[value='{concern.staff_reference}']").check()
            page.locator("#bulk-verb").select_option("assign")
            page.get_by_role("button", name="Go on").click()
            holds(page, f"choose-{size}")
            page.locator("select[name=choice]").select_option("0")
            page.get_by_role("button", name="See what will happen").click()
            holds(page, f"ask-{size}")
            page.get_by_role("button", name="Yes, do it").click()
            expect(page.get_by_text("Case by case")).to_be_attached()
            holds(page, f"done-{size}")
            for number, path in enumerate(BESIDE):
                holds(officer.open(path), f"beside-{number}-{size}")
            case = officer.open(f"/desk/concerns/{concern.staff_reference}/")
            case.locator("#tagform-tag").fill(f"bridge {size}")
            case.locator("#tagform-tag").press("Enter")
            expect(case.get_by_text(f"bridge {size}").first).to_be_visible()
            officer.assert_quiet()
    with opens(viewport=PHONE) as boss:
        steps.sign_in(boss, head_of(town), PASSWORD)
        for number, path in enumerate(OF_SUPERVISORS):
            holds(boss.open(path), f"boss-{number}")
        boss.assert_quiet()
