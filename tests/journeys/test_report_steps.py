"""The report in steps: one part at a time, back at any moment, nothing lost; and without steps."""

from pathlib import Path

from playwright.sync_api import Page, expect

from concerns.models import Concern
from tests.journeys import steps
from tests.journeys.browsing import (
    NARROW,
    Opens,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for

WORDS = "The back door stands open, and children go in."
# The answer with the outlines of the map waits until the test lets it in, read to its end.
OUTLINES_WAIT = """
const ask = window.fetch;
window.fetch = (...asked) => String(asked[0]).includes("/places/areas/")
  ? new Promise((arrived) => {
      window.letOutlinesIn = async () => {
        const answer = await ask(...asked);
        arrived(answer);
        await answer.clone().text();
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      };
    })
  : ask(...asked);
"""


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").locator("visible=true").click()


def title(page: Page) -> str:
    """What has the focus after a step, and so is read aloud."""
    focused: str = page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")
    return focused


def choose(page: Page, words: str, kind: str) -> None:
    page.locator("#category-words").fill(words)
    row = page.locator("[data-category-found] .kind").first
    expect(row.locator(f"input[value={kind}]")).to_have_count(1)
    row.click()


def test_one_part_at_a_time_and_back_at_any_moment(
    opens: Opens, town: Town, tmp_path: Path
) -> None:
    with opens(viewport=NARROW) as window:
        page = window.open("/report/new/")
        go_on(page)
        expect(page.get_by_role("alert").locator("visible=true")).to_have_text(
            "Choose what it is about."
        )
        choose(page, "bacant bilding", "vacant_building")
        choose(page, "casa abandonada", "vacant_building")
        go_on(page)
        assert title(page) == "Step 2 of 4 Where is it?"
        assert_no_sideways_scroll(page)
        page.go_back()
        expect(page.locator("[data-step=what]")).to_be_visible()
        page.go_forward()
        page.locator("#id_area").select_option(index=1)
        go_on(page)
        assert title(page) == "Step 3 of 4 What is going on?"
        go_on(page)
        expect(page.locator("#id_text")).to_be_focused()
        expect(page.get_by_role("alert").locator("visible=true")).to_be_in_viewport()
        page.locator("#id_text").fill(WORDS)
        expect(page.get_by_role("alert").locator("visible=true")).to_have_count(0)
        answer_as_it_branches(page)
        assert_no_sideways_scroll(page)
        go_on(page)
        page.get_by_role("button", name="Back").locator("visible=true").click()
        expect(page.locator("#id_text")).to_have_value(WORDS)
        go_on(page)
        page.locator("input[name=level][value=anonymous]").check()
        check_back_and_send(page)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as a file").click()
        saved.value.save_as(tmp_path / "receipt.txt")
        found = steps.receipt(page)
        text = (tmp_path / "receipt.txt").read_text(encoding="utf-8")
        assert found.code in text
        assert found.secret in text
    concern = Concern.objects.get(agency=town.agency)
    assert [str(answer.words) for answer in concern.answers.order_by("id")] == [
        "Yes, a door or window is open",
        "No",
    ]


def answer_as_it_branches(page: Page) -> None:
    """The second question is asked only after some answers to the first."""
    asked = page.locator("[data-questions=vacant_building]")
    follows = asked.locator("[data-asked-after]")
    expect(follows).to_be_hidden()
    asked.get_by_text("No, it is closed").click()
    expect(follows).to_be_hidden()
    asked.get_by_text("Yes, a door or window is open", exact=True).click()
    follows.locator("label").last.click()
    expect(page.locator("[data-questions=noise]")).to_be_hidden()


def check_back_and_send(page: Page) -> None:
    """The browser's Back leads from the check to the last part, with everything typed."""
    steps.check(page)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.go_back()
    expect(page.locator("[data-step=you]")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value(WORDS)
    steps.check(page)
    page.get_by_role("button", name="Change the place").click()
    expect(page.locator("[data-step=where]")).to_be_visible()
    steps.check_and_send(page)


def test_what_others_take_is_said_at_once(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = window.open("/report/new/")
        choose(page, "stolen bycicle theft", "past_crime")
        go_on(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Someone else can act sooner")
    assert not Concern.objects.filter(agency=town.agency).exists()


def test_a_mistake_opens_its_part_and_its_field(opens: Opens, town: Town) -> None:
    with opens(viewport=NARROW) as window:
        page = window.open("/report/new/")
        steps.fill_report(page, text="x")
        steps.without_place(page)
        # As a browser sends it in which the script failed.
        page.evaluate("document.querySelector('#id_text').value = ''")
        page.evaluate("document.querySelector('[data-report-form]').submit()")
        expect(page.locator("[data-errors]")).to_be_focused()
        expect(page.locator("[data-step=words]")).to_be_visible()
        page.locator("[data-step=words] [data-step-back]").click()
        page.locator("[data-errors] a").click()
        expect(page.locator("#id_text")).to_be_focused()
        assert_accessible(page)


def test_without_a_script_the_questions_come_on_the_same_page_in_spanish(
    opens: Opens, town: Town
) -> None:
    with opens(java_script_enabled=False, viewport=NARROW, locale="es-MX") as window:
        page = window.open("/report/new/")
        steps.choose_kind(page, words="")
        page.locator("#id_text").fill("Pintura roja en la pared.")
        page.locator("#id_no_place").check()
        page.locator("input[name=level][value=anonymous]").check()
        page.locator("main form button[type=submit]:not(.visually-hidden)").last.click()
        group = page.get_by_role("group", name="¿Sobre qué está?")
        group.get_by_text("Una pared o cerca").click()
        steps.check_and_send(page)
    answer = Concern.objects.get(agency=town.agency).answers.get()
    assert answer.chosen.text("en") == "A wall or fence"


def test_a_map_whose_outlines_come_late_still_shows_the_streets(opens: Opens, town: Town) -> None:
    with opens() as window:
        window.page.add_init_script(OUTLINES_WAIT)
        page = window.open("/report/new/")
        steps.to_step(page, "where")
        wait_for("the outlines", lambda: page.evaluate("Boolean(window.letOutlinesIn)"))
        steps.to_step(page, "what")
        page.evaluate("window.letOutlinesIn()")
        steps.put_pin(page)
