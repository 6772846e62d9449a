"""The screenshots of README, taken from a demonstration of its own.

python -m tests.journeys.shots        writes docs/shots/*.png
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.environment import ROOT
from tests import browser as browsers
from tests.engagement.outbox.sink import free_port
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Window, launched, window
from tests.journeys.waiting import wait_for

FOLDER = ROOT / "docs" / "shots"
MOST_BYTES = 200_000
WORDS = "Red and black tags along the whole wall of the underpass. They keep coming back."
# Of a concern in the demonstration that was published and resolved.
PUBLISHED = "Tags on the underpass wall"


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, str]]]:
    """A freshly seeded portal: its origin, and the passwords by e-mail."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="cg-", dir="/tmp") as folder:
        given = {"PORTAL_VAR": folder, "PORT": str(port), "PORTAL_DEMO": "1"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--prepare"],
            cwd=ROOT,
            env={**os.environ, **given},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout
            for line in process.stdout:
                if "runs at" in line:
                    break
            else:
                raise SystemExit("The demonstration did not start; its own line stands above.")
            accounts = json.loads((Path(folder) / "run" / "demo-accounts.json").read_text())
            passwords = {account["email"]: account["password"] for account in accounts}
            yield f"http://127.0.0.1:{port}", passwords
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
            users = Path(folder) / "run" / "servers.ready"
            wait_for("the servers to stop", lambda: not users.exists())


def keep(page: Page, name: str) -> None:
    """Write one picture once fonts and maps stand still. Raises SystemExit when it is too heavy."""
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    sys.stdout.write(f"{path.relative_to(ROOT)}  {size // 1000} kB\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{path} is heavier than {MOST_BYTES // 1000} kB.")


def to(page: Page, selector: str) -> None:
    """Scroll so that this part begins the picture."""
    page.locator(selector).first.evaluate("(one) => one.scrollIntoView({block: 'start'})")


def public_pictures(browser: Browser, origin: str) -> steps.Receipt:
    with window(browser, origin) as wide:
        keep(wide.open("/"), "front-1280")
        page = wide.open("/report/new/")
        fill(page)
        steps.to_step(page, "where")
        to(page, "[data-step=where]")
        keep(page, "report-map-1280")
        page = wide.open("/concerns/")
        keep(page, "concerns-1280")
        page.locator("main .row", has_text=PUBLISHED).get_by_role("link").first.click()
        keep(page, "published-1280")
        keep(wide.open("/meetings/"), "meetings-1280")
        page.locator("main .row").get_by_role("link").first.click()
        keep(page, "meeting-1280")
    with window(browser, origin, viewport=PHONE) as phone:
        page = phone.open("/report/new/")
        keep(page, "report-375")
        fill(page)
        receipt = steps.check_and_send(page)
        to(page, "h1")
        keep(page, "receipt-375")
    options = {"viewport": PHONE, "locale": "es-MX", "color_scheme": "dark"}
    with window(browser, origin, **options) as dark:
        keep(dark.open("/"), "front-es-dark-375")
    return receipt


def fill(page: Page) -> None:
    steps.fill_report(page, text=WORDS)
    steps.to_step(page, "where")
    chart = page.locator("[data-map=pick]")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".map-area").first).to_be_attached()
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.3})
    expect(page.locator("[data-map-say]")).to_contain_text("The pin is set")


def staff_pictures(browser: Browser, origin: str, passwords: dict[str, str]) -> None:
    with window(browser, origin, viewport=WIDE) as desk:
        steps.sign_in(desk, "officer@demo.invalid", passwords["officer@demo.invalid"])
        page = desk.open("/desk/")
        keep(page, "desk-1280")
        open_new_report(desk)
        steps.accept(page)
        steps.reply(page, "Thank you for telling us. A crew paints it over this week.")
        desk.open(page.url.removeprefix(desk.origin))
        keep(page, "case-1280")


def organiser_picture(browser: Browser, origin: str, passwords: dict[str, str]) -> None:
    with window(browser, origin, viewport=WIDE) as desk:
        steps.sign_in(desk, "organiser@demo.invalid", passwords["organiser@demo.invalid"])
        page = desk.open("/desk/meetings/")
        page.locator("main tbody a").first.click()
        keep(page, "desk-meeting-1280")


def open_new_report(desk: Window) -> None:
    desk.open("/desk/concerns/")
    desk.page.locator("main tbody a").first.click()
    expect(desk.page.get_by_text(WORDS)).to_be_visible()


def track_picture(browser: Browser, origin: str, receipt: steps.Receipt) -> None:
    with window(browser, origin, viewport=PHONE) as phone:
        steps.track(phone, receipt)
        to(phone.page, ".page-head")
        keep(phone.page, "track-375")


def main() -> Any:
    program = browsers.find()
    if program is None:
        return "No browser: run python -m tests.browser"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration() as (origin, passwords), sync_playwright() as playwright:
        browser = launched(playwright, program)
        receipt = public_pictures(browser, origin)
        staff_pictures(browser, origin, passwords)
        organiser_picture(browser, origin, passwords)
        track_picture(browser, origin, receipt)
    return 0


if __name__ == "__main__":
    sys.exit(main())
