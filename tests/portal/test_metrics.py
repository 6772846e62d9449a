"""Figures serve whoever operates the portal and tell nobody when a resident came."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import shared_task
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from concerns.models.concern import Level
from engagement.doors.access import Door, Kind
from engagement.outbox.models import Message, Sweep
from engagement.outbox.states import State
from portal import figures
from portal.celery import app
from portal.metrics import Figures, heaped
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]
TOKEN = "token-of-the-scraper-0123456789abcdef"


@pytest.fixture(autouse=True)
def own_figures(settings: Settings) -> Iterator[None]:
    figures.Mute.until = 0.0
    place = settings.CACHES["default"]
    settings.CACHES = {"default": {**place, "KEY_PREFIX": f"metrics-{time.monotonic_ns()}"}}
    settings.METRICS_TOKEN = TOKEN
    yield
    figures.Mute.until = 0.0


def told(client: Client, token: str = TOKEN) -> dict[str, float]:
    """Each figure by its name and labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}"])
def test_without_the_token_there_is_no_such_page(client: Client, header: str) -> None:
    absent = client.get("/no-such-page")

    answer = client.get("/metrics", headers={"Authorization": header} if header else {})

    assert answer.status_code == 404
    assert len(answer.content) == len(absent.content)


def test_without_a_token_in_the_settings_nobody_reads_them(
    client: Client, settings: Settings
) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_no_figure_moves_when_a_resident_comes_and_reports(client: Client) -> None:
    """Someone who reads the figures every few seconds learns no minute of any report."""
    now = timezone.now()
    Sweep.objects.create(pk=1, last_at=now)
    agency = worlds.agency(now=now)
    officer = worlds.officer(agency, now=now)
    worlds.trusted(officer).get("/desk/")
    before = told(client)

    for path in ("/", "/help/", "/report/", "/report/new/", "/concerns/", "/areas/", "/track/"):
        client.get(path)
    client.post("/track/", {"code": "x", "secret": "y"})
    worlds.reported(agency, now=now)
    worlds.reported(agency, level=Level.CONFIDENTIAL, email="ana@home.example", now=now)

    assert told(client) == before
    assert Message.objects.exists()


def test_staff_are_counted_by_route_and_failures_in_one_sum() -> None:
    staff = Door(Kind.STAFF, "concern.read")

    assert figures.of_request(staff, "desk", 200, 0.07) == {
        "requests|desk|2xx": 1,
        "seconds|desk": 0.07,
        "bucket|desk|0.1": 1,
    }
    assert figures.of_request(Door(Kind.OPEN), "report_new", 500, 0.07) == {"failures": 1}
    for kind in (Kind.OPEN, Kind.PUBLIC, Kind.SIGNED_IN):
        assert figures.of_request(Door(kind), "report_new", 200, 0.07) == {}
    assert figures.of_request(None, "unnamed", 404, 0.07) == {}


def test_counts_of_all_processes_are_one_sum(client: Client) -> None:
    for _ in range(3):
        figures.add({"requests|desk|2xx": 1, "seconds|desk": 0.5, "bucket|desk|0.5": 1})

    found = told(client)

    assert found['common_ground_staff_requests_total{route="desk",status="2xx"}'] == 3
    assert found['common_ground_staff_request_seconds_bucket{le="0.25",route="desk"}'] == 0
    assert found['common_ground_staff_request_seconds_bucket{le="+Inf",route="desk"}'] == 3
    assert found['common_ground_staff_request_seconds_sum{route="desk"}'] == 1.5


def test_buckets_add_up() -> None:
    assert heaped({"0.05": 2, "1.0": 1, "+Inf": 1})[-1] == ("+Inf", 4)


def test_mail_that_is_stuck_and_mail_that_died_are_told(client: Client) -> None:
    now = timezone.now()
    agency = worlds.agency(now=now)
    for email in ("ana@home.example", "ben@home.example"):
        worlds.reported(agency, level=Level.CONFIDENTIAL, email=email, now=now)
    one, other = Message.objects.all()[:2]
    Message.objects.filter(pk=one.pk).update(try_at=now - timedelta(hours=2))
    Message.objects.filter(pk=other.pk).update(
        state=State.FAILED, finished_at=now - timedelta(hours=2), try_at=None
    )

    found = told(client)

    assert found['common_ground_outbox_messages{state="overdue"}'] == 1
    assert found['common_ground_outbox_messages{state="failed"}'] == 1
    assert found["common_ground_outbox_oldest_due_age_seconds"] % 60 == 0


def test_a_task_leaves_when_it_ended_and_each_failure() -> None:
    @shared_task(name="tests.trial")
    def trial(fails: bool) -> None:
        if fails:
            raise RuntimeError

    app.finalize()
    app.tasks["tests.trial"].apply(kwargs={"fails": False})
    app.tasks["tests.trial"].apply(kwargs={"fails": True})
    found = figures.all_figures()

    assert time.time() - found["task_done|tests.trial"] < 60
    assert found["task_failed|tests.trial"] == 1


def test_an_absent_cache_leaves_figures_of_the_database(client: Client, settings: Settings) -> None:
    place = settings.CACHES["default"]
    settings.CACHES = {"default": {**place, "LOCATION": "redis://127.0.0.1:1/0"}}

    names = {metric.name for metric in Figures(timezone.now()).collect()}

    assert "common_ground_outbox_messages" in names
    assert figures.all_figures() == {}
