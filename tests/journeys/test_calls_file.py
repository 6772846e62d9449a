"""A supervisor names the columns of the calls file and tries them on a file, without scripts."""

import os
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.models import CallMapping, Concern
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Opens, assert_accessible, assert_no_sideways_scroll
from tests.journeys.towns import Town, head_of
from tests.worlds import PASSWORD

PAGE = "/desk/setup/calls/"
COLUMNS = {"number": "CallNo", "date": "Date", "type": "Nature", "block": "Block"}


def looked_at(page: Page, name: str) -> None:
    folder = os.environ.get("CALLS_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_a_calls_file_is_tried_on_a_phone_without_scripts_and_then_saved(
    opens: Opens, town: Town, tmp_path: Path
) -> None:
    now = timezone.now()
    near = worlds.reported(town.agency, place_text="Utah St, by the bakery", now=now).concern
    day = town.agency.day_of(now).isoformat()
    file = tmp_path / "calls.csv"
    file.write_text(
        "CallNo,Nature,Date,Block\n"
        f"26-000001,GRAFFITI,{day},3412 Utah St\n26-000002,NOISE,{day},3400 Iowa St\n,NOISE,,\n"
    )
    boss = head_of(town)
    with opens(java_script_enabled=False, viewport=PHONE) as window:
        steps.sign_in(window, boss, PASSWORD)
        page = window.open(PAGE)
        page.set_input_files("input[name=table]", file)
        page.get_by_role("button", name="Try it first").click()
        expect(page.get_by_text("Name the columns below")).to_be_visible()
        assert_no_sideways_scroll(page)
        for field, column in COLUMNS.items():
            page.locator(f"input[name={field}_column]").fill(column)
        page.set_input_files("input[name=table]", file)
        page.get_by_role("button", name="Try it first").click()
        expect(page.get_by_text("3 rows were looked at.")).to_be_visible()
        expect(page.get_by_role("link", name=near.staff_reference)).to_be_visible()
        assert_no_sideways_scroll(page)
        assert not CallMapping.objects.filter(agency=town.agency).exists()
        page.get_by_role("button", name="Save how it is read").click()
        expect(page.get_by_text("Saved. The next file is read so.")).to_be_visible()
        window.assert_quiet()
    assert CallMapping.objects.get(agency=town.agency).number_column == "CallNo"
    for size, viewport in (("wide", WIDE), ("phone", PHONE)):
        with opens(viewport=viewport) as window:
            steps.sign_in(window, boss, PASSWORD)
            page = window.open(PAGE)
            page.set_input_files("input[name=table]", file)
            page.get_by_role("button", name="Try it first").click()
            expect(page.get_by_text("3 rows were looked at.")).to_be_visible()
            looked_at(page, f"calls-{size}")
            window.assert_quiet()


def test_cases_are_closed_with_words_of_ones_own(opens: Opens, town: Town) -> None:
    now = timezone.now()
    concern = worlds.reported(town.agency, now=now).concern
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open("/desk/concerns/")
        page.locator(f"input[value='{concern.staff_reference}']").check()
        page.locator("#bulk-verb").select_option("close")
        page.get_by_role("button", name="Go on").click()
        page.locator("select[name=choice]").select_option(label="Words of your own")
        page.get_by_text("Write words of your own").click()
        page.locator("textarea[name=words_en]").fill("The wall is clean again.")
        page.get_by_label("Fixed").first.check()
        looked_at(page, "own-words")
        page.get_by_role("button", name="See what will happen").click()
        expect(page.get_by_text("The wall is clean again.")).to_be_visible()
        looked_at(page, "own-words-asked")
        page.get_by_role("button", name="Yes, do it").click()
        expect(page.get_by_text("Done.", exact=True)).to_be_visible()
        window.assert_quiet()
    assert Concern.objects.get(pk=concern.pk).state == "closed"
