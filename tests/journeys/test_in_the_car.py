"""On a phone in a car: few taps, under the thumb, counted from opening the message."""

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from concerns.actions.rules import RuleDraft, save_rule
from concerns.models import Concern, Handoff, Reply
from concerns.routing import Target
from engagement.groups.models import TakesBy
from tests import worlds
from tests.concerns.handoffs.handing import organisation
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens, Window
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

LEAST = 44
# Every control under the thumb: its height and width in pixels.
SIZES = """() => [...document.querySelectorAll(".thumb .button")].map((one) => {
  const box = one.getBoundingClientRect();
  return [box.height, box.width];
})"""


class Taps:
    """Counts what a thumb does; the first tap is on the link in the mail."""

    def __init__(self, window: Window, concern: Concern) -> None:
        self.page: Page = window.open(f"/desk/concerns/{concern.staff_reference}/")
        self.number = 1

    def tap(self, target: Locator) -> None:
        target.click()
        self.number += 1


def filed(town: Town) -> Concern:
    return worlds.reported(town.agency, now=timezone.now()).concern


def thumb(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Next step")


@pytest.fixture
def concern(town: Town) -> Concern:
    return filed(town)


def test_taps_are_few_and_their_targets_large(town: Town, concern: Concern, opens: Opens) -> None:
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)

        accepting = Taps(window, concern)
        assert all(min(size) >= LEAST for size in accepting.page.evaluate(SIZES))
        accepting.tap(thumb(accepting.page).get_by_role("button", name="Accept"))
        expect(accepting.page.get_by_text("Accepted. The reporter is told.")).to_be_visible()
        assert accepting.number <= 2

        visiting = Taps(window, concern)
        visiting.tap(thumb(visiting.page).get_by_role("button", name="I was there"))
        visiting.page.wait_for_load_state()
        assert visiting.number <= 3

        closing = Taps(window, concern)
        closing.tap(thumb(closing.page).get_by_role("link", name="Resolve"))
        closing.tap(closing.page.get_by_role("button", name="It is done"))
        expect(closing.page.get_by_role("heading", level=1)).to_have_text(
            "What the reporter will read"
        )
        closing.tap(closing.page.get_by_role("button", name="Send and end it"))
        expect(closing.page.get_by_text("The reporter has 14 days").first).to_be_visible()
        assert closing.number <= 4
    concern.refresh_from_db()
    assert concern.state == "resolved"
    assert "Lantern" not in Reply.objects.get(concern=concern).text
    assert concern.staff_reference in Reply.objects.get(concern=concern).text


def test_handing_on_where_a_rule_proposes_takes_four_taps(town: Town, opens: Opens) -> None:
    now = timezone.now()
    for name in ("Orchard Park Association", "Street Department"):
        last = organisation(town.agency, name, takes_by=TakesBy.LINK, now=now)
    draft = RuleDraft(
        name="Streets", target=Target.ORGANISATION, organisation_id=last.pk, channels=("web",)
    )
    save_rule(agency=town.agency, rule_id=None, seen_version=0, draft=draft, by=worlds.BY, now=now)
    concern = filed(town)
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        handing = Taps(window, concern)
        handing.tap(thumb(handing.page).get_by_role("link", name="Hand on"))
        expect(handing.page.get_by_role("radio", name="Street Department")).to_be_checked()
        handing.tap(handing.page.get_by_role("button", name="See what they will get"))
        handing.tap(handing.page.get_by_role("button", name="Hand it on"))
        expect(handing.page.get_by_text("Handed on to Street Department.")).to_be_visible()
        assert handing.number <= 4
    assert Handoff.objects.get(concern=concern).organisation == last


def test_handing_on_where_nothing_is_proposed_takes_four_taps(town: Town, opens: Opens) -> None:
    now = timezone.now()
    for name in ("Maple Clinic", "Orchard Park Association"):
        organisation(town.agency, name, takes_by=TakesBy.LINK, now=now)
    concern = filed(town)
    with opens(viewport=PHONE) as window:
        steps.sign_in(window, town.officer_email, PASSWORD)
        handing = Taps(window, concern)
        handing.tap(thumb(handing.page).get_by_role("link", name="Hand on"))
        expect(handing.page.get_by_role("radio", name="Orchard Park")).to_have_count(0)
        handing.tap(handing.page.get_by_role("button", name="Orchard Park Association"))
        expect(handing.page.get_by_role("heading", level=1)).to_have_text("What they will get")
        assert not Handoff.objects.filter(concern=concern).exists()
        handing.tap(handing.page.get_by_role("button", name="Hand it on"))
        expect(handing.page.get_by_text("Handed on to Orchard Park Association.")).to_be_visible()
        assert handing.number <= 4
    assert Handoff.objects.get(concern=concern).organisation.name == "Orchard Park Association"
