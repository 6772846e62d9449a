"""Staff of a portal in service: invited, set up with a key or an app, and back the next day."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.conf import settings as own_settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, CDPSession, Page, expect
from psycopg2 import sql
from pytest_django import DjangoDbBlocker, Settings

from engagement.audit.actors import Actor
from engagement.keys import store
from engagement.keys.purposes import Purpose
from engagement.people.models import User
from engagement.people.recovery import permit_enrolment, reset_factors
from portal.environment import ROOT
from tests import worlds
from tests.databases import drop, point_connections_at, server
from tests.engagement.people.phone import code_of
from tests.journeys.browsing import (
    PHONE,
    Window,
    assert_accessible,
    assert_no_sideways_scroll,
    window,
)
from tests.journeys.portal import RunningPortal, common_environment
from tests.journeys.towns import forget_maps, hashers_of_portal
from tests.journeys.waiting import wait_for

PASSWORD = "nine yellow teapots"
LINK = re.compile(r"http://\S+/account/enrol/\S+")
BY = Actor.task("tests")
Opens = Callable[..., AbstractContextManager[Window]]


class PortalInService(RunningPortal):
    """Asks for a second factor. At "localhost", the one plain address where browsers allow keys."""

    def __init__(self, database: str) -> None:
        super().__init__(database)
        self._secret_key = secrets.token_urlsafe(50)

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "DJANGO_SETTINGS_MODULE": "tests.journeys.service",
            "PORTAL_DEMO": "0",
            "PORTAL_HOSTS": "localhost",
            "PORTAL_ORIGIN": self.origin(),
            "PORTAL_SECRET_KEY": self._secret_key,
        }

    def origin(self, host: str = "localhost") -> str:
        return super().origin(host)


def migrated(name: str) -> None:
    """A database that was never a demonstration, made as an operator makes it."""
    with server() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"],
        cwd=ROOT,
        env={
            **os.environ,
            **common_environment(),
            "PORTAL_DATABASE": name,
            "PORTAL_DEMO": "0",
            "PORTAL_SECRET_KEY": secrets.token_urlsafe(50),
        },
        check=True,
    )


@pytest.fixture(scope="module")
def service(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RunningPortal]:
    name = f"test_{os.getpid()}_service"
    with django_db_blocker.unblock():
        for purpose in Purpose:
            store.make(purpose)
        migrated(name)
        with PortalInService(name) as running:
            yield running
    drop(name)


@pytest.fixture
def opens(
    service: RunningPortal,
    browser: Browser,
    settings: Settings,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Opens]:
    """Opens windows of the portal in service; this test's own queries go to its database."""
    settings.PASSWORD_HASHERS = hashers_of_portal()
    from_before = own_settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        point_connections_at(service.database)
        forget_maps()

        def opened(**options: Any) -> AbstractContextManager[Window]:
            return window(browser, service.origin(), **options)

        yield opened
        point_connections_at(from_before)
        forget_maps()


def link_for(service: RunningPortal, email: str, number: int = 0) -> str:
    """The path in the so-many-th mail to this address."""

    def found() -> list[str]:
        mails = [mail for mail in service.mails.received if mail.reader == email]
        links = [LINK.search(mail.part("plain")) for mail in mails]
        return [link.group() for link in links if link][number:]

    link: str = wait_for(f"a link for {email}", found)[0]
    assert link.startswith(service.origin())
    return link.removeprefix(service.origin())


def fingerprint(page: Page) -> CDPSession:
    """Give this window a passkey reader that recognizes its holder."""
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    reader.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return reader


