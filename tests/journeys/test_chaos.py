"""What dies comes back, and every mail arrives once: worker killed, broker stopped or emptied."""

import os
import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from concerns.models.concern import Level
from engagement.outbox.models import Message, Messages
from tests import worlds
from tests.journeys import steps
from tests.journeys.browsing import Opens, Window
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for

pytestmark = pytest.mark.chaos
# `make chaos` asks for more.
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "1"))
REPORTS = 20
# A page that waits for a stopped broker without a limit takes 40 seconds.
PATIENCE_MS = 2_000
SENDING_TOOK = """() => {
  const [visit] = performance.getEntriesByType("navigation");
  return visit.responseStart - visit.requestStart;
}"""


def file_reports(town: Town, name: str) -> list[str]:
    """File confidential reports; each owes a mail to its reporter and one to the officer."""
    emails = [f"{name}{number}@{town.agency.slug}.example" for number in range(REPORTS)]
    for email in emails:
        worlds.reported(town.agency, level=Level.CONFIDENTIAL, email=email, now=timezone.now())
    return emails


def arrived(portal: RunningPortal, emails: list[str]) -> Counter[str]:
    return Counter(mail.reader for mail in portal.mails.received if mail.reader in emails)


def due_messages() -> Messages:
    """What should have left; other journeys leave reminders behind that are due another day."""
    return Message.objects.filter(finished_at=None, try_at__lte=timezone.now())


def assert_each_arrives_once(portal: RunningPortal, emails: list[str]) -> None:
    wait_for("every mail", lambda: set(arrived(portal, emails)) == set(emails))
    wait_for("an empty outbox", lambda: not due_messages().exists())
    assert set(arrived(portal, emails).values()) == {1}
    marks = Counter(mail.letter["Message-ID"] for mail in portal.mails.received)
    assert set(marks.values()) == {1}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_worker_loses_no_mail_and_sends_none_twice(
    portal: RunningPortal, town: Town, number: int
) -> None:
    portal.mails.hold()
    emails = file_reports(town, f"kept{number}-")
    wait_for("the worker to begin", portal.mails.is_knocked.is_set)
    killed = portal.worker()
    os.kill(killed, signal.SIGKILL)
    wait_for("another worker", lambda: portal.worker() != killed)
    portal.mails.let_in()
    five_minutes_pass()
    assert_each_arrives_once(portal, emails)


def five_minutes_pass() -> None:
    """Let the leases of the dead worker end, which is all that time does for its messages."""
    held = Message.objects.filter(leased_until__isnull=False)
    held.update(leased_until=timezone.now() - timedelta(seconds=1))


def send_report(window: Window, email: str) -> float:
    """Report by form and return the milliseconds that the sending itself took."""
    page = window.open("/report/new/")
    steps.fill_report(page, text="A broken lamp.", level="confidential", email=email)
    steps.without_place(page)
    steps.check_and_send(page)
    took: float = page.evaluate(SENDING_TOOK)
    return took


@pytest.mark.parametrize("number", range(ROUNDS))
def test_reports_are_taken_while_the_broker_is_down_and_told_later(
    portal: RunningPortal, town: Town, opens: Opens, number: int
) -> None:
    emails = [f"down{number}-{one}@{town.agency.slug}.example" for one in range(3)]
    portal.broker.stop()
    try:
        with opens() as window:
            took = [send_report(window, email) for email in emails]
    finally:
        portal.broker.start()
    assert max(took) < PATIENCE_MS
    assert_each_arrives_once(portal, emails)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_broker_that_forgets_everything_loses_no_mail(
    portal: RunningPortal, town: Town, number: int
) -> None:
    emails = file_reports(town, f"forgot{number}-")
    portal.empty_broker()
    assert_each_arrives_once(portal, emails)
