"""A flood against one code, and one of reports, against a real portal: everybody else is served."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import median
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from concerns.models import Concern, Suspicion
from engagement.doors.challenge import new_challenge
from engagement.doors.submission import new_key
from tests import worlds
from tests.challenges import with_work
from tests.databases import point_connections_at
from tests.journeys.portal import RunningPortal
from tests.journeys.towns import Town, forget_maps, next_town

pytestmark = [pytest.mark.privacy, pytest.mark.enable_socket]

FLOODERS, GUESSES, REPORTS = 16, 400, 300
# What the owner of a code is promised, in seconds.
PROMISED = 1.0
WRONG = "0000-0000-0000-0000-0000"


@pytest.fixture(scope="module")
def portal(django_db_setup: None, fresh_database: Callable[[], str]) -> Iterator[RunningPortal]:
    with RunningPortal(fresh_database()) as running:
        yield running


@pytest.fixture
def town(portal: RunningPortal, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    from_before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        point_connections_at(portal.database)
        forget_maps()
        yield next_town()
        point_connections_at(from_before)
        forget_maps()


class Program:
    """Speaks to the portal without a browser; has fetched one page for cookie and form token."""

    def __init__(self, portal: RunningPortal, town: Town) -> None:
        self.port, self.host = portal.port, f"{town.host}:{portal.port}"
        self.slug = town.agency.slug
        self.cookie = ""
        page = self.ask("GET", "/track/")[1]
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found
        self.token = found[1]

    def ask(self, method: str, path: str, typed: dict[str, str] | None = None) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            headers = {
                "Host": self.host,
                "Cookie": self.cookie,
                "Origin": f"http://{self.host}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            line.request(method, path, urlencode(typed) if typed else None, headers)
            answer = line.getresponse()
            self.cookie = self.cookie or (answer.headers["Set-Cookie"] or "").partition(";")[0]
            return answer.status, answer.read().decode()

    def send(self, form: str, path: str, typed: dict[str, str], *, work: bool = False) -> Any:
        """Post a form whose page was opened a minute ago."""
        since = time.time() - 60
        token = new_challenge(form=form, host=self.host, agency=self.slug, since=since, bits=4)
        address = f"{path}?proof={token}"
        typed = {"csrfmiddlewaretoken": self.token, "agency": self.slug, **typed}
        return self.ask("POST", with_work(address) if work else address, typed)

    def report(self, words: str, *, work: bool = False) -> Any:
        typed = {
            "key": new_key(),
            "category": "graffiti",
            "text": words,
            "no_place": "on",
            "level": "anonymous",
        }
        return self.send("report", "/report/done/", typed, work=work)


class Flood:
    """Does the same from many threads, over and over, until it is done or told to stop."""

    def __init__(self, act: Callable[[int], Any], *, times: int) -> None:
        self._pool = ThreadPoolExecutor(FLOODERS)
        self._over = threading.Event()
        self._results = [self._pool.submit(self._unless_over, act, n) for n in range(times)]

    def _unless_over(self, act: Callable[[int], Any], number: int) -> Any:
        return None if self._over.is_set() else act(number)

    def __enter__(self) -> "Flood":
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._pool.shutdown()

    @property
    def is_on(self) -> bool:
        return not all(result.done() for result in self._results)

    def answers(self) -> list[Any]:
        return [result.result() for result in self._results]


def seconds(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def test_a_flood_against_one_code_keeps_its_owner_from_nothing(
    portal: RunningPortal, town: Town
) -> None:
    """Wrong guesses cost no lock, and those without a challenge not even a look."""
    receipt = worlds.reported(town.agency, now=timezone.now(), text="The owner's own words.")
    code = receipt.tracking_code
    flooder, owner = Program(portal, town), Program(portal, town)

    def guess(number: int) -> int:
        typed = {"code": code, "secret": WRONG}
        if number % 2:
            return int(flooder.ask("POST", "/track/", typed)[0])
        return int(flooder.send("track", "/track/", typed)[0])

    def open_it() -> None:
        status, page = owner.send("track", "/track/", {"code": code, "secret": receipt.secret})
        assert status == 200
        assert "The owner&#x27;s own words." in page

    with Flood(guess, times=GUESSES) as flood:
        took = [seconds(open_it) for _try in range(7)]
        assert median(took) < PROMISED, took
    assert {answer for answer in flood.answers() if answer} <= {200, 307}


def test_three_hundred_reports_at_once_are_all_taken_and_a_neighbor_is_served(
    portal: RunningPortal, town: Town
) -> None:
    flooder, neighbor = Program(portal, town), Program(portal, town)
    words = "Buy cheap watches at our great new shop today and tell all of your friends about it"

    with Flood(lambda _number: flooder.report(words)[0], times=REPORTS) as flood:
        assert neighbor.ask("GET", "/report/new/")[0] == 200
        status, page = neighbor.report("The street light on our corner is out.", work=True)
        assert flood.is_on, "the neighbor had to wait for the end of the flood"
        answers = flood.answers()
    assert set(answers) == {200}
    assert (status, "data-receipt-secret" in page) == (200, True)

    stored = Concern.objects.filter(agency=town.agency)
    assert stored.count() == REPORTS + 1
    held = Suspicion.objects.filter(agency=town.agency, is_held=True)
    assert held.count() >= REPORTS - 10
    assert not held.filter(concern__text__startswith="The street light").exists()
