"""By keyboard alone, focus always seen and in the order of the page."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.models import Concern
from concerns.models.concern import PlaceSource
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import Opens
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for
from tests.worlds import PASSWORD

WORDS = "A car wreck stands on the corner for weeks."
# What has the focus: where it is on the page, and whether anything shows that it has it.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const row = one.closest(".choice");
  const ringed = (shown) => shown && (
    (shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2) ||
    shown.boxShadow !== "none"
  );
  return {
    name: one.name || one.id || one.ariaLabel || one.textContent.trim().slice(0, 40),
    tag: one.tagName.toLowerCase(),
    seen: Boolean(ringed(style) || (row && ringed(getComputedStyle(row)))),
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    order: [...document.querySelectorAll("*")].indexOf(one),
    value: one.value || "",
  };
}"""
MOST_STOPS = 90


def focus(page: Page) -> dict[str, Any]:
    """The element with the focus, which must be on the screen and be seen to have it."""
    found: dict[str, Any] | None = page.evaluate(FOCUS)
    assert found is not None, "nothing on the page has the focus"
    return found


def tab_to(page: Page, name: str, *, value: str = "") -> None:
    """Press Tab until the element of this name, checking every stop on the way."""
    before = -1
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = focus(page)
        assert found["seen"], f"the focus on {found} is invisible"
        assert found["inside"], f"the focus on {found} is off the screen"
        assert found["order"] > before, f"Tab jumps back to {found}"
        before = found["order"]
        if found["name"] == name and (not value or found["value"] == value):
            return
    raise AssertionError(f"Tab never reached {name}")


def skip_to_main(page: Page) -> None:
    page.keyboard.press("Tab")
    assert focus(page)["name"] == "Skip to the main part"
    page.keyboard.press("Enter")
    assert focus(page)["name"] == "main"


def type_kind(page: Page) -> None:
    tab_to(page, "category-words")
    page.keyboard.type("graffiti")
    tab_to(page, "category")
    page.keyboard.press("Space")
    go_on(page, "Where is it?")


def go_on(page: Page, title: str) -> None:
    """To the next part of the form, whose title then has the focus and is read aloud."""
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    assert title in page.evaluate("document.activeElement.textContent")


def write_words(page: Page) -> None:
    go_on(page, "What is going on?")
    tab_to(page, "text")
    page.keyboard.type(WORDS)
    go_on(page, "You")


def be_anonymous_and_send(page: Page) -> None:
    tab_to(page, "level")
    page.keyboard.press("Space")
    tab_to(page, "Check before sending")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before sending")
    tab_to(page, "Send report")
    page.keyboard.press("Enter")
    expect(page.locator("[data-receipt-code]")).to_be_visible()


def pin_on_the_map(page: Page) -> None:
    page.locator(".map-area").first.wait_for(state="attached")
    tab_to(page, "Map: choose the place")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("[data-map-say]")).to_contain_text("The pin is set")


def corner_in_the_search(page: Page) -> None:
    tab_to(page, "place_query")
    page.keyboard.type("cedar & main")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for("the pin", lambda: page.locator("#id_lon").input_value())


@pytest.mark.parametrize(
    ("say_where", "source"),
    [(pin_on_the_map, PlaceSource.MAP), (corner_in_the_search, PlaceSource.MAP)],
    ids=["map", "search"],
)
def test_a_report_by_keyboard(opens: Opens, town: Town, say_where: Any, source: str) -> None:
    with opens() as window:
        page = window.open("/report/new/")
        skip_to_main(page)
        type_kind(page)
        say_where(page)
        write_words(page)
        be_anonymous_and_send(page)
    concern = Concern.objects.get(agency=town.agency)
    assert concern.text == WORDS
    assert concern.lon is not None


def test_the_desk_by_keyboard(opens: Opens, town: Town) -> None:
    stored = worlds.reported(town.agency, text=WORDS, now=timezone.now())
    with opens() as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open(f"/desk/concerns/{stored.concern.staff_reference}/")
        skip_to_main(page)
        tab_to(page, "Accept")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Accepted. The reporter is told.")).to_be_visible()
        skip_to_main(page)
        tab_to(page, "text")
        page.keyboard.type("Thank you, it is towed on Monday.")
        tab_to(page, "step", value="preview")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("What the reporter will read")
        skip_to_main(page)
        tab_to(page, "step", value="send")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Sent to the reporter.")).to_be_visible()
