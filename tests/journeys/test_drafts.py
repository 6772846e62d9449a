"""A draft stays on the device only where its box is ticked: the words, for a day, no longer."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, Window, assert_accessible
from tests.journeys.test_leaving import STORED, assert_knows_nothing, leave
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for
from tests.worlds import PASSWORD

pytestmark = pytest.mark.privacy

CANARY = "canary-zephyr-quill"
WORDS = f"They wrote {CANARY} on the wall."
TICK = "Keep my words on this device for 24 hours"
DAY = 24 * 3600 * 1000
KEPT = f"(localStorage.getItem(Object.keys(localStorage)[0]) || '').includes('{CANARY}')"
AGED = f"""() => {{
  const [name] = Object.keys(localStorage);
  const draft = JSON.parse(localStorage.getItem(name));
  localStorage.setItem(name, JSON.stringify({{...draft, until: draft.until - {DAY}}}));
}}"""


def begun(window: Window, *, ticked: bool = True) -> Page:
    page = window.open("/report/new/")
    steps.write(page, WORDS)
    if ticked:
        page.get_by_label(TICK).check()
        wait_for("the draft on the device", lambda: page.evaluate(KEPT))
    return page


def test_nothing_is_kept_unless_the_box_is_ticked(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = begun(window, ticked=False)
        expect(page.get_by_label(TICK)).not_to_be_checked()
        page.wait_for_timeout(600)
        assert CANARY not in page.evaluate(STORED)
        page = window.reopen("/report/new/")
        assert CANARY not in page.evaluate(STORED)


def test_a_ticked_draft_comes_back_with_its_words_alone(opens: Opens, town: Town) -> None:
    with opens(viewport=PHONE) as window:
        page = begun(window)
        assert_accessible(page)
        steps.to_step(page, "where")
        page.locator("#id_place_query").fill("canary-place")
        steps.to_step(page, "you")
        page.locator("input[name=level][value=confidential]").check()
        page.locator("#id_email").fill("canary-mail@home.example")
        page = window.reopen("/report/new/")
        assert page.locator("#id_text").input_value() == WORDS
        steps.to_step(page, "words")
        expect(page.get_by_label(TICK)).to_be_checked()
        expect(page.locator("[data-draft-say]")).to_contain_text("the words you kept")
        stored = page.evaluate(STORED)
        assert "canary-place" not in stored
        assert "canary-mail" not in stored


def test_unticking_lets_it_go(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = begun(window)
        page.get_by_label(TICK).uncheck()
        assert CANARY not in page.evaluate(STORED)
        page = window.reopen("/report/new/")
        assert page.locator("#id_text").input_value() == ""


def test_after_a_day_it_is_gone_from_any_page(opens: Opens, town: Town) -> None:
    with opens() as window:
        begun(window)
        window.open("/help/").evaluate(AGED)
        page = window.reopen("/help/")
        assert CANARY not in page.evaluate(STORED)
        page = window.open("/report/new/")
        assert page.locator("#id_text").input_value() == ""


def test_sending_lets_it_go(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = begun(window)
        steps.choose_kind(page)
        steps.without_place(page)
        steps.to_step(page, "you")
        page.locator("input[name=level][value=anonymous]").check()
        steps.check_and_send(page)
        wait_for("an empty device", lambda: page.evaluate("Object.keys(localStorage).length === 0"))
        page = window.reopen("/report/new/")
        assert CANARY not in page.evaluate(STORED)


def test_leaving_lets_it_go(opens: Opens, town: Town) -> None:
    with opens(viewport=PHONE) as window:
        page = begun(window)
        page.evaluate("() => new Promise((done) => { indexedDB.open('other').onsuccess = done; })")
        leave(page)
        assert_knows_nothing(window, [], CANARY)
        assert window.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_leaving_without_a_network_lets_it_go_too(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = begun(window)
        window.context.set_offline(True)
        page.get_by_role("link", name="Leave quickly").click()
        page.wait_for_load_state()
        window.context.set_offline(False)
        page = window.reopen("/help/")
        assert CANARY not in page.evaluate(STORED)
        window.faults.clear()


def test_signing_out_lets_it_go(opens: Opens, town: Town) -> None:
    with opens() as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        page = begun(window)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_load_state()
        page = window.reopen("/report/new/")
        assert CANARY not in page.evaluate(STORED)
        assert page.locator("#id_text").input_value() == ""
