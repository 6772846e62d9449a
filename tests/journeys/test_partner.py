"""A partner works on what was written for them, and learns nothing of who reported it."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.models import Concern, Handoff
from concerns.models.concern import Level
from engagement.groups.models import TakesBy
from tests import worlds
from tests.engagement.outbox.sink import Received
from tests.journeys import steps
from tests.journeys.browsing import (
    NARROW,
    PHONE,
    Opens,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.partners import ASKED, BRIEF, NAME, board_of, handed_to
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for
from tests.worlds import PASSWORD

WORDS = "Zebra Miller painted the wall of number seventeen at midnight again."
PLACE = "17 Quokka Lane"
ANSWER = "We bring paint and brushes on Saturday morning."
DONE = "The wall is white again."
LINK = re.compile(r"http://[^/\s]+(/partner/link/\S+)")


@pytest.fixture
def concern(town: Town) -> Concern:
    return worlds.reported(
        town.agency,
        text=WORDS,
        place_text=PLACE,
        level=Level.CONFIDENTIAL,
        email=f"walrus@{town.agency.slug}.example",
        now=timezone.now(),
    ).concern


@pytest.fixture
def mail_to(portal: RunningPortal) -> Callable[[str], Received]:
    """Waits for the first mail to an address."""

    def found(address: str) -> Received | None:
        return next((mail for mail in portal.mails.received if mail.reader == address), None)

    return lambda address: wait_for(f"a mail to {address}", lambda: found(address))


def assert_blind(content: str, concern: Concern) -> None:
    """Nothing of the report, its place, its references or its reporter stands here."""
    secrets = ("Zebra", "seventeen", "Quokka", "walrus", str(concern.lon), str(concern.lat))
    references = (concern.staff_reference, concern.tracking_code)
    assert [one for one in (*secrets, *references) if one in content] == []


def seen(page: Page, concern: Concern) -> Page:
    """A page of the partner's, held against everything that must not stand on it."""
    assert_blind(page.content(), concern)
    assert_no_sideways_scroll(page)
    return page


def hand_on(page: Page, concern: Concern) -> None:
    """As the officer: write the document, read it as they will, send it."""
    page.get_by_role("radio", name=NAME).check()
    page.get_by_label("What it is about").fill(BRIEF)
    page.get_by_label("What you ask of them").fill(ASKED)
    page.get_by_role("radio", name="Somewhere in this block").check()
    page.get_by_role("button", name="See what they will get").click()
    preview = page.locator(".preview")
    expect(preview.first).to_contain_text(BRIEF)
    for each in preview.all():
        assert_blind(each.inner_html(), concern)
    page.get_by_role("button", name="Hand it on").click()
    expect(page.get_by_text(f"Handed on to {NAME}.")).to_be_visible()


def test_a_partner_with_an_account_answers_until_it_is_done(
    opens: Opens, town: Town, concern: Concern, mail_to: Callable[[str], Received]
) -> None:
    board, case = board_of(town), f"/desk/concerns/{concern.staff_reference}/"
    with opens() as officer, opens(viewport=PHONE) as partner:
        steps.sign_in(officer, town.officer_email, PASSWORD)
        hand_on(officer.open(f"{case}hand-on/"), concern)
        mail = mail_to(board.member_email)
        assert_blind(f"{mail.subject}{mail.part('plain')}{mail.part('html')}", concern)
        steps.sign_in(partner, board.member_email, PASSWORD)
        page = partner.page
        expect(page).to_have_url(f"{partner.origin}/partner/")
        seen(page, concern)
        assert_accessible(page)
        page.get_by_role("main").get_by_role("link", name="Graffiti").click()
        expect(seen(page, concern).get_by_text(BRIEF)).to_be_visible()
        page.get_by_role("button", name="Accept it").click()
        expect(page.get_by_role("button", name="Accept it")).to_have_count(0)
        page.get_by_label("Your words to the police").fill(ANSWER)
        page.get_by_role("button", name="Send answer").click()
        expect(page.get_by_text("Thank you. The police read it.")).to_be_visible()
        assert_accessible(seen(page, concern))
        for path in (case, f"{case}links/", "/desk/concerns/"):
            answer = page.goto(f"{partner.origin}{path}")
            assert answer is not None
            assert answer.status >= 400
            assert_blind(page.content().replace(concern.staff_reference, ""), concern)
        expect(officer.open(case).get_by_text(ANSWER)).to_be_visible()
        page = partner.open("/partner/")
        page.get_by_role("main").get_by_role("link", name="Graffiti").click()
        page.get_by_label("Your words to the police").fill(DONE)
        page.get_by_role("button", name="It is done").click()
        expect(page.get_by_text(DONE)).to_be_visible()
        expect(officer.open(case).get_by_text(DONE)).to_be_visible()
    assert Handoff.objects.get(concern=concern).state == "done"


def test_a_link_opens_one_request_for_one_browser_without_script(
    opens: Opens, town: Town, concern: Concern, mail_to: Callable[[str], Received]
) -> None:
    board = board_of(town, takes_by=TakesBy.LINK)
    handed = handed_to(town, board, concern)
    mail = mail_to(board.email)
    assert_blind(f"{mail.subject}{mail.part('plain')}{mail.part('html')}", concern)
    found = LINK.search(mail.part("plain"))
    assert found
    shared = f"/partner/shared/{handed.reference}/"
    with opens(viewport=NARROW, java_script_enabled=False) as partner, opens() as stranger:
        page = seen(partner.open(found[1]), concern)
        expect(page.get_by_text(BRIEF)).to_have_count(0)
        # Looking at a link is what scanners of mails do; it lets nobody in.
        expect(partner.open(shared).get_by_role("heading", level=1)).to_have_text(
            "This link no longer works"
        )
        page = partner.open(found[1])
        page.get_by_role("button", name=f"Open as {NAME}").click()
        expect(seen(page, concern).get_by_text(ASKED)).to_be_visible()
        page.get_by_label("Your words to the police").fill(ANSWER)
        page.get_by_role("button", name="Send answer").click()
        expect(seen(page, concern).get_by_text(ANSWER)).to_be_visible()
        expect(stranger.open(shared).get_by_role("heading", level=1)).to_have_text(
            "This link no longer works"
        )
        steps.sign_in(stranger, town.officer_email, PASSWORD)
        desk = stranger.open(
            f"/desk/concerns/{concern.staff_reference}/hand-offs/{handed.reference}/"
        )
        expect(desk.get_by_text(ANSWER)).to_be_visible()
        desk.get_by_role("button", name="End all links").click()
        expect(partner.open(shared).get_by_role("heading", level=1)).to_have_text(
            "This link no longer works"
        )
