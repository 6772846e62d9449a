"""Somebody without e-mail is answered all the same: by a call that minds what they wish."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from concerns.models import CallTask, Concern, Reporter
from engagement.people.models import ContactKind, IdentityRead
from tests.journeys import steps
from tests.journeys.browsing import NARROW, PHONE, WIDE, Opens, Window
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

WORDS = "The street light has been dark for a week."
ANSWER = "The lamp is ordered and comes on Friday."


def ask_for_a_call(page: Page) -> None:
    page.locator("input[name=level][value=confidential]").check()
    page.locator("input[name=way][value=phone]").check()
    page.locator("#id_phone").fill("(573) 555-0142")
    page.get_by_text("How we reach you without harm").click()
    page.locator("#id_evening").check()
    page.locator("#id_no_voice_mail").check()
    page.locator("#id_ask_for").fill("Rosa")


def shoot(page: Page, name: str) -> None:
    """Keep a picture for whoever looks at the pages; only when a folder is named."""
    if folder := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def answer_at_the_desk(window: Window, concern: Concern, town: Town) -> Page:
    steps.sign_in(window, town.officer_email, PASSWORD)
    page = window.open(f"/desk/concerns/{concern.staff_reference}/")
    expect(page.get_by_text("They asked for a call")).to_be_visible()
    steps.accept(page)
    steps.reply(page, ANSWER)
    return page


def test_confidential_by_phone_call(opens: Opens, town: Town) -> None:
    with opens(viewport=WIDE) as window:
        page = window.open("/")
        steps.through_help_to_form(page)
        steps.choose_kind(page)
        steps.write(page, WORDS)
        steps.without_place(page)
        steps.to_step(page, "you")
        ask_for_a_call(page)
        expect(page.locator("#id_email")).to_be_hidden()
        shoot(page, "form")
        receipt = steps.check_and_send(page)
    concern = Concern.objects.get(agency=town.agency)
    with opens(viewport=PHONE) as window:
        page = answer_at_the_desk(window, concern, town)
        window.open("/desk/calls/")
        shoot(page, "calls")
        page.get_by_role("link", name="Call: A reply waits").click()
        expect(page.get_by_text("555-0142")).to_have_count(0)
        page.get_by_role("button", name="Show the number").click()
        expect(page.get_by_role("link", name="(573) 555-0142")).to_have_attribute(
            "href", "tel:+15735550142"
        )
        expect(page.get_by_text("Do not leave a voice mail.")).to_be_visible()
        expect(page.get_by_text("Ask for: Rosa")).to_be_visible()
        expect(page.get_by_role("button", name="Left word")).to_have_count(0)
        shoot(page, "call")
        page.get_by_role("button", name="No answer").click()
        expect(page.get_by_text("Try again on the next business day.")).to_be_visible()
    assert IdentityRead.objects.filter(agency=town.agency).count() == 1
    assert CallTask.objects.get(concern=concern).tries == 1
    with opens(viewport=NARROW) as window:
        page = steps.track(window, receipt)
        expect(page.get_by_text(ANSWER)).to_be_visible()
        expect(page.get_by_text("We called you. Nobody answered.")).to_be_visible()
        shoot(page, "follow")


@pytest.mark.parametrize(
    ("way", "field", "wrong", "right", "kind"),
    [
        ("text", "#id_phone", "12", "573 555 0142", ContactKind.TEXT),
        (
            "letter",
            "#id_letter",
            "Rosa",
            "Rosa Lee\nP.O. Box 12\nCedar, MO 65000",
            ContactKind.LETTER,
        ),
    ],
    ids=["text", "letter"],
)
def test_a_way_is_put_right_without_a_script(
    opens: Opens, town: Town, way: str, field: str, wrong: str, right: str, kind: str
) -> None:
    with opens(java_script_enabled=False, viewport=PHONE) as window:
        page = window.open("/report/new/")
        steps.choose_kind(page, words="")
        page.locator("#id_text").fill(WORDS)
        page.locator("#id_no_place").check()
        page.locator("input[name=level][value=confidential]").check()
        page.locator(f"input[name=way][value={way}]").check()
        page.locator(field).fill(wrong)
        page.locator("main form button[type=submit]:not(.visually-hidden)").last.click()
        expect(page.locator(f"{field}_error")).to_be_visible()
        expect(page.locator(field)).to_have_value(wrong)
        page.locator(field).fill(right)
        steps.check_and_send(page)
    contact = Reporter.objects.get(agency=town.agency).contact
    assert contact is not None
    assert contact.kind == kind
