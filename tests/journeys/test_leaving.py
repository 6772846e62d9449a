"""Leave quickly: afterwards neither Back nor any storage knows what was typed or shown."""

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, Window
from tests.journeys.towns import Town

CANARY = "canary-zephyr-quill"
STORED = """async () => {
  const kept = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(request.url, await (await cache.match(request)).text());
    }
  }
  for (const base of await indexedDB.databases()) kept.push(base.name);
  kept.push(document.cookie, window.name, history.state === null ? "" : String(history.state));
  return kept.join("\\n");
}"""
PAGES_BACK = 4


def leave(page: Page) -> None:
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("**/leave/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Good bye")


def assert_knows_nothing(window: Window, *secrets: str) -> None:
    """Go back as far as it goes, looking at each page, then through everything that is stored."""
    page = window.page
    for _step in range(PAGES_BACK):
        if page.go_back() is None:
            break
        page.wait_for_load_state()
        fields = page.locator("input, textarea").evaluate_all("all => all.map((one) => one.value)")
        seen = "\n".join([page.content(), page.url, *fields])
        for secret in secrets:
            assert secret not in seen
    kept = page.evaluate(STORED) + str(window.context.cookies())
    for secret in secrets:
        assert secret not in kept
    assert "cg_session" not in kept


def test_leaving_a_half_written_report_leaves_nothing(opens: Opens, town: Town) -> None:
    with opens(viewport=PHONE) as window:
        window.open("/report/")
        page = window.open("/report/new/")
        steps.choose_kind(page)
        page.locator("#id_text").fill(f"They wrote {CANARY} on the wall.")
        page.locator("#id_place_query").fill(CANARY)
        page.locator("#id_email").fill(f"{CANARY}@home.example")
        leave(page)
        assert_knows_nothing(window, CANARY)


def test_leaving_the_receipt_and_the_followed_report_leaves_nothing(
    opens: Opens, town: Town
) -> None:
    with opens() as window:
        page = window.open("/report/new/")
        steps.fill_report(page, text=f"They wrote {CANARY} on the wall.")
        page.locator("#id_no_place").check()
        receipt = steps.check_and_send(page)
        leave(page)
        assert_knows_nothing(window, CANARY, receipt.secret, receipt.code)
        steps.track(window, receipt)
        leave(window.page)
        assert_knows_nothing(window, CANARY, receipt.secret, receipt.code)


def test_signing_out_ends_what_the_browser_keeps(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = steps.sign_in(window, town.officer_email)
        assert "cg_session" in str(window.context.cookies())
        window.open("/desk/")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_load_state()
        page.go_back()
        page.wait_for_load_state()
        assert town.agency.name not in page.locator("main").inner_text()
        page = window.open("/desk/")
        assert "/account/login/" in page.url
