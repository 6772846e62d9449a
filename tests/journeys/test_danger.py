"""Words that call for help: seen by the browser while somebody types, and by nobody else."""

import csv

from playwright.sync_api import Request, expect

from concerns.actions.danger import usual_phrases
from concerns.danger import LINES, Phrase, found, lines_of
from tests.concerns.test_danger import SENTENCES
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, assert_accessible
from tests.journeys.towns import Town, hotline
from tests.journeys.waiting import wait_for

CARD = "[data-danger-card]"
SHOWN = "[data-danger-lines]:not([hidden])"
IS_WATCHED = "document.querySelector('[data-danger]').dangerLines !== undefined"
# All sentences at once, each by the same code that watches the box.
LINES_OF_EACH = """(sentences) => {
  const panel = document.querySelector("[data-danger]");
  return sentences.map(panel.dangerLines);
}"""


def test_typing_of_danger_shows_the_numbers_and_sends_nothing(opens: Opens, town: Town) -> None:
    hotline(town.agency)
    with opens(viewport=PHONE) as window:
        page = window.open("/report/new/")
        page.wait_for_load_state("networkidle")
        steps.to_step(page, "words")
        asked: list[str] = []

        def note(request: Request) -> None:
            # The icon of the tab comes when the browser finds time, whatever is typed.
            if "/favicon." not in request.url:
                asked.append(request.url)

        window.context.on("request", note)
        box = page.locator("#id_text")
        box.fill("Kids paint the wall every night")
        expect(page.locator(CARD)).to_be_hidden()
        box.press_sequentially(" and I want to die")
        expect(page.locator(CARD)).to_be_visible()
        assert page.locator(f"{SHOWN} a[href='tel:988']").is_visible()
        expect(page.locator("[data-danger-say]")).to_have_text(
            "Numbers that may help sooner are shown below what you write."
        )
        assert page.evaluate("document.activeElement.id") == "id_text"
        assert_accessible(page)
        page.get_by_role("button", name="Hide these numbers").click()
        expect(page.locator(CARD)).to_be_hidden()
        assert page.evaluate("document.activeElement.id") == "id_text"
        box.press_sequentially(" really")
        page.wait_for_timeout(800)
        expect(page.locator(CARD)).to_be_hidden()
        box.press_sequentially(". He has a gun")
        expect(page.locator(CARD)).to_be_visible()
        assert asked == []


def test_without_a_script_the_check_page_shows_them(opens: Opens, town: Town) -> None:
    hotline(town.agency)
    with opens(java_script_enabled=False) as window:
        page = window.open("/report/new/")
        expect(page.locator(CARD)).to_be_hidden()
        expect(page.locator("[data-draft]")).to_be_hidden()
        steps.choose_kind(page, words="")
        steps.write(page, "My brother says he wants to kill himself")
        steps.without_place(page)
        page.locator("input[name=level][value=anonymous]").check()
        steps.check(page)
        card = page.locator(".danger-card")
        expect(card).to_contain_text("This may need help sooner than a report is read")
        assert card.locator("a[href='tel:988']").is_visible()
        assert card.locator("a[href='tel:911']").is_visible()
        expect(page.get_by_role("button", name="Send report")).to_be_visible()


def test_browser_and_server_find_the_same_in_every_sentence(opens: Opens, town: Town) -> None:
    usual = [Phrase(line, text) for (line, _), texts in usual_phrases().items() for text in texts]
    with SENTENCES.open(encoding="utf-8") as table:
        sentences = [row["text"] for row in csv.DictReader(table)]
    sentences += [
        "HÉLLLP he haaas a gunnn",
        "can\u2019t breathe",
        "Nobody is bleeding",
        "a\nwith a gun",
    ]
    with opens() as window:
        page = window.open("/report/new/")
        wait_for("the script", lambda: page.evaluate(IS_WATCHED))
        by_browser = page.evaluate(LINES_OF_EACH, sentences)
    by_server = [lines_of(found(sentence, usual)) for sentence in sentences]
    assert by_browser == by_server
    assert {line for lines in by_server for line in lines} == set(LINES)
