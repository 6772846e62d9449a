"""A town hall from its draft to its end: organiser, resident, mails with calendars."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar, Event
from playwright.sync_api import Page, expect

from engagement.outbox.models import Message
from engagement.people.roles import Role
from meetings.models import Meeting, Rsvp
from tests import worlds
from tests.engagement.outbox.sink import Received
from tests.journeys import steps
from tests.journeys.browsing import (
    NARROW,
    PHONE,
    WIDE,
    Opens,
    Window,
    assert_holds,
)
from tests.journeys.english import assert_no_english
from tests.journeys.portal import RunningPortal
from tests.journeys.test_keyboard import skip_to_main, tab_to
from tests.journeys.towns import Town
from tests.journeys.waiting import wait_for
from tests.meetings import halls
from tests.worlds import PASSWORD

TITLE = "Speeding on Cedar Avenue"
SPANISH_TITLE = "Exceso de velocidad en la avenida Cedar"
LINK = re.compile(r"http://\S+(/meetings/rsvp/\S+)")


@dataclass(frozen=True)
class Entry:
    """The calendar part of a mail, as a mail program reads it."""

    method: str
    event: Event

    @property
    def sequence(self) -> int:
        return int(self.event["SEQUENCE"])


def entry_of(mail: Received) -> Entry:
    (part,) = [one for one in mail.letter.walk() if one.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    # RFC 6047 2.4: the method of the part and of the object are the same.
    assert part.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.walk("VEVENT")
    assert str(event["ATTENDEE"]) == f"mailto:{mail.reader}"
    return Entry(str(calendar["METHOD"]), event)


@pytest.fixture
def mail_about(portal: RunningPortal) -> Callable[[str, str], Received]:
    """Waits for the mail to an address whose subject begins like this."""

    def found(address: str, subject: str) -> Received | None:
        mails = portal.mails.received
        fitting = [m for m in mails if m.reader == address and m.subject.startswith(subject)]
        return fitting[-1] if fitting else None

    return lambda address, subject: wait_for(
        f"a mail “{subject}” to {address}", lambda: found(address, subject)
    )


@pytest.fixture
def organiser(town: Town) -> str:
    """The e-mail of somebody who plans meetings here."""
    email = f"organiser@{town.agency.slug}.example"
    role, now = Role.ORGANISER, timezone.now()
    worlds.officer(town.agency, "Jo Fenwick", role=role, district=None, email=email, now=now)
    return email


def day_ahead(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)


def type_time(page: Page, day: date, starts: str, ends: str) -> None:
    page.locator("#id_day").fill(day.isoformat())
    page.locator("#id_starts").fill(starts)
    page.locator("#id_ends").fill(ends)


def announce(window: Window) -> str:
    """Draft a town hall for one district, read the preview, announce it; returns its slug."""
    page = window.open("/desk/")
    page.get_by_role("main").get_by_role("link", name="New meeting").click()
    page.get_by_role("radio", name="Town hall").check()
    page.locator("#id_title_en").fill(TITLE)
    page.locator("#id_title_es").fill(SPANISH_TITLE)
    page.locator("#id_summary_en").fill("Where is it worst? What helped?")
    type_time(page, day_ahead(14), "18:30", "20:00")
    page.locator("#id_place_name").fill("Mill Street Library")
    page.locator("#id_place_address").fill("12 Mill St")
    page.get_by_text("Choose areas, or leave it").click()
    page.get_by_role("checkbox", name="West District").check()
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_text("The draft is kept.")).to_be_visible()
    page.get_by_role("link", name="Preview and announce").click()
    expect(page.locator(".preview").first).to_contain_text("Mill Street Library")
    expect(page.locator(".letter").first).to_contain_text(f"You are coming: {TITLE}")
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_text("Announced. Everyone can read it")).to_be_visible()
    return Meeting.objects.get(title__en=TITLE, slug=page.url.split("/")[-2]).slug


def answer(page: Page, email: str, party: str = "2") -> None:
    """From the meeting's page to the receipt."""
    page.locator("a[href$='/rsvp/']").click()
    page.locator("#id_party_size").select_option(party)
    page.locator("#id_email").fill(email)
    page.locator("main form[data-once] button[type=submit]").click()


def move(window: Window, slug: str) -> None:
    page = window.open(f"/desk/meetings/{slug}/")
    page.get_by_role("link", name="Move the meeting").click()
    type_time(page, day_ahead(15), "17:00", "18:00")
    page.locator("#id_place_name").fill("Lantern Hall")
    page.locator("#id_place_address").fill("")
    page.get_by_role("button", name="See what people will be told").click()
    expect(page.locator(".then-now")).to_contain_text("Mill Street Library")
    expect(page.locator(".then-now")).to_contain_text("Lantern Hall")
    expect(page.get_by_text("1 answer gets a mail")).to_be_visible()
    page.get_by_role("button", name="Move it and tell them").click()
    expect(page.get_by_text("Moved. Everyone who gave an e-mail")).to_be_visible()


