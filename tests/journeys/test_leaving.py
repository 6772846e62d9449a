"""Leave quickly: afterwards neither Back nor any storage knows what was typed or shown."""

from collections.abc import Iterator

from playwright.sync_api import Error, Page, Request, expect

from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, Window
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

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
RESEND = """([address, body]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of new URLSearchParams(body)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""
PAGES_BACK = 4
Sent = tuple[str, str]


def leave(page: Page) -> None:
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("**/leave/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Good bye")


def contents(page: Page) -> str:
    fields = page.locator("input, textarea").evaluate_all("all => all.map((one) => one.value)")
    return "\n".join([page.content(), page.url, *fields])


def go_back(page: Page) -> Iterator[str]:
    """Press Back, and on each page Reload; gives everything on the pages that come."""
    for _step in range(PAGES_BACK):
        try:
            page.go_back()
        except Error as refusal:
            # The answer to a form is not kept; the browser only offers to send the form again.
            if "ERR_CACHE_MISS" not in refusal.message:
                raise
            return
        page.wait_for_load_state()
        page.reload()
        yield contents(page)


def send_again(page: Page, sent: Sent) -> str:
    """Send a form as the browser would, which kept what was sent with its history."""
    with page.expect_navigation():
        page.evaluate(RESEND, list(sent))
    return contents(page)


def assert_knows_nothing(window: Window, sent: list[Sent], *secrets: str) -> None:
    """Go back as far as it goes, send again what was sent, look through all that is stored."""
    page = window.page
    seen = list(go_back(page))
    page = window.reopen("/help/")
    assert "cg_session" not in str(window.context.cookies())
    seen += [page.evaluate(STORED), str(window.context.cookies())]
    for form in sent:
        seen.append(send_again(page, form))
        window.open("/help/")
    for secret in secrets:
        assert not any(secret in text for text in seen)


def forms_sent(page: Page) -> list[Sent]:
    """Address and body of each form that this page sends from now on."""
    sent: list[Sent] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append((request.url, request.post_data or ""))

    page.on("request", note)
    return sent


def test_leaving_a_half_written_report_leaves_nothing(opens: Opens, town: Town) -> None:
    with opens(viewport=PHONE) as window:
        window.open("/report/")
        page = window.open("/report/new/")
        steps.choose_kind(page)
        steps.write(page, f"They wrote {CANARY} on the wall.")
        steps.to_step(page, "where")
        page.locator("#id_place_query").fill(CANARY)
        steps.to_step(page, "you")
        page.locator("input[name=level][value=confidential]").check()
        page.locator("#id_email").fill(f"{CANARY}@home.example")
        leave(page)
        assert_knows_nothing(window, [], CANARY)


def test_leaving_the_receipt_and_the_followed_report_leaves_nothing(
    opens: Opens, town: Town
) -> None:
    with opens() as window:
        page = window.open("/report/new/")
        sent = forms_sent(page)
        steps.fill_report(page, text=f"They wrote {CANARY} on the wall.")
        steps.without_place(page)
        receipt = steps.check_and_send(page)
        leave(page)
        assert len(sent) == 2  # the check and the sending
        assert_knows_nothing(window, list(sent), CANARY, receipt.secret, receipt.code)
        sent = forms_sent(window.page)
        page = steps.track(window, receipt)
        leave(page)
        assert_knows_nothing(window, list(sent), CANARY, receipt.secret, receipt.code)


def test_signing_out_ends_what_the_browser_keeps(opens: Opens, town: Town) -> None:
    with opens() as window:
        page = steps.sign_in(window, town.officer_email, PASSWORD)
        assert "cg_session" in str(window.context.cookies())
        window.open("/desk/")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_load_state()
        page.go_back()
        page.wait_for_load_state()
        assert town.agency.name not in page.locator("main").inner_text()
        page = window.open("/desk/")
        assert "/account/login/" in page.url
