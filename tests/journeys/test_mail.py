"""A confidential report followed by mail: what mails say, and what their links do."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from concerns.models import Concern
from engagement.outbox.models import Message
from tests.engagement.outbox.sink import Received
from tests.journeys import steps
from tests.journeys.browsing import PHONE, Opens
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for
from tests.worlds import PASSWORD

WORDS = "Two abandoned sofas block the sidewalk by the bakery."
SPANISH_WORDS = "Dos sofás viejos bloquean la acera junto a la panadería."
ANSWERED = "The bulky waste crew comes on Friday."
LINK = re.compile(r"http://\S+/track/link/\S+")
MailTo = Callable[[str, int], Received]


@pytest.fixture
def mail_to(portal: RunningPortal) -> MailTo:
    """Waits for the mail with this number to one address."""

    def found(address: str, number: int) -> Received | None:
        mails = [mail for mail in portal.mails.received if mail.reader == address]
        return mails[number - 1] if len(mails) >= number else None

    return lambda address, number: wait_for(
        f"mail {number} to {address}", lambda: found(address, number)
    )


def link_in(mail: Received, portal: RunningPortal, host: str) -> str:
    """The path of the one link to a report; links name the configured origin, never a Host."""
    links = set(LINK.findall(mail.part("plain")))
    assert len(links) == 1
    assert set(LINK.findall(mail.part("html").replace('"', " "))) == links
    link = links.pop()
    assert link.startswith(f"{portal.origin()}/")
    return link.removeprefix(portal.origin())


def assert_says_only_that_something_waits(mail: Received, *secrets: str) -> None:
    content = "\n".join([mail.subject, mail.part("plain"), mail.part("html")])
    for secret in secrets:
        assert secret not in content


def report_confidentially(page: Page, email: str, words: str = WORDS) -> steps.Receipt:
    steps.choose_kind(page, words="")
    steps.write(page, words)
    steps.without_place(page)
    steps.to_step(page, "you")
    page.locator("input[name=level][value=confidential]").check()
    page.locator("#id_email").fill(email)
    return steps.check_and_send(page)


def test_each_step_is_told_by_mail_and_a_link_opens_once(
    opens: Opens, town: Town, portal: RunningPortal, mail_to: MailTo
) -> None:
    email = f"ana@{town.agency.slug}.example"
    with opens(viewport=PHONE) as resident, opens() as officer:
        report_confidentially(resident.open("/report/new/"), email)
        first = mail_to(email, 1)
        assert first.subject == "A message waits for you"
        concern = Concern.objects.get(agency=town.agency)
        steps.sign_in(officer, town.officer_email, PASSWORD)
        page = officer.open(f"/desk/concerns/{concern.staff_reference}/")
        steps.accept(page)
        steps.reply(page, ANSWERED)
        second, third = mail_to(email, 2), mail_to(email, 3)
        for mail in (first, second, third):
            assert_says_only_that_something_waits(
                mail, WORDS, ANSWERED, "Graffiti", concern.tracking_code, concern.staff_reference
            )
        assert third.subject == "A message waits for you"
        the_link_opens_once(resident.open(link_in(third, portal, town.host)), portal)
        fresh = mail_to(email, 4)
        page = resident.open(link_in(fresh, portal, town.host))
        page.get_by_role("button", name="Open my report").click()
        expect(page.get_by_text(ANSWERED)).to_be_visible()


def the_link_opens_once(page: Page, portal: RunningPortal) -> None:
    """Loading the page is what a mail scanner does, so it may be loaded any number of times."""
    page.reload()
    expect(page.get_by_text(ANSWERED)).to_have_count(0)
    page.get_by_role("button", name="Open my report").click()
    expect(page.get_by_text(ANSWERED)).to_be_visible()
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This link no longer opens the report"
    )
    page.get_by_role("button", name="Send me a fresh link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def test_who_reported_in_spanish_is_told_in_spanish(
    opens: Opens, town: Town, mail_to: MailTo
) -> None:
    email = f"luz@{town.agency.slug}.example"
    with opens(locale="es-MX") as resident:
        report_confidentially(resident.open("/report/new/"), email, SPANISH_WORDS)
    mail = mail_to(email, 1)
    assert mail.letter["Content-Language"] == "es"
    assert mail.subject == "Tiene un mensaje"
    assert_says_only_that_something_waits(mail, SPANISH_WORDS, "Your report", "report arrived")


def test_the_officer_of_the_district_is_told_without_a_word_of_the_report(
    opens: Opens, town: Town, portal: RunningPortal, mail_to: MailTo
) -> None:
    with opens() as resident:
        page = resident.open("/report/new/")
        steps.fill_report(page, text=WORDS)
        steps.put_pin(page)
        before = timezone.now()
        steps.check_and_send(page)
    concern = Concern.objects.get(agency=town.agency)
    waiting = Message.objects.get(subject_reference=concern.staff_reference)
    # It leaves with the full hour, which no test waits for.
    assert waiting.due_at == concern.received_at + timedelta(hours=1)
    Message.objects.filter(pk=waiting.pk).update(
        due_at=concern.received_at, try_at=concern.received_at
    )
    mail = mail_to(town.officer_email, 1)
    assert mail.subject == "A concern waits for you"
    assert_says_only_that_something_waits(mail, WORDS, concern.tracking_code, "Graffiti")
    assert f"{portal.origin()}/desk/concerns/" in mail.part("plain")
    # Somebody who sees when the mail came must not learn when the report was written.
    assert concern.received_at <= before