def cancel(window: Window, slug: str) -> None:
    page = window.open(f"/desk/meetings/{slug}/")
    page.get_by_role("link", name="Cancel the meeting").click()
    page.locator("#id_reason_en").fill("The heating broke.")
    page.get_by_role("button", name="See what people will be told").click()
    expect(page.locator(".preview").first).to_contain_text("The heating broke.")
    page.get_by_role("button", name="Cancel the meeting and tell them").click()
    expect(page.get_by_text("Cancelled. Everyone who gave an e-mail")).to_be_visible()


def reminder_falls_due(meeting: Meeting) -> None:
    """Its hour is days away: the row is told that it is now, and all else takes its course."""
    rows = Message.objects.filter(
        kind="meetings.reminder", state="planned", subject_reference=meeting.reference
    )
    now = timezone.now()
    assert rows.update(due_at=now, try_at=now) == 1


def test_a_town_hall_is_announced_answered_moved_and_cancelled(
    opens: Opens,
    town: Town,
    organiser: str,
    mail_about: Callable[[str, str], Received],
    portal: RunningPortal,
) -> None:
    email = f"ana@{town.agency.slug}.example"
    with opens(viewport=WIDE) as desk, opens(viewport=PHONE) as resident:
        steps.sign_in(desk, organiser, PASSWORD)
        slug = announce(desk)
        meeting = Meeting.objects.get(slug=slug)

        page = resident.open("/areas/west-district/")
        expect(page.get_by_role("link", name=TITLE)).to_be_visible()
        page = resident.open("/meetings/")
        page.get_by_role("link", name=TITLE).click()
        answer(page, email)
        expect(page.get_by_role("heading", level=1)).to_have_text("We expect you")
        first = mail_about(email, "You are coming")
        invited = entry_of(first)
        assert invited.method == "REQUEST"
        assert invited.event.decoded("DTSTART") == meeting.starts_at

        move(desk, slug)
        meeting.refresh_from_db()
        moved = entry_of(mail_about(email, "New time or place"))
        assert moved.method == "REQUEST"
        assert moved.event["UID"] == invited.event["UID"]
        assert moved.sequence > invited.sequence
        assert moved.event.decoded("DTSTART") == meeting.starts_at
        page = resident.open(f"/meetings/{slug}/")
        expect(page.get_by_text("This meeting was moved")).to_be_visible()
        expect(page.locator("del", has_text="Mill Street Library")).to_be_visible()

        reminder_falls_due(meeting)
        reminded = mail_about(email, "Soon")
        assert "Lantern Hall" in reminded.part("plain")
        assert "Mill Street Library" not in reminded.part("plain")

        cancel(desk, slug)
        gone = entry_of(mail_about(email, "Cancelled"))
        assert gone.method == "CANCEL"
        assert gone.event["UID"] == invited.event["UID"]
        assert gone.sequence > moved.sequence
        page = resident.open(f"/meetings/{slug}/")
        expect(page.get_by_text("This meeting was cancelled")).to_be_visible()
        expect(page.get_by_text("The heating broke.")).to_be_visible()
        subjects = [mail.subject for mail in portal.mails.received if mail.reader == email]
        assert len(subjects) == 4, subjects


def test_the_link_of_the_mail_changes_and_takes_back_the_answer(
    opens: Opens, town: Town, mail_about: Callable[[str, str], Received]
) -> None:
    hall = halls.announced(town.agency)
    email = f"lee@{town.agency.slug}.example"
    with opens(viewport=PHONE) as window:
        answer(window.open(f"/meetings/{hall.slug}/"), email)
        mail = mail_about(email, "You are coming")
        path = LINK.search(mail.part("plain"))
        assert path
        page = window.open(path[1])
        page.reload()
        assert Rsvp.objects.get(meeting=hall).is_going
        page.locator("#id_party_size").select_option("4")
        page.get_by_role("button", name="Save my answer").click()
        expect(page.get_by_text("Your answer was changed.")).to_be_visible()
        page.get_by_role("button", name="I am not coming").click()
        expect(page.get_by_text("Your seats are free again.")).to_be_visible()
    assert entry_of(mail_about(email, "You are not coming")).method == "CANCEL"
    hall.refresh_from_db()
    assert hall.seats_taken == 0


def test_an_answer_needs_no_script(
    opens: Opens, town: Town, mail_about: Callable[[str, str], Received]
) -> None:
    hall = halls.announced(town.agency)
    email = f"kim@{town.agency.slug}.example"
    with opens(viewport=PHONE, java_script_enabled=False) as window:
        page = window.open("/meetings/")
        page.get_by_role("link", name=halls.TITLE).click()
        answer(page, "not an address")
        expect(page.get_by_text("Write the e-mail like name@example.org.").first).to_be_visible()
        expect(page.locator("#id_email")).to_have_value("not an address")
        page.locator("#id_email").fill(email)
        page.locator("main form[data-once] button[type=submit]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We expect you")
    assert entry_of(mail_about(email, "You are coming")).method == "REQUEST"
    assert Rsvp.objects.get(meeting=hall).party_size == 2


