"""Who keeps a filter hears how many reports are new in it, and nothing of what they are about."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from concerns.actions import filters
from concerns.actions.telling_filters import tell_everybody
from concerns.desk_search import Wanted
from concerns.models import FilterUse, SavedFilter, Team, TeamMember
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db
KIND = "concerns.filter_matches"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


def keep(user: User, at: Agency, *, tell_at: int | None = 2, **asked: Any) -> SavedFilter:
    saved = filters.save_filter(
        user=user, agency=at, name="Loud evenings", wanted=Wanted(**asked), sort="newest", team=None
    )
    filters.use_filter(saved=saved, user=user, is_pinned=False, tell_at=tell_at)
    return saved


def report(at: Agency, **changes: Any) -> None:
    worlds.reported(at, now=timezone.now(), **changes)


@pytest.mark.privacy
def test_a_mail_says_how_many_and_the_filters_name_alone(cedar: Agency, vale: User) -> None:
    report(cedar, text="Kowalczyk was loud before")
    keep(vale, cedar, words="Kowalczyk")
    report(cedar, text="Kowalczyk shouts")
    assert tell_everybody(now=timezone.now()) == 0
    report(cedar, text="Kowalczyk shouts again")
    report(cedar, text="Paint on a fence")
    assert tell_everybody(now=timezone.now()) == 1
    assert tell_everybody(now=timezone.now()) == 0
    sweep(now=timezone.now())
    sent = [one for one in mail.outbox if "filter" in one.subject]
    assert len(sent) == 1
    said = str(sent[0].message())
    assert "2 new reports match" in said
    assert "Loud evenings" in said
    assert "owalczyk" not in said


def test_only_the_newest_are_told_of_next_time(cedar: Agency, vale: User) -> None:
    keep(vale, cedar, tell_at=1)
    for _round in range(2):
        report(cedar)
        assert tell_everybody(now=timezone.now()) == 1
    assert FilterUse.objects.get().told == 1


@pytest.mark.privacy
def test_private_reports_are_counted_for_nobody_who_may_not_read_them(
    cedar: Agency, vale: User
) -> None:
    reader = worlds.officer(cedar, "Reader", role=Role.READER, district=None, now=timezone.now())
    keep(reader, cedar, tell_at=1)
    report(cedar, category="neighbor_dispute")
    assert tell_everybody(now=timezone.now()) == 0
    assert not Message.objects.filter(kind=KIND).exists()


@pytest.mark.privacy
def test_who_lost_the_right_or_left_the_team_is_told_nothing(cedar: Agency, vale: User) -> None:
    mate = worlds.officer(cedar, "Officer Moss", district=None, now=timezone.now())
    team = Team.objects.create(agency=cedar, name="Traffic unit")
    TeamMember.objects.create(agency=cedar, team=team, user=vale)
    member = TeamMember.objects.create(agency=cedar, team=team, user=mate)
    saved = filters.save_filter(
        user=vale, agency=cedar, name="All", wanted=Wanted(), sort="newest", team=team
    )
    filters.use_filter(saved=saved, user=mate, is_pinned=True, tell_at=1)
    member.delete()
    report(cedar)
    assert tell_everybody(now=timezone.now()) == 0
    TeamMember.objects.create(agency=cedar, team=team, user=mate)
    User.objects.filter(pk=mate.pk).update(is_active=False)
    assert tell_everybody(now=timezone.now() + timedelta(minutes=1)) == 0


def test_a_filter_is_offered_only_to_a_team_of_ones_own(cedar: Agency, vale: User) -> None:
    team = Team.objects.create(agency=cedar, name="Traffic unit")
    with pytest.raises(filters.CannotSave):
        filters.save_filter(
            user=vale, agency=cedar, name="All", wanted=Wanted(), sort="newest", team=team
        )
    assert not SavedFilter.objects.exists()


def test_a_name_used_again_replaces_the_filter_and_keeps_its_tab(cedar: Agency, vale: User) -> None:
    first = keep(vale, cedar)
    again = keep(vale, cedar, priorities=("high",))
    assert first.pk == again.pk
    assert Wanted.from_json(SavedFilter.objects.get().wanted) == Wanted(priorities=("high",))


def test_what_is_wanted_survives_storage_and_addresses() -> None:
    wanted = Wanted(
        tab="late", states=("accepted",), owners=(0, 7), age="week", deadline="soon", words="wall"
    )
    assert Wanted.from_json(wanted.as_json()) == wanted
    assert (
        Wanted.from_json({"tab": "nowhere", "states": [3], "tags": ["x", -1], "new": 1}) == Wanted()
    )
    assert "wall" not in wanted.as_query()