def looks_right(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def press(page: Page, name: str) -> None:
    """By keyboard: reach the button or link and press Enter."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("main").get_by_role("link", name=name, exact=True)
    ).first.focus()
    page.keyboard.press("Enter")


def sign_in(page: Page, email: str) -> None:
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")


def sign_out(window: Window) -> None:
    window.page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    window.page.wait_for_load_state()


def officer(name: str, email: str) -> User:
    """A member of staff with a password, a role, and no second step yet."""
    now = timezone.now()
    user = worlds.officer(worlds.agency(name, now=now), email=email, now=now)
    user.set_password(PASSWORD)
    user.save()
    return user


def test_the_first_operator_sets_up_a_passkey_and_returns_with_it_alone(
    opens: Opens, service: RunningPortal
) -> None:
    email = "chief@cedar.example"
    call_command("make_operator", email, "--name", "Chief Alder", verbosity=0)
    with opens(viewport=PHONE) as window:
        page = window.open(link_for(service, email))
        fingerprint(page)
        looks_right(page, "Set up your sign-in")
        press(page, "Begin")
        looks_right(page, "Choose a password")
        page.locator("#id_password1").fill(PASSWORD)
        page.locator("#id_password2").fill(PASSWORD)
        page.keyboard.press("Enter")
        looks_right(page, "Sign in to go on")
        press(page, "Sign in")
        sign_in(page, email)
        looks_right(page, "Choose your second step")
        press(page, "Add a security key or passkey")
        looks_right(page, "Add a security key or passkey")
        page.locator("#id_name").fill("My phone")
        press(page, "Add this key")
        looks_right(page, "Sign-in and security")
        expect(page.get_by_text("My phone")).to_be_visible()
        page = window.open("/admin/")
        expect(page.get_by_role("heading", level=1)).to_have_text("What this installation knows")
        window.open("/account/security/")
        sign_out(window)
        page = window.open("/admin/")
        looks_right(page, "Sign in")
        press(page, "Staff: sign in with a passkey")
        expect(page.get_by_role("heading", level=1)).to_have_text("What this installation knows")
        page = window.open("/account/sessions/")
        looks_right(page, "Where you are signed in")
        expect(page.get_by_text("Passkey")).to_be_visible()


def app_set_up(window: Window, link: str, email: str) -> str:
    """Through the mailed link to an authenticator app; returns its secret."""
    page = window.open(link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("main").get_by_role("link", name="Sign in", exact=True).click()
    sign_in(page, email)
    page.get_by_role("link", name="Add an authenticator app").click()
    looks_right(page, "Add an authenticator app")
    secret = page.locator("code.code").inner_text()
    page.locator("#id_code").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Your second step is set up.")).to_be_visible()
    return secret


def test_an_officer_uses_an_app_and_begins_anew_after_losing_the_phone(
    opens: Opens, service: RunningPortal
) -> None:
    email = "vale@maple.example"
    user = officer("maple", email)
    with opens() as window:
        page = window.open("/account/login/?next=/desk/")
        sign_in(page, email)
        # The password was right; the page asked for leads on to what is missing.
        looks_right(page, "Sign-in and security")
        expect(page.get_by_text("No second step yet")).to_be_visible()
        permit_enrolment(user, by=BY, now=timezone.now())
        sign_out(window)
        secret = app_set_up(window, link_for(service, email), email)
        expect(window.open("/desk/").get_by_role("heading", level=1)).to_be_visible()
        window.open("/account/security/")
        sign_out(window)
        page = window.open("/desk/")
        sign_in(page, email)
        looks_right(page, "Second step")
        page.locator("#id_code").fill("000000")
        page.keyboard.press("Enter")
        looks_right(page, "Second step")
        expect(page.get_by_role("alert")).to_contain_text("not the code of this moment")
        page.locator("#id_code").fill(code_of(secret, steps=1))
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/")
        reset_factors(user, by=BY, now=timezone.now())
        page = window.open("/desk/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        app_set_up(window, link_for(service, email, 1), email)
        expect(window.open("/desk/").get_by_role("heading", level=1)).to_be_visible()


def test_an_app_needs_no_javascript_and_speaks_spanish(
    opens: Opens, service: RunningPortal
) -> None:
    email = "rowan@linden.example"
    permit_enrolment(officer("linden", email), by=BY, now=timezone.now())
    link = link_for(service, email)
    with opens(java_script_enabled=False) as window:
        app_set_up_without_script(window, link, email)
    with opens(locale="es-US") as window:
        page = window.open("/account/login/")
        sign_in(page, email)
        expect(page.get_by_role("heading", level=1)).to_have_text("Segundo paso")
        expect(page.get_by_label("Código de su aplicación")).to_be_visible()


def app_set_up_without_script(window: Window, link: str, email: str) -> None:
    page = window.open(link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("main").get_by_role("link", name="Sign in", exact=True).click()
    sign_in(page, email)
    page.get_by_role("link", name="Add an authenticator app").click()
    page.locator("#id_code").fill(code_of(page.locator("code.code").inner_text()))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Your second step is set up.")).to_be_visible()
    expect(window.open("/desk/").get_by_role("heading", level=1)).to_be_visible()
