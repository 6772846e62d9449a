"""A concern from report to answer, by mouse, at a desk and on a phone."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import PHONE, WIDE, Opens, Window, visible_text
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

WORDS = "Purple swirls cover the whole wall behind the laundromat."
ANSWER = "It is the wall that faces the creek."
STILL = "The upper half is still purple."
SUMMARY = "Paint on a wall near the creek; removal is ordered."


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "375"])
def test_a_concern_travels_from_report_to_answer(
    opens: Opens, town: Town, size: dict[str, Any]
) -> None:
    with opens(viewport=size) as resident, opens(viewport=size) as officer:
        receipt = report_with_a_pin(resident)
        reference = take_up(officer, town)
        steps.reply(officer.page, "Thank you. A crew looks at it tomorrow.")
        steps.publish(officer.page, SUMMARY, "Pintura en un muro cerca del arroyo.")
        steps.reply(officer.page, "Which wall is it?", is_question=True)
        answer_question(resident, receipt)
        finish(officer, reference)
        reopen_once(resident, receipt)
        finish(officer, reference)
        cannot_reopen_again(resident, receipt)
        the_public_reads_only_what_staff_wrote(resident)


def report_with_a_pin(resident: Window) -> steps.Receipt:
    page = resident.open("/")
    steps.through_help_to_form(page)
    steps.fill_report(page, text=WORDS)
    steps.put_pin(page)
    receipt = steps.check_and_send(page)
    # The answer may be lost on the way: asking again shows the same one and stores nothing new.
    page.reload()
    assert steps.receipt(page) == receipt
    return receipt


def take_up(officer: Window, town: Town) -> str:
    """Sign in, find the new report on the desk, accept it; returns its page's path."""
    page = steps.sign_in(officer, town.officer_email, PASSWORD)
    officer.open("/desk/")
    page.get_by_role("main").get_by_role("link", name="Graffiti").first.click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    steps.accept(page)
    return page.url.removeprefix(officer.origin)


def answer_question(resident: Window, receipt: steps.Receipt) -> None:
    page = steps.track(resident, receipt)
    expect(page.get_by_text("A crew looks at it tomorrow")).to_be_visible()
    expect(page.get_by_text("Which wall is it?").first).to_be_visible()
    page.locator("textarea[name=text]").first.fill(ANSWER)
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("Your message was sent.")).to_be_visible()


def finish(officer: Window, path: str) -> None:
    page = officer.open(path)
    steps.resolve(page, "The wall was painted over.")


def reopen_once(resident: Window, receipt: steps.Receipt) -> None:
    page = steps.track(resident, receipt)
    page.get_by_text("No, it is not fixed").click()
    page.locator("#id_reopen_text").fill(STILL)
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("Your report is open again.")).to_be_visible()


def cannot_reopen_again(resident: Window, receipt: steps.Receipt) -> None:
    page = steps.track(resident, receipt)
    expect(page.get_by_role("button", name="Yes, it is fixed")).to_be_visible()
    expect(page.get_by_text("You opened it again once already.")).to_be_visible()
    expect(page.get_by_role("button", name="Open it again")).to_have_count(0)


def the_public_reads_only_what_staff_wrote(resident: Window) -> None:
    page = resident.open("/concerns/")
    page.get_by_role("link", name="Graffiti").first.click()
    expect(page.get_by_text(SUMMARY).first).to_be_visible()
    for path in ("/", "/concerns/", page.url.removeprefix(resident.origin), "/concerns/feed.rss"):
        text = page.evaluate("async (path) => (await fetch(path)).text()", path)
        assert ("laundromat" in text, "Graffiti" in text) == (False, True)
        for words in (WORDS, ANSWER, STILL):
            assert words not in text


def test_for_an_officer_elsewhere_the_concern_does_not_exist(opens: Opens, town: Town) -> None:
    elsewhere = worlds.agency(f"{town.agency.slug}-east", east=1.0, now=timezone.now())
    email = f"officer@{elsewhere.slug}.example"
    worlds.officer(elsewhere, "Officer Far", email=email, now=timezone.now())
    stored = worlds.reported(town.agency, text=WORDS, now=timezone.now())
    with opens() as window:
        page = steps.sign_in(window, email, PASSWORD)
        answer = page.goto(f"{window.origin}/desk/concerns/{stored.concern.staff_reference}/")
        assert answer is not None
        assert answer.status == 404
        assert WORDS not in visible_text(page)
        window.open("/desk/concerns/")
        expect(page.get_by_text(stored.concern.staff_reference)).to_have_count(0)
