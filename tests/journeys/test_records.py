"""The records custodian's day: an address opened, a report held, a wish to be erased that waits."""

from django.utils import timezone
from playwright.sync_api import expect

from concerns.models import LegalHold, Reporter
from engagement.people.roles import Role
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import (
    PHONE,
    WIDE,
    Opens,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.towns import Town

REASON = "Subpoena 14, return by Friday"


def custodian_of(town: Town) -> str:
    email = f"records@{town.agency.slug}.example"
    worlds.officer(
        town.agency,
        "Records Custodian",
        role=Role.CUSTODIAN,
        district=None,
        email=email,
        now=timezone.now(),
    )
    return email


def test_a_report_is_held_and_its_reporter_waits_to_be_erased(opens: Opens, town: Town) -> None:
    concern = worlds.reported(
        town.agency, level="confidential", email="ana@home.example", now=timezone.now()
    ).concern
    case = f"/desk/concerns/{concern.staff_reference}/"
    with opens(viewport=WIDE) as window:
        steps.sign_in(window, custodian_of(town), worlds.PASSWORD)
        page = window.open(case)
        page.get_by_role("link", name="Address, erasure and legal hold").click()
        page.get_by_label("Why do you need the address?").fill(REASON)
        page.get_by_role("button", name="Record the reason and show the address").press("Enter")
        expect(page.get_by_text("ana@home.example")).to_be_visible()
        page.get_by_label("Why is it held?").fill(REASON)
        page.get_by_role("button", name="Place a hold").press("Enter")
        expect(page.get_by_text("Held. Nothing of this report can be erased")).to_be_visible()
        expect(page.get_by_text("ana@home.example")).to_have_count(0)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        kept = window.context.storage_state()
    with opens(viewport=PHONE, java_script_enabled=False, storage_state=kept) as window:
        page = window.open(f"{case}records/")
        page.get_by_label("How did they ask").fill("Came to the counter with code and secret")
        page.get_by_role("button", name="Erase who reported it").click()
        expect(page.get_by_text("The legal hold delays it.")).to_be_visible()
        assert Reporter.objects.select_related("contact").get(concern=concern).contact.ciphertext  # type: ignore[union-attr]
        page = window.open("/desk/concerns/holds/")
        expect(page.get_by_text("Reporter waits to be erased")).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="Graffiti").click()
        page.get_by_label("Why does the hold end?").fill("The court released the records")
        page.get_by_role("button", name="Lift the hold").click()
        expect(page.get_by_text("The hold is lifted.")).to_be_visible()
        expect(page.get_by_text("No contact and no tie to an account are held")).to_be_visible()
    assert not LegalHold.objects.open().exists()
    assert not Reporter.objects.select_related("contact").get(concern=concern).contact.ciphertext  # type: ignore[union-attr]
