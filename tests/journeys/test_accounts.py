"""A resident with an account: made, confirmed by mail, used, and set aside for one report."""

import re

from playwright.sync_api import Page, expect

from tests.engagement.outbox.sink import Received
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, Window
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for

PASSWORD = "sparrows-nest-under-eaves"
LINK = re.compile(r"http://\S+/account/\S+")


def first_mail(portal: RunningPortal, email: str) -> Received:
    def found() -> list[Received]:
        return [mail for mail in portal.mails.received if mail.reader == email]

    mails: list[Received] = wait_for(f"a mail to {email}", found)
    return mails[0]


def sign_up(window: Window, email: str) -> None:
    page = window.open("/")
    page.get_by_role("link", name="Make an account").click()
    page.locator("#id_email").fill(email)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")


def confirm(window: Window, portal: RunningPortal, mail: Received) -> None:
    link = LINK.search(mail.part("plain"))
    assert link is not None
    assert link.group().startswith(portal.origin())
    page = window.open(link.group().removeprefix(portal.origin()))
    page.get_by_role("button", name="Confirm my address").click()
    page.wait_for_load_state()


def report(window: Window, level: str, words: str) -> steps.Receipt:
    page = window.open("/report/new/")
    steps.fill_report(page, text=words, level=level)
    steps.without_place(page)
    return steps.check_and_send(page)


def listed(window: Window) -> list[str]:
    """Tracking codes under My reports."""
    page: Page = window.open("/my/")
    return page.locator("main .row .row-meta span:first-child").all_inner_texts()


def test_an_account_from_sign_up_to_its_own_reports(
    opens: Opens, town: Town, portal: RunningPortal
) -> None:
    email = f"rosa@{town.agency.slug}.example"
    with opens(viewport=PHONE) as window:
        sign_up(window, email)
        confirm(window, portal, first_mail(portal, email))
        steps.sign_in(window, email, PASSWORD)
        named = report(window, "signed_in", "The gate of the park hangs loose.")
        nameless = report(window, "anonymous", "Loud engines on Mill Road at night.")
        assert listed(window) == [named.code]
        page = window.page
        page.locator("main .row").get_by_role("button").click()
        expect(page.get_by_text("The gate of the park hangs loose.")).to_be_visible()
        steps.track(window, nameless)
        expect(window.page.get_by_text("Loud engines on Mill Road at night.")).to_be_visible()