def test_an_answer_by_keyboard_alone(opens: Opens, town: Town) -> None:
    hall = halls.announced(town.agency)
    with opens() as window:
        page = window.open(f"/meetings/{hall.slug}/")
        skip_to_main(page)
        tab_to(page, "I am coming")
        page.keyboard.press("Enter")
        expect(page.locator("#id_party_size")).to_be_visible()
        skip_to_main(page)
        tab_to(page, "party_size")
        page.keyboard.type("3")
        tab_to(page, "needs")
        page.keyboard.type("A seat near the door")
        tab_to(page, "Tell them I am coming")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("We expect you")
    stored = Rsvp.objects.get(meeting=hall)
    assert (stored.party_size, stored.has_needs) == (3, True)


def test_the_same_in_spanish(
    opens: Opens, town: Town, mail_about: Callable[[str, str], Received]
) -> None:
    hall = halls.announced(town.agency)
    email = f"luz@{town.agency.slug}.example"
    with opens(locale="es-MX", viewport=PHONE) as window:

        def pages() -> list[Page]:
            page = window.open(f"/meetings/{hall.slug}/")
            expect(page.get_by_role("heading", level=1)).to_have_text(halls.SPANISH_TITLE)
            assert_no_english([page], town)
            answer(page, "mal")
            assert_no_english([page], town)
            page.locator("#id_email").fill(email)
            page.locator("main form[data-once] button[type=submit]").click()
            expect(page.locator(".receipt")).to_be_visible()
            return [page]

        assert_no_english(pages(), town)
        for path in ("/meetings/", "/meetings/?show=past"):
            assert_no_english([window.open(path)], town)
    mail = mail_about(email, "")
    assert mail.letter["Content-Language"] == "es"
    assert halls.SPANISH_TITLE in mail.subject
    assert "You are coming" not in mail.subject


def test_the_desk_of_meetings_leaves_no_english(opens: Opens, town: Town, organiser: str) -> None:
    hall, draft = halls.announced(town.agency), halls.drafted(town.agency)
    halls.answered(hall, None)
    with opens(locale="es-MX") as window:
        steps.sign_in(window, organiser, PASSWORD)
        assert_no_english((window.open(path) for path in desk_paths(hall, draft)), town)
        page = window.open("/desk/meetings/new/")
        page.locator("main form[data-once] button[type=submit]").click()
        page.locator("[data-errors]").wait_for()
        assert_no_english([page], town)
        page = window.open(f"/desk/meetings/{hall.slug}/move/")
        type_time(page, day_ahead(15), "17:00", "18:00")
        page.locator("button[value=preview]").click()
        page.locator(".then-now").wait_for()
        assert_no_english([page], town)
        page = window.open(f"/desk/meetings/{hall.slug}/cancel/")
        page.locator("#id_reason_en").fill("Cerrado.")
        page.locator("button[value=preview]").click()
        page.locator("button[value=tell]").wait_for()
        assert_no_english([page], town)


def desk_paths(hall: Meeting, draft: Meeting) -> list[str]:
    return [
        "/desk/",
        "/desk/meetings/",
        "/desk/meetings/?show=over",
        "/desk/meetings/new/",
        f"/desk/meetings/{draft.slug}/",
        f"/desk/meetings/{draft.slug}/edit/",
        f"/desk/meetings/{draft.slug}/announce/",
        f"/desk/meetings/{hall.slug}/",
        f"/desk/meetings/{hall.slug}/move/",
        f"/desk/meetings/{hall.slug}/cancel/",
        "/my/meetings/",
    ]


def public_paths(hall: Meeting) -> list[str]:
    return [
        "/meetings/",
        "/meetings/?show=past",
        f"/meetings/{hall.slug}/",
        f"/meetings/{hall.slug}/rsvp/",
    ]


def test_every_page_of_meetings_fits_a_small_screen_and_axe(
    opens: Opens, town: Town, organiser: str
) -> None:
    hall, draft = halls.announced(town.agency), halls.drafted(town.agency)
    with opens(viewport=NARROW) as window:
        for path in public_paths(hall):
            assert_holds(window.open(path))
        page = window.open(f"/meetings/{hall.slug}/")
        answer(page, "no address")
        assert_holds(page)
        page.locator("#id_email").fill("")
        page.locator("main form[data-once] button[type=submit]").click()
        expect(page.locator(".receipt")).to_be_visible()
        assert_holds(page)
        page.locator(".own-link a").click()
        assert_holds(page)
        steps.sign_in(window, organiser, PASSWORD)
        for path in desk_paths(hall, draft):
            assert_holds(window.open(path))
