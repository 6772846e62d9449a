"""Each page asks the database a fixed number of questions, however much there is to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import triage
from concerns.models import Concern
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from meetings.models import Meeting
from tests import worlds
from tests.meetings import halls

pytestmark = pytest.mark.django_db

MOST = 12


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


def fill(cedar: Agency, officer: User, number: int) -> None:
    """File and accept so many reports; their kind appears in public when accepted."""
    now = timezone.now()
    for _each in range(number):
        concern = worlds.reported(cedar, now=now).concern
        by = Actor.staff(officer.pk)
        triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=now)
        concern.refresh_from_db()
        triage.reply(concern_id=concern.pk, seen_version=2, text="Seen.", by=by, now=now)


def questions(client: Client, path: str) -> int:
    client.get(path)  # fills what a process keeps in memory, such as the areas
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT")) for query in asked)


def hold(cedar: Agency, number: int) -> None:
    """Announce so many meetings, each with so many answers."""
    for _meeting in range(number):
        hall = halls.announced(cedar)
        for each in range(number):
            halls.answered(hall, f"{each}@home.example", needs="A ramp")


def pages(reference: str, slug: str) -> dict[str, str]:
    """Page by path, and who opens it."""
    return {
        "/": "visitor",
        "/areas/": "visitor",
        "/areas/west-district/": "visitor",
        "/concerns/": "visitor",
        "/concerns/?category=graffiti&progress=open": "visitor",
        "/concerns/?q=graffiti&area=old-mill": "visitor",
        "/concerns/follow/": "visitor",
        "/concerns/map.json": "visitor",
        "/concerns/feed.rss": "visitor",
        "/report/": "visitor",
        "/report/new/": "visitor",
        "/help/": "visitor",
        "/track/": "visitor",
        "/meetings/": "visitor",
        "/meetings/?show=past": "visitor",
        "/meetings/feed.ics": "visitor",
        "/meetings/feed.rss": "visitor",
        "/api/v1/meetings/": "visitor",
        f"/meetings/{slug}/": "visitor",
        f"/meetings/{slug}.ics": "visitor",
        f"/meetings/{slug}/rsvp/": "visitor",
        "/desk/meetings/": "officer",
        f"/desk/meetings/{slug}/": "officer",
        "/desk/": "officer",
        "/desk/concerns/": "officer",
        "/desk/concerns/?show=late": "officer",
        f"/desk/concerns/{reference}/": "officer",
    }


def test_no_page_asks_more_when_there_is_more(cedar: Agency, officer: User) -> None:
    clients = {"visitor": Client(), "officer": worlds.signed_in(officer)}
    fill(cedar, officer, 2)
    hold(cedar, 2)
    shown = pages(
        Concern.objects.order_by("id")[0].staff_reference, Meeting.objects.order_by("id")[0].slug
    )
    few = {path: questions(clients[who], path) for path, who in shown.items()}
    fill(cedar, officer, 12)
    hold(cedar, 5)
    many = {path: questions(clients[who], path) for path, who in shown.items()}
    assert many == few
    assert {path: number for path, number in many.items() if number > MOST} == {}


def test_a_concern_that_nobody_answered_yet_is_no_dearer(cedar: Agency, officer: User) -> None:
    """Its page also says what accepting would show to everyone."""
    desk = worlds.signed_in(officer)
    reference = worlds.reported(cedar, now=timezone.now()).concern.staff_reference
    assert questions(desk, f"/desk/concerns/{reference}/") <= MOST
