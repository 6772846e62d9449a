"""A colleague is invited, comes in, and is let go; once by password, once through a directory."""

import re

import httpx
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from engagement.people.directories import ask_about_everyone, seal_secret
from engagement.people.models import DirectoryConnection, DirectoryLink, User
from tests import worlds
from tests.engagement.people.issuer import CLIENT, SECRET, another_make
from tests.journeys import steps
from tests.journeys.browsing import (
    NARROW,
    PHONE,
    WIDE,
    Opens,
    Window,
    assert_accessible,
    assert_no_sideways_scroll,
)
from tests.journeys.portal import RunningPortal
from tests.journeys.test_accounts import first_mail
from tests.journeys.towns import Town, boss_of

LINK = re.compile(r"http://\S+/account/invitation/\S+")
PASSWORD = "sparrows-nest-under-eaves"


def holds(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def invited(window: Window, town: Town, portal: RunningPortal, email: str) -> str:
    """Send an invitation; the path of its mailed link."""
    page = steps.sign_in(window, boss_of(town), worlds.PASSWORD)
    page = window.open("/desk/people/")
    page.get_by_role("main").get_by_role("link", name="Invite somebody").first.click()
    holds(page)
    page.get_by_label("Name", exact=True).fill("Officer New")
    page.get_by_label("Work e-mail address").fill(email)
    page.locator("input[name=roles][value=officer]").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    holds(page)
    link = LINK.search(first_mail(portal, email).part("plain"))
    assert link is not None
    return link.group().removeprefix(portal.origin())


def test_a_colleague_is_invited_and_let_go(opens: Opens, town: Town, portal: RunningPortal) -> None:
    with (
        opens(viewport=NARROW) as theirs,
        opens(viewport=PHONE, java_script_enabled=False) as mine,
    ):
        path = invited(theirs, town, portal, f"new@{town.agency.slug}.example")
        page = mine.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your invitation")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Accept and choose this password").click()
        expect(page).to_have_url(re.compile("/account/enrol"))
        page = theirs.open("/desk/people/")
        page.get_by_role("link", name="Officer New").click()
        holds(page)
        page.get_by_role("link", name="Let them go").click()
        holds(page)
        page.get_by_role("button", name="End everything they hold here").click()
        expect(page.get_by_text("the open work was handed over")).to_be_visible()
        assert not User.objects.get(name="Officer New").is_active


def test_a_colleague_comes_in_through_the_directory_and_loses_access_with_it(
    opens: Opens, town: Town, portal: RunningPortal, settings: Settings
) -> None:
    settings.OUTBOUND_LOOPBACK = True
    with another_make("sub-7", amr=["mfa"]) as issuer:
        made = DirectoryConnection(
            agency=town.agency,
            slug=f"{town.agency.slug}-directory",
            name="City directory",
            issuer=issuer,
            client_id=CLIENT,
        )
        seal_secret(made, SECRET)
        made.save()
        with opens(viewport=WIDE) as theirs:
            path = invited(theirs, town, portal, f"sso@{town.agency.slug}.example")
        with opens(viewport=PHONE) as mine:
            # The visit to the directory is meant to leave this site.
            mine.assert_quiet = lambda: None  # type: ignore[method-assign]
            mine.origin = portal.origin()
            page = mine.open(path)
            assert_accessible(page)
            page.get_by_role("button", name="Accept with City directory").click()
            page.get_by_role("button", name="sub-7").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Accept and connect")
            assert_accessible(page)
            page.get_by_role("button", name="Accept the invitation").click()
            page.get_by_role("button", name="sub-7").first.click()
            expect(page).to_have_url(re.compile("/desk/$"))
            page = mine.open("/desk/concerns/")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            httpx.post(f"{issuer}/users/sub-7/revoke-tokens").raise_for_status()
            link = DirectoryLink.objects.get(connection=made)
            assert link.ask_at is not None
            DirectoryLink.objects.filter(pk=link.pk).update(ask_at=timezone.now())
            ask_about_everyone(now=timezone.now())
            page = mine.open("/desk/concerns/")
            expect(page).to_have_url(re.compile("/account/login/"))
