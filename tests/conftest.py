"""Real servers for every test: an embedded cluster and broker of the tests' own."""

import os
from collections.abc import Callable, Iterator
from itertools import count

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from pytest_django import DjangoDbBlocker, Settings

from engagement.doors import challenge
from engagement.doors.challenge import ANYWHERE, Judged, Verdict
from engagement.places.queries import areas, blocks, streetmaps
from portal import translations
from portal.servers.attach import attach
from portal.servers.faults import ServerFault
from portal.servers.layout import Layout
from tests import unordered
from tests.databases import copy_of_template, drop, point_connections_at

hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

unordered.watch()

HOLD = pytest.StashKey[object]()
TESTS_SO_FAR = count()


def pytest_configure(config: pytest.Config) -> None:
    """Hold the tests' servers for the whole run; xdist's workers hold them too."""
    if config.option.collectonly:
        return
    if not hasattr(config, "workerinput"):
        translations.compile_catalogs()
    try:
        config.stash[HOLD] = attach(settings.SERVERS, hasty=True)
    except ServerFault as fault:
        pytest.exit(str(fault), returncode=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Emptying tables between tests needs rights that the portal never has."""
    for item in items:
        for mark in item.iter_markers("django_db"):
            if mark.kwargs.get("transaction") or (mark.args and mark.args[0]):
                raise pytest.UsageError(
                    f"{item.nodeid}: use the fixture committed_database, not transaction=True"
                )


@pytest.fixture(scope="session")
def servers() -> Layout:
    """Paths, passwords and addresses of the running servers (queue_url, cache_url)."""
    layout: Layout = settings.SERVERS
    return layout


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own database, copied from the template."""
    with django_db_blocker.unblock():
        name = copy_of_template()
        point_connections_at(name)
    yield
    with django_db_blocker.unblock():
        point_connections_at("postgres")
        drop(name)


@pytest.fixture(scope="session")
def fresh_database(django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], str]]:
    """Makes further databases by name, for a portal in another process; dropped at the end.

    Give a child process PORTAL_VAR=settings.VAR and PORTAL_DATABASE=<name>.
    """
    made: list[str] = []

    def make() -> str:
        with django_db_blocker.unblock():
            made.append(copy_of_template())
        return made[-1]

    yield make
    for name in made:
        drop(name)


def forget_maps() -> None:
    """Another database counts its revisions anew, so what is remembered may pass for its own."""
    for memory in (areas._areas, streetmaps._maps, blocks._blocks):
        memory.forget()


@pytest.fixture
def committed_database(
    django_db_setup: None,
    fresh_database: Callable[[], str],
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """A database where commits are real, for several connections and threads; its name.

    Instead of the mark django_db, whose one transaction would hide them.
    """
    from_before = settings.DATABASES["default"]["NAME"]
    name = fresh_database()
    with django_db_blocker.unblock():
        point_connections_at(name)
        forget_maps()
        yield name
        point_connections_at(from_before)
        forget_maps()
    drop(name)


@pytest.fixture(autouse=True)
def own_cache() -> None:
    """No counter of one test is seen by the next."""
    caches["default"].key_prefix = f"test-{os.getpid()}-{next(TESTS_SO_FAR)}"


@pytest.fixture(autouse=True)
def visitors_waited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's client posts without opening the form's page first; take it as somebody who did,
    and waited. Not where the test is about that (mark `challenge`)."""
    if request.node.get_closest_marker("challenge"):
        return
    judge = challenge.judged
    monkeypatch.setattr(
        challenge,
        "judged",
        lambda query, **rest: (
            judge(query, **rest) if challenge.TOKEN in query else Judged(Verdict.WAITED, ANYWHERE)
        ),
    )


@pytest.fixture
def in_service(settings: Settings) -> None:
    """No demonstration: staff doors ask for a second factor, as `worlds.trusted` has one."""
    settings.DEMO = False
