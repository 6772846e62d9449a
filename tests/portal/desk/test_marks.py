"""The desk begins with what must be acted on at once, and tells what was done meanwhile."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from concerns.actions import triage, wrong_door
from concerns.models import Category, Concern, DeskLook, WrongDoor
from engagement.audit.actors import Actor
from engagement.people.actions import create_account, grant_role
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


def filed(cedar: Agency, **more: object) -> Concern:
    return worlds.reported(cedar, now=timezone.now(), **more).concern


def mark(concern: Concern, officer: User, kind: str = "danger") -> WrongDoor:
    by = Actor.staff(officer.pk)
    return wrong_door.mark(concern_id=concern.pk, kind=kind, by=by, now=timezone.now())


def first_page(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/desk/").content, "html.parser")


def test_what_nobody_has_taken_over_stands_first_and_leads_on(cedar: Agency, officer: User) -> None:
    filed(cedar)
    found = mark(filed(cedar), officer)
    page = first_page(worlds.signed_in(officer))
    where = f"/desk/concerns/{found.concern.staff_reference}/wrong-door/"
    next_step = page.select_one("a[rel=next]")
    assert next_step is not None
    assert next_step["href"] == where
    section = page.select("main section")[0]
    assert section["aria-labelledby"] == "marks-heading"
    assert [link["href"] for link in section.select("a")] == [where]
    assert section.select_one("form") is None, "an officer cannot take it over"


def test_a_supervisor_takes_it_over_from_there_in_one_tap(cedar: Agency, officer: User) -> None:
    found = mark(filed(cedar), officer)
    boss = worlds.officer(cedar, "Chief", role=Role.SUPERVISOR, district=None, now=timezone.now())
    client = worlds.signed_in(boss)
    form = first_page(client).select_one("section[aria-labelledby=marks-heading] form")
    assert form is not None
    assert client.post(str(form["action"])).status_code == 302
    found.refresh_from_db()
    assert found.accepted_by == boss
    assert first_page(client).select_one("#marks-heading") is None


def test_a_supervisor_of_another_district_sees_it_and_has_no_button(
    cedar: Agency, officer: User
) -> None:
    now = timezone.now()
    mark(filed(cedar), officer)
    boss = create_account(email="east@desk.example", name="East", by=worlds.BY, now=now)
    east = Area.objects.get(agency=cedar, layer="district", code="2")
    grant_role(
        user=boss,
        role=Role.SUPERVISOR,
        agency=cedar,
        areas=(east,),
        from_on=cedar.day_of(now),
        by=worlds.BY,
        now=now,
    )
    client = worlds.signed_in(boss)
    assert first_page(client).select_one("section[aria-labelledby=marks-heading] form") is None
    rows = BeautifulSoup(client.get("/desk/wrong-doors/").content, "html.parser")
    assert rows.select(".row")
    assert rows.select_one(".row form") is None


@pytest.mark.privacy
def test_nobody_is_shown_a_mark_of_a_case_that_they_may_not_read(
    cedar: Agency, officer: User
) -> None:
    private = Category.objects.of(cedar).taken().filter(visibility="never")[0].code
    there = filed(cedar, category=private, lon=worlds.LON + worlds.STEP * 1.5)
    mark(there, officer)
    other = worlds.agency("eastfield", east=1.0, now=timezone.now())
    for reader in (officer, worlds.officer(other, now=timezone.now())):
        assert first_page(worlds.signed_in(reader)).select_one("#marks-heading") is None


def test_the_oldest_are_listed_and_the_rest_is_a_tap_away(cedar: Agency, officer: User) -> None:
    for _each in range(6):
        mark(filed(cedar), officer)
    page = first_page(worlds.signed_in(officer))
    section = page.select("section[aria-labelledby=marks-heading]")[0]
    assert len(section.select(".row")) == 5
    assert section.select_one("a[href='/desk/wrong-doors/']") is not None
    assert "6" in section.select("h2")[0].get_text()


def left(cedar: Agency, officer: User) -> None:
    """They looked two hours ago, and not since."""
    worlds.signed_in(officer).get("/desk/")
    two_hours = timezone.now() - timedelta(hours=2)
    DeskLook.objects.filter(user=officer).update(looked_at=two_hours, since=two_hours)


def test_work_that_was_done_meanwhile_is_among_the_changes(cedar: Agency, officer: User) -> None:
    done, before = filed(cedar), filed(cedar)
    Concern.objects.update(owner=officer)
    chief = worlds.officer(
        cedar, "Chief Elm", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    shared = {"by": Actor.staff(chief.pk), "outcome": "no_action", "words": "Nothing to do."}
    long_ago = timezone.now() - timedelta(days=3)
    triage.close(concern_id=before.pk, seen_version=1, now=long_ago, **shared)
    left(cedar, officer)
    triage.close(concern_id=done.pk, seen_version=1, now=timezone.now(), **shared)
    changes = worlds.signed_in(officer).get("/desk/").context["casework"]["changes"]
    assert [(each.reference, each.who) for each in changes] == [(done.staff_reference, "Chief Elm")]
    assert worlds.signed_in(chief).get("/desk/").context["casework"]["changes"] == []
