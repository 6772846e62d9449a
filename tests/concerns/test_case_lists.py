"""The question of the case page is composed once; each reader, case and day gets its own answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from concerns.actions import triage
from concerns.models import Concern
from concerns.views.case_choices import CHOICES
from concerns.views.case_lists import CaseLists, _question, case_lists
from concerns.views.family_lists import family_of
from engagement.audit.actors import Actor
from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


def filed(cedar: Agency, **changes: object) -> Concern:
    return worlds.reported(cedar, now=timezone.now(), **changes).concern


def lists(reader: User, concern: Concern, *, later: int = 0) -> CaseLists:
    today = concern.agency.day_of(timezone.now()) + timedelta(days=later)
    family, given = family_of(reader, concern, today=today)
    return case_lists(concern, CHOICES, family, given={**given, "today": today})


def near(found: CaseLists) -> set[int]:
    return {kin.id for kin in found.by_name["similar"]}


def test_one_composed_question_answers_for_each_case_its_own(cedar: Agency, officer: User) -> None:
    first, second = filed(cedar), filed(cedar)
    by, now = Actor.staff(officer.pk), timezone.now()
    triage.add_note(
        concern_id=first.pk, seen_version=first.version, text="Of the first", by=by, now=now
    )
    triage.add_note(
        concern_id=second.pk, seen_version=second.version, text="Of the second", by=by, now=now
    )
    one = lists(officer, first)
    before = _question.cache_info().misses
    two = lists(officer, second)
    assert _question.cache_info().misses == before
    assert [note.text for note in one.by_name["notes"]] == ["Of the first"]
    assert [note.text for note in two.by_name["notes"]] == ["Of the second"]
    assert near(one) == {second.pk}
    assert near(two) == {first.pk}


@pytest.mark.privacy
def test_who_may_read_less_finds_less_whoever_asked_before(cedar: Agency, officer: User) -> None:
    chief = worlds.officer(
        cedar,
        "Chief",
        role=Role.SUPERVISOR,
        district=None,
        email="chief@staff.example",
        now=timezone.now(),
    )
    elsewhere = worlds.officer(
        cedar, "Officer East", district="2", email="east@staff.example", now=timezone.now()
    )
    first, second = filed(cedar), filed(cedar)
    kind = second.category
    kind.visibility, kind.publishes_without_text = "never", False
    kind.save()
    Concern.objects.update(owner=None)
    for _turn in range(2):
        assert near(lists(chief, first)) == {second.pk}
        assert near(lists(elsewhere, first)) == set()


def test_officers_are_those_of_the_day_of_asking(cedar: Agency, officer: User) -> None:
    concern = filed(cedar)
    Grant.objects.filter(user=officer).update(
        until_on=cedar.day_of(timezone.now()) + timedelta(days=1)
    )
    names = [name for _pk, name in lists(officer, concern).by_name["officers"]]
    assert officer.name in names
    assert lists(officer, concern, later=2).by_name["officers"] == []


def test_a_case_without_a_point_has_nothing_near_it(cedar: Agency, officer: User) -> None:
    filed(cedar)
    concern = filed(cedar)
    Concern.objects.filter(pk=concern.pk).update(lon=None, lat=None)
    concern.refresh_from_db()
    assert near(lists(officer, concern)) == set()
    page = worlds.signed_in(officer).get(f"/desk/concerns/{concern.staff_reference}/")
    assert page.status_code == 200


def test_another_agency_is_offered_its_own_kinds_and_officers(cedar: Agency, officer: User) -> None:
    elm = worlds.agency("elm", east=1.0, now=timezone.now())
    theirs = worlds.officer(elm, "Officer Elm", email="elm@staff.example", now=timezone.now())
    own = lists(officer, filed(cedar)).by_name
    other = lists(theirs, filed(elm, lon=worlds.LON + 1.0 + 0.005)).by_name
    assert [name for _pk, name in own["officers"]] == [officer.name]
    assert [name for _pk, name in other["officers"]] == [theirs.name]
    assert {kind["id"] for kind in own["kinds"]}.isdisjoint(kind["id"] for kind in other["kinds"])
