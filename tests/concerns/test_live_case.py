"""An open case page learns who else is here and that something is new, and tells nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import following, triage
from concerns.models import Category, Concern, Reading
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def reed(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer Reed", district=None, now=timezone.now())


@pytest.fixture
def concern(cedar: Agency, vale: User) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def page(concern: Concern) -> str:
    return f"/desk/concerns/{concern.staff_reference}/"


def ask(desk: Client, concern: Concern, *, seen: int, reply: int = 0) -> str:
    answer = desk.get(f"{page(concern)}live/?seen={seen}&reply={reply}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_has_the_case_open_is_named_to_the_others_for_a_minute(
    concern: Concern, vale: User, reed: User
) -> None:
    first, second = worlds.signed_in(vale), worlds.signed_in(reed)
    first.get(page(concern))
    assert "Also here now: Officer Vale" in second.get(page(concern)).content.decode()
    assert "Officer Reed" in ask(first, concern, seen=concern.version)
    assert "Officer Vale" not in ask(first, concern, seen=concern.version)
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert "Officer Reed" not in ask(first, concern, seen=concern.version)


def test_nothing_is_said_while_nothing_is_new(concern: Concern, vale: User) -> None:
    assert ask(worlds.signed_in(vale), concern, seen=concern.version).strip() == ""


def test_a_message_of_the_reporter_and_a_change_of_a_colleague_are_announced(
    concern: Concern, vale: User, reed: User
) -> None:
    desk = worlds.signed_in(vale)
    triage.accept(
        concern_id=concern.pk, seen_version=1, by=Actor.staff(reed.pk), now=timezone.now()
    )
    assert "Somebody changed this case" in ask(desk, concern, seen=1)
    concern.refresh_from_db()
    following.answer(
        concern_id=concern.pk, text="It came back.", by=Actor.reporter(), now=timezone.now()
    )
    assert "there is a new message" in ask(desk, concern, seen=concern.version)
    shown = desk.get(page(concern))
    assert "It came back." in shown.content.decode()
    here = shown.context["here"]
    assert desk.get(here.url).content.decode().strip() == ""


@pytest.mark.privacy
def test_it_asks_the_same_rights_as_the_page(cedar: Agency, concern: Concern, vale: User) -> None:
    worlds.signed_in(vale).get(page(concern))
    eastfield = worlds.agency("eastfield", east=1.0, now=timezone.now())
    boss = worlds.officer(
        eastfield, "Boss", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    elsewhere = worlds.signed_in(boss)
    foreign = elsewhere.get(f"{page(concern)}live/")
    missing = elsewhere.get("/desk/concerns/ZZZZZZZZZZ/live/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    Concern.objects.update(category=Category.objects.get(agency=cedar, code="neighbor_dispute"))
    reader = worlds.officer(cedar, "Reader", role=Role.READER, district=None, now=timezone.now())
    assert worlds.signed_in(reader).get(f"{page(concern)}live/").status_code == 404
    assert Client().get(f"{page(concern)}live/").status_code == 302


@pytest.mark.privacy
def test_who_is_here_is_kept_in_the_cache_alone_and_asking_is_no_reading(
    concern: Concern, vale: User
) -> None:
    desk = worlds.signed_in(vale)
    with CaptureQueriesContext(connection) as asked:
        ask(desk, concern, seen=1)
    kept = [query["sql"] for query in asked]
    assert not [sql for sql in kept if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(kept) == 4
    assert not Reading.objects.exists()
    assert cache.get(f"here:{concern.agency_id}:{concern.pk}")


@pytest.mark.privacy
def test_words_of_the_report_are_never_in_the_answer(concern: Concern, vale: User) -> None:
    answer = worlds.signed_in(vale).get(f"{page(concern)}live/?seen=0")
    assert concern.text not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("query", ["seen=x&reply=y", "seen=-1", "seen=99999999999999999999", ""])
def test_odd_numbers_are_taken_as_nothing_seen(concern: Concern, vale: User, query: str) -> None:
    answer = worlds.signed_in(vale).get(f"{page(concern)}live/?{query}")
    assert answer.status_code == 200
