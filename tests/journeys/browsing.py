"""One visitor's browser window, watched for everything that it should never do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
)

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 740}
NARROW = {"width": 320, "height": 640}
AXE = Axe()
# Everything that axe knows of WCAG 2.2 AA, and its best practices.
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ],
}
# All of it that looks at colours: nothing else can differ between light and dark.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
# What the browser itself writes about an answer such as 422; answers are watched apart.
ABOUT_ANSWERS = "Failed to load resource"


def launched(playwright: Playwright, program: Path) -> Browser:
    """Start Chromium; all loopback addresses lead to the one where the portal listens."""
    return playwright.chromium.launch(
        executable_path=program,
        args=["--host-resolver-rules=MAP 127.0.0.* 127.0.0.1, MAP *.example ~NOTFOUND"],
    )


class Window:
    """A page of a browser of its own, and a record of what went wrong in it."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.faults: list[str] = []
        context.on("request", self._see_request)
        context.on("response", self._see_response)
        context.on("console", self._see_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.origin}{path}")
        return self.page

    def reopen(self, path: str) -> Page:
        """The same browser and all that it keeps, in a new tab."""
        self.page.close()
        self.page = self.context.new_page()
        return self.open(path)

    def assert_quiet(self) -> None:
        """Nothing was asked of other hosts, no script failed, no policy was broken."""
        assert self.faults == []

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.faults.append(f"asked another origin: {request.url}")

    def _see_response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.faults.append(f"{response.status} for {response.url}")

    def _see_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and ABOUT_ANSWERS not in message.text:
            self.faults.append(f"console: {message.text}")


# Opens a window at the address of the journey's own agency.
Opens = Callable[..., AbstractContextManager[Window]]


@contextmanager
def window(browser: Browser, origin: str, **options: Any) -> Iterator[Window]:
    """Open a window with its own cookies and storage; at the end it must have been quiet."""
    given = {"viewport": WIDE, "locale": "en-US", "reduced_motion": "reduce", **options}
    context = browser.new_context(**given)
    context.set_default_timeout(15_000)
    opened = Window(context, origin)
    try:
        yield opened
        opened.assert_quiet()
    finally:
        context.close()


def assert_accessible(page: Page) -> None:
    """Axe finds nothing on this page; hidden parts are opened first."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = AXE.run(page, options=AXE_OPTIONS)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def assert_holds(page: Page) -> None:
    """Axe finds nothing in light nor in dark, and nothing reaches over the edge."""
    page.emulate_media(color_scheme="light")
    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    found = page.evaluate("(options) => window.axe.run(document, options)", COLOURS)
    assert found["violations"] == [], f"{page.url} in dark"
    assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page) -> None:
    page.wait_for_load_state()
    too_wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide <= 0, f"{page.url} is {too_wide} px too wide"


def visible_text(page: Page) -> str:
    """Everything a reader sees on the page, closed parts opened."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return page.locator("body").inner_text()
