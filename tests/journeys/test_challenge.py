"""Challenges and what looks like spam, in a browser with scripts and in one without."""

import re
import time

from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from concerns.models import Concern, Suspicion
from engagement.doors.challenge import LEAST_SECONDS
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import (
    NARROW,
    PHONE,
    WIDE,
    Opens,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.towns import Town
from tests.worlds import PASSWORD

WORDS = "Somebody sprayed the bus shelter on the corner of Main again."


def to_the_check(page: Page) -> None:
    steps.choose_kind(page, words="")
    steps.without_place(page)
    steps.write(page, WORDS)
    steps.to_step(page, "you")
    page.locator("input[name=level][value=anonymous]").check()
    steps.check(page)


def send(page: Page) -> steps.Receipt:
    page.locator("form[action^='/report/done/'] button[type=submit]").first.click()
    return steps.receipt(page)


def test_a_script_does_the_work_unseen_and_the_report_is_in_the_queue(
    opens: Opens, town: Town
) -> None:
    """Sent at once, without a look at the page; a reload sends it again and shows the same."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/report/done/" in request.url:
            asked.append(request.url)

    with opens(viewport=PHONE) as window:
        page = window.open("/report/new/")
        page.on("request", note)
        to_the_check(page)
        receipt = send(page)
        again = page.reload()

        assert again is not None
        assert steps.receipt(page) == receipt
    assert re.search(r"proof=[\w.-]+&work=(\d+\.){15}\d+$", asked[0])
    # The proof was used: the browser was asked to send once more, and did.
    assert len(asked) == 3
    assert Concern.objects.filter(agency=town.agency).count() == 1
    assert not Suspicion.objects.filter(agency=town.agency).exists()


def test_without_a_script_some_seconds_on_the_form_are_enough(opens: Opens, town: Town) -> None:
    with opens(java_script_enabled=False, viewport=PHONE) as window:
        page = window.open("/report/new/")
        begun = time.monotonic()
        to_the_check(page)
        expect(page.get_by_label("Leave this empty")).to_be_hidden()
        took = time.monotonic() - begun
        receipt = send(page)
        steps.track(window, receipt)
        expect(page.get_by_text(WORDS)).to_be_visible()
    concern = Concern.objects.get(agency=town.agency)
    # Nobody types a report in less; a browser that is driven may.
    if took > LEAST_SECONDS + 1:
        assert not hasattr(concern, "suspicion")


def test_the_desk_releases_without_a_script(opens: Opens, town: Town) -> None:
    made = worlds.reported(town.agency, now=timezone.now(), text=WORDS, suspicion=("hasty",))
    reference = made.concern.staff_reference
    with opens(java_script_enabled=False, viewport=PHONE) as window:
        page = steps.sign_in(window, town.officer_email, PASSWORD)
        page = window.open("/desk/concerns/")
        expect(page.get_by_text(reference)).to_have_count(0)
        page.get_by_role("link", name="Suspected spam").click()
        expect(page.get_by_text("It was sent faster than a person reads the page.")).to_be_visible()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Not spam: into the queue").click()
        expect(page.get_by_text("1 report is in the queue now")).to_be_visible()
        page = window.open("/desk/concerns/")
        expect(page.get_by_role("link", name=reference)).to_be_visible()


def test_the_list_of_suspected_reports_can_be_used_by_everyone(opens: Opens, town: Town) -> None:
    for text in (WORDS, "He has a gun and says he will kill her."):
        worlds.reported(town.agency, now=timezone.now(), text=text, suspicion=("trap", "many"))
    for viewport in (NARROW, WIDE):
        with opens(viewport=viewport) as window:
            page = steps.sign_in(window, town.officer_email, PASSWORD)
            page = window.open("/desk/concerns/suspected/")
            expect(page.get_by_role("heading", level=1)).to_have_text("Suspected spam")
            expect(page.get_by_role("heading", level=2).first).to_contain_text("Speak of danger")
            assert_accessible(page)
            assert_no_sideways_scroll(page)
