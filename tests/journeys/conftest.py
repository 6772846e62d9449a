"""One running portal and one browser for all journeys of a process; each has its own agency."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from tests import browser as browsers
from tests.databases import point_connections_at
from tests.journeys.browsing import Opens, Window, launched, window
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town, forget_maps, hashers_of_portal, next_town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def portal(django_db_setup: None, fresh_database: Callable[[], str]) -> Iterator[RunningPortal]:
    with RunningPortal(fresh_database()) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = browsers.find()
    if program is None:
        pytest.fail(
            "No browser for the journeys: run `python -m tests.browser`, which installs one, or "
            "set PORTAL_CHROMIUM to the program of Chromium."
        )
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where the ORM suspects an async program.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        yield launched(playwright, program)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def database_of_portal(
    portal: RunningPortal, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """This test's own queries and actions work on the database that the portal serves."""
    # The portal checks passwords with its own hasher, not with the quick one of the tests.
    settings.PASSWORD_HASHERS = hashers_of_portal()
    from_before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        point_connections_at(portal.database)
        forget_maps()
        yield
        point_connections_at(from_before)
        forget_maps()


@pytest.fixture
def town(database_of_portal: None) -> Town:
    """An agency of this journey's own, with a host name, two districts and an officer."""
    return next_town()


@pytest.fixture
def opens(portal: RunningPortal, browser: Browser, town: Town) -> Opens:
    """Opens a window at the town's own address; say what else it should be."""

    def opened(**options: Any) -> AbstractContextManager[Window]:
        return window(browser, portal.origin(town.host), **options)

    return opened
