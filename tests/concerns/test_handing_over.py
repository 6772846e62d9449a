"""Who leaves hands on their work; nothing of theirs stays with somebody who cannot open it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from concerns.actions import triage
from concerns.models import Concern
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.people.actions import grant_role
from engagement.people.departures import CannotLeave, follow_departures, hand_over, leave
from engagement.people.models import AreaAssignment, Departure, Grant, Invitation, Session, User
from engagement.people.roles import Role
from engagement.people.staffing_registry import hand_over_step
from engagement.places.models import Agency
from tests import worlds
from tests.engagement.people.test_invitations import invited

pytestmark = pytest.mark.django_db
NOW = worlds.NOW
EARLIER = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=EARLIER)


@pytest.fixture
def boss(cedar: Agency) -> User:
    return worlds.officer(cedar, "Chief Clerk", role=Role.AGENCY_ADMIN, district=None, now=EARLIER)


@pytest.fixture
def leaver(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer Gone", now=EARLIER)


def left(user: User, agency: Agency, boss: User, hand_to: User | None = None) -> None:
    departure = leave(
        user=user, agency=agency, hand_to=hand_to, by=worlds.Actor.staff(boss.pk), now=NOW
    )
    assert hand_over(departure=departure, now=NOW)


def test_the_named_colleague_gets_the_open_work(cedar: Agency, boss: User, leaver: User) -> None:
    heir = worlds.officer(cedar, "Officer Heir", district=None, now=EARLIER)
    concerns = [worlds.reported(cedar).concern for _each in range(3)]
    assert {concern.owner_id for concern in concerns} == {leaver.pk}
    left(leaver, cedar, boss, hand_to=heir)
    assert set(Concern.objects.values_list("owner_id", flat=True)) == {heir.pk}
    told = Message.objects.get(kind="concerns.handed_over", contact=heir.contact)
    kind = kind_named(told.kind)
    assert kind.still_true(told)
    assert kind.context(told)["link"].endswith("/desk/concerns/?show=mine")
    assert not Message.objects.filter(kind="concerns.new_for_owner", contact=heir.contact).exists()
    assert Entry.objects.filter(event="CONCERN_ASSIGNED").count() == 3
    Concern.objects.update(owner=None)
    assert not kind.still_true(told)


def test_what_its_reporter_may_open_again_is_passed_on_too(
    cedar: Agency, boss: User, leaver: User
) -> None:
    worlds.reported(cedar)
    by = worlds.Actor.staff(leaver.pk)
    pk = Concern.objects.get().pk
    triage.accept(concern_id=pk, seen_version=1, by=by, now=NOW)
    triage.start(concern_id=pk, seen_version=2, by=by, now=NOW)
    triage.resolve(concern_id=pk, seen_version=3, outcome="fixed", words="Done.", by=by, now=NOW)
    left(leaver, cedar, boss)
    assert Concern.objects.get().owner_id is None


def test_without_a_name_the_areas_lead_gets_it_else_nobody(
    cedar: Agency, boss: User, leaver: User
) -> None:
    worlds.reported(cedar)
    left(leaver, cedar, boss)
    assert Concern.objects.get().owner_id is None
    assert not Departure.objects.filter(is_done=False).exists()


def test_everything_that_opened_doors_is_gone(cedar: Agency, boss: User, leaver: User) -> None:
    client = worlds.signed_in(leaver)
    assert client.get("/desk/").status_code == 200
    left(leaver, cedar, boss)
    assert client.get("/desk/")["Location"].startswith("/account/login/")
    assert not Session.objects.filter(user=leaver).exists()
    assert not Grant.objects.in_force(NOW.date()).filter(user=leaver).exists()
    assert not AreaAssignment.objects.in_force(NOW.date()).filter(user=leaver).exists()
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert not worlds.reported(cedar).concern.owner_id


def test_roles_elsewhere_stay(cedar: Agency, boss: User, leaver: User) -> None:
    east = worlds.agency("eastfield", east=1.0, now=EARLIER)
    grant_role(
        user=leaver,
        role=Role.READER,
        agency=east,
        from_on=EARLIER.date(),
        by=worlds.BY,
        now=EARLIER,
    )
    left(leaver, cedar, boss)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert Grant.objects.in_force(NOW.date()).get(user=leaver).agency == east


def test_invitations_of_somebody_who_leaves_stop(cedar: Agency, boss: User) -> None:
    second = worlds.officer(cedar, "Second", role=Role.AGENCY_ADMIN, district=None, now=EARLIER)
    invited(cedar, second)
    left(second, cedar, boss)
    assert not Invitation.objects.open(NOW).exists()


def test_nobody_leaves_by_their_own_hand_nor_hands_to_a_stranger(
    cedar: Agency, boss: User, leaver: User
) -> None:
    worlds.reported(cedar)
    stranger = worlds.resident()
    for user, heir in ((boss, None), (leaver, stranger), (leaver, leaver)):
        with pytest.raises(CannotLeave):
            leave(
                user=user,
                agency=cedar,
                hand_to=heir,
                by=worlds.Actor.staff(boss.pk),
                now=NOW,
            )
    assert Concern.objects.get().owner_id == leaver.pk
    assert Grant.objects.in_force(NOW.date()).filter(agency=cedar).count() == 2


def test_a_role_that_ends_by_its_date_is_followed_by_the_sweep(cedar: Agency, leaver: User) -> None:
    worlds.reported(cedar)
    Grant.objects.filter(user=leaver).update(until_on=NOW.date())
    assert follow_departures(now=NOW) == 0
    assert Concern.objects.get().owner_id == leaver.pk
    tomorrow = NOW + timedelta(days=1)
    assert follow_departures(now=tomorrow) == 1
    assert Concern.objects.get().owner_id is None
    assert follow_departures(now=tomorrow) == 0


def test_whoever_keeps_another_desk_role_keeps_the_work(
    cedar: Agency, boss: User, leaver: User
) -> None:
    worlds.reported(cedar)
    grant_role(
        user=leaver,
        role=Role.SUPERVISOR,
        agency=cedar,
        from_on=NOW.date(),
        by=worlds.BY,
        now=NOW,
    )
    Grant.objects.filter(user=leaver, role="officer").update(until_on=EARLIER.date())
    follow_departures(now=NOW)
    assert Concern.objects.get().owner_id == leaver.pk


def test_work_that_cannot_be_passed_on_keeps_nobody_elses_back(
    cedar: Agency, leaver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.reported(cedar)
    stuck = worlds.officer(cedar, "Officer Reed", district="2", now=EARLIER)
    departures = [
        Departure.objects.create(agency=cedar, user=user, left_on=NOW.date())
        for user in (stuck, leaver)
    ]
    Grant.objects.filter(user__in=(stuck, leaver)).update(until_on=EARLIER.date())

    def break_down(departure: Departure, **given: Any) -> int:
        if departure.user_id == stuck.pk:
            raise RuntimeError("broken")
        return hand_over_step(departure, **given)

    monkeypatch.setattr("engagement.people.departures.hand_over_step", break_down)
    assert follow_departures(now=NOW) == 1
    assert Concern.objects.get().owner_id is None
    done = [Departure.objects.get(pk=departure.pk).is_done for departure in departures]
    assert done == [False, True]
