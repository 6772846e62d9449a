"""Every page of the story holds at 320 px, for axe in light and dark, and in Spanish."""

from playwright.sync_api import Page

from tests.journeys import walk
from tests.journeys.browsing import (
    NARROW,
    Opens,
    Window,
    assert_holds,
    assert_no_sideways_scroll,
)
from tests.journeys.english import assert_no_english, english_on
from tests.journeys.towns import Town, boss_of, call_and_spam, head_of, shown_concern


def held(page: Page) -> Page:
    assert_holds(page)
    return page


def test_every_public_page_fits_a_small_screen_and_axe(opens: Opens, town: Town) -> None:
    shown = shown_concern(town)
    with opens(viewport=NARROW) as window:
        for page in walk.public_pages(window, shown):
            assert_holds(page)
        for page in walk.followed_report(window, shown):
            assert_holds(page)


def test_every_page_of_the_desk_fits_a_small_screen_and_axe(opens: Opens, town: Town) -> None:
    shown = shown_concern(town)
    with opens(viewport=NARROW) as window:
        for page in walk.desk_pages(window, town, shown):
            assert_holds(page)


def speak_spanish(window: Window) -> None:
    page = window.open("/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("form.languages button[lang=es]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "es"


def test_the_language_switch_leaves_no_english_on_public_pages(opens: Opens, town: Town) -> None:
    shown = shown_concern(town, spanish=True)
    with opens() as window:
        speak_spanish(window)
        assert_no_english(walk.public_pages(window, shown), town)
        assert_no_english(walk.followed_report(window, shown), town)


def test_the_language_switch_leaves_no_english_at_the_desk(opens: Opens, town: Town) -> None:
    shown = shown_concern(town, spanish=True)
    with opens() as window:
        speak_spanish(window)
        assert_no_english(walk.desk_pages(window, town, shown), town)


def test_a_browser_that_asks_for_spanish_gets_it_at_once(opens: Opens, town: Town) -> None:
    with opens(locale="es-MX") as window:
        page = window.open("/")
        assert page.locator("html").get_attribute("lang") == "es"
        assert english_on(page, town) == []


def test_staff_pages_hold_on_a_small_screen_in_spanish(opens: Opens, town: Town) -> None:
    shown = shown_concern(town, spanish=True)
    with opens(viewport=NARROW) as window:
        speak_spanish(window)
        for page in walk.desk_pages(window, town, shown):
            assert_no_sideways_scroll(page)


def test_the_people_desk_holds_on_a_small_screen_and_leaves_no_english(
    opens: Opens, town: Town
) -> None:
    boss = boss_of(town)
    with opens(viewport=NARROW) as window:
        speak_spanish(window)
        for page in walk.people_pages(window, boss):
            assert_holds(page)
            assert english_on(page, town) == []


def test_the_rooms_beside_cases_hold_on_a_small_screen_and_leave_no_english(
    opens: Opens, town: Town
) -> None:
    shown, head = shown_concern(town, spanish=True), head_of(town)
    call_and_spam(town)
    with opens(viewport=NARROW) as window:
        speak_spanish(window)
        pages = walk.concern_room_pages(window, head, shown)
        assert_no_english((held(page) for page in pages), town)
