"""Help first: one screen, nothing told to anyone, and there without a network too."""

import pytest
from playwright.sync_api import Error, Page, Request, expect

from tests.journeys.browsing import PHONE, Opens, Window, assert_accessible
from tests.journeys.towns import Town, hotline
from tests.journeys.waiting import wait_for

KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    kept[name] = (await cache.keys()).map((request) => new URL(request.url).pathname
      + new URL(request.url).search);
  }
  return kept;
}"""
pytestmark = pytest.mark.privacy

READY = "async () => Boolean((await navigator.serviceWorker.ready).active)"
HAS_COPY = """async () => {
  for (const name of await caches.keys()) {
    const keys = await (await caches.open(name)).keys();
    if (keys.some((request) => new URL(request.url).pathname === "/report/")) return true;
  }
  return false;
}"""


def visit(window: Window) -> Page:
    """Open the help page and wait until its copy is kept."""
    page = window.open("/report/")
    page.evaluate(READY)
    wait_for("the copy of the help page", lambda: bool(page.evaluate(HAS_COPY)))
    return page


def test_every_number_is_there_again_without_a_network(opens: Opens, town: Town) -> None:
    hotline(town.agency)
    with opens(viewport=PHONE) as window:
        visit(window)
        window.context.set_offline(True)
        page = window.open("/report/")
        expect(page.get_by_role("heading", level=1)).to_have_text("What is happening?")
        assert page.locator("main a[href='tel:911']").first.is_visible()
        assert page.locator("main a[href='tel:988']").first.is_visible()
        styled = page.evaluate("getComputedStyle(document.querySelector('.choices')).display")
        assert styled == "grid"
        window.faults.clear()


def test_no_other_page_comes_out_of_the_cache(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = visit(window)
        for path in ("/report/new/", "/track/", "/my/", "/", "/help/"):
            window.open(path)
        page = window.open("/report/new/?note=canary-zephyr")
        window.open("/report/?note=canary-zephyr")
        page.evaluate(READY)
        kept = page.evaluate(KEPT)
        assert len(kept) == 1
        (found,) = kept.values()
        pages = [path for path in found if not path.startswith("/static/")]
        assert pages == ["/report/?language=en"]
        window.context.set_offline(True)
        for path in ("/report/new/", "/track/", "/report/done/"):
            with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
                window.open(path)
        window.faults.clear()


def test_the_copy_knows_nobody_and_speaks_the_language_of_the_page(
    opens: Opens, town: Town
) -> None:
    with opens(locale="es-MX") as window:
        page = visit(window)
        kept = page.evaluate(
            """async () => {
              const [name] = await caches.keys();
              const cache = await caches.open(name);
              const copy = (await cache.keys()).find((one) => one.url.includes("/report/?"));
              return [copy.url, await (await cache.match(copy, {ignoreVary: true})).text()];
            }"""
        )
        assert kept[0].endswith("/report/?language=es")
        assert 'lang="es"' in kept[1]
        window.context.set_offline(True)
        page = window.open("/report/")
        assert page.locator("html").get_attribute("lang") == "es"
        window.faults.clear()


def test_leaving_takes_the_help_page_off_the_device(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = visit(window)
        page.get_by_role("link", name="Leave quickly").click()
        page.wait_for_url("**/leave/")
        page = window.reopen("/leave/")
        wait_for("an empty cache", lambda: not page.evaluate("caches.keys()"))
        workers = "async () => (await navigator.serviceWorker.getRegistrations()).length"
        assert page.evaluate(workers) == 0


def test_leaving_without_a_network_takes_it_off_too(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = visit(window)
        window.open("/report/")
        window.context.set_offline(True)
        page.get_by_role("link", name="Leave quickly").click()
        page.wait_for_load_state()
        window.context.set_offline(False)
        page = window.reopen("/leave/")
        wait_for("an empty cache", lambda: not page.evaluate("caches.keys()"))
        window.faults.clear()


def test_tapping_a_choice_tells_nobody(opens: Opens, town: Town) -> None:
    """No request of any kind leaves the page, and its address stays as it is."""
    hotline(town.agency)
    with opens(viewport=PHONE) as window:
        page = visit(window)
        page.wait_for_load_state("networkidle")
        asked: list[str] = []

        def note(request: Request) -> None:
            if not request.url.startswith(("tel:", "sms:")):
                asked.append(request.url)

        window.context.on("request", note)
        before = page.url
        for choice in page.locator(
            "nav.choices a[href^='tel:'], nav.choices a[href^='sms:']"
        ).all():
            choice.click()
        page.locator("details.disclosure summary").click()
        page.wait_for_timeout(300)
        assert asked == []
        assert page.url == before
        assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
        # The browser hands the number to the phone; that is all the window has seen.
        assert all("asked another origin: tel:" in fault for fault in window.faults)
        window.faults.clear()


def test_a_small_phone_shows_the_emergency_and_the_choices_on_its_first_screen(
    opens: Opens, town: Town
) -> None:
    hotline(town.agency)
    with opens(viewport=PHONE) as window:
        page = window.open("/report/")
        bar = page.locator(".nav").bounding_box()
        assert bar is not None
        for number in ("tel:911", "tel:988"):
            box = page.locator(f"nav.choices a[href='{number}']").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= bar["y"]
            assert box["height"] >= 44
        assert_accessible(page)
