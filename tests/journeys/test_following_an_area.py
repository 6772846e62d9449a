"""Following by mail: a shape drawn by keyboard, or a corner without a script; one click ends it."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.subscriptions import notices, planning
from concerns.subscriptions.models import News, Subscription
from engagement.outbox.models import Suppression
from tests import worlds
from tests.engagement.outbox.sink import Received
from tests.journeys import towns
from tests.journeys.browsing import (
    PHONE,
    Opens,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for

LINK = re.compile(r"http://\S+/concerns/follow/\S+/")
HOUR = timedelta(hours=1)
WEST_OF_ALL = ["ArrowLeft", "ArrowLeft", "ArrowDown"]
NORTH_OF_ALL = ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft"]


def mail_to(portal: RunningPortal, address: str, number: int) -> Received:
    def found() -> Received | None:
        mails = [mail for mail in portal.mails.received if mail.reader == address]
        return mails[number - 1] if len(mails) >= number else None

    return wait_for(f"mail {number} to {address}", found)


def own_page(mail: Received, portal: RunningPortal) -> str:
    (link,) = set(LINK.findall(mail.part("plain")))
    return link.removeprefix(portal.origin())


def draw_by_keyboard(page: Page) -> None:
    """Three corners far apart, set in the middle of a map that the arrow keys move."""
    chart = page.locator("[data-map=draw]")
    expect(chart.locator(".map-area").first).to_be_attached()
    chart.focus()
    for keys in (WEST_OF_ALL, ["ArrowRight"] * 4, NORTH_OF_ALL):
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(300)
        page.keyboard.press("Enter")
    expect(page.locator("[data-follow-part=shape] [data-map-say]")).to_contain_text("Corners: 3")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    expect(page.locator("[data-follow-part=shape] [data-map-say]")).to_contain_text("Corners: 3")


def test_a_shape_is_drawn_by_keyboard_and_followed_until_one_click(
    opens: Opens, town: Town, portal: RunningPortal
) -> None:
    email = f"ana@{town.agency.slug}.example"
    with opens(viewport=PHONE) as resident:
        page = resident.open("/concerns/")
        page.get_by_role("link", name="Follow this by mail").click()
        page.locator("input[name=where][value=shape]").check()
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        draw_by_keyboard(page)
        page.locator("input[name=pace][value=now]").check()
        page.locator("#id_email").fill(email)
        page.get_by_role("button", name="Follow", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
        page = resident.open(own_page(mail_to(portal, email, 1), portal))
        page.get_by_role("button", name="Yes, send me these mails").click()
        expect(page.get_by_text("Done. You will hear from us.")).to_be_visible()
        assert_accessible(page)
        assert Subscription.objects.get(agency=town.agency).shape is not None
    towns.shown_concern(town)
    now = timezone.now()
    # As if the hour in which it was published were over.
    assert News.objects.filter(agency=town.agency).update(hour=now - 2 * HOUR) == 1
    planning.plan_due(now=now)
    told = mail_to(portal, email, 2)
    assert "Graffiti" in told.part("plain")
    one_click(opens, town, portal, told)


def one_click(opens: Opens, town: Town, portal: RunningPortal, told: Received) -> None:
    """What a mail program does by itself, without cookies (RFC 8058)."""
    address = told.letter["List-Unsubscribe"].strip("<>").removeprefix(portal.origin())
    with opens() as program:
        answer = program.context.request.post(
            f"{portal.origin()}{address}", form={"List-Unsubscribe": "One-Click"}
        )
        assert answer.ok
    contact = Subscription.objects.get(agency=town.agency).contact_id
    assert Suppression.objects.filter(contact_id=contact, kind=notices.FOLLOWED).exists()


def test_without_a_script_a_corner_is_followed(
    opens: Opens, town: Town, portal: RunningPortal
) -> None:
    email = f"luz@{town.agency.slug}.example"
    with opens(java_script_enabled=False, locale="es-MX") as resident:
        page = resident.open("/concerns/follow/")
        page.locator("input[name=where][value=near]").check()
        page.locator("input[name=place_query]").fill("main and cedar")
        page.locator("button[name=find_place]").click()
        page.locator("input[type=radio][name=near]").first.check()
        page.locator("#id_email").fill(email)
        page.locator("main form .actions button[type=submit]").last.click()
        page = resident.open(own_page(mail_to(portal, email, 1), portal))
        page.locator("button[name=verb][value=confirm]").click()
        expect(page.locator("button[name=verb][value=stop]")).to_be_visible()
    kept = Subscription.objects.select_related("contact").get(agency=town.agency)
    assert kept.confirmed_on is not None
    assert kept.contact.language == "es"
    assert worlds.LON < kept.min_lon < kept.max_lon
