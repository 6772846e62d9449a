"""Staff are away for some days: their new concerns go to whoever stands in and is there."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions.absences import CannotBeAway, Days, end_absence, set_absence
from concerns.models import Absence, Concern
from concerns.stand_ins import followed, stand_ins_of
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def today(cedar: Agency) -> date:
    return cedar.day_of(timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def reed(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer Reed", district=None, now=timezone.now())


@pytest.fixture
def chief(cedar: Agency) -> User:
    return worlds.officer(
        cedar, "Chief Elm", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )


def away(user: User, cedar: Agency, first: date, last: date, stand_in: User | None) -> Absence:
    return set_absence(
        agency=cedar,
        user_id=user.pk,
        days=Days(first, last),
        stand_in_id=stand_in.pk if stand_in else None,
        by=Actor.staff(user.pk),
        now=timezone.now(),
    )


def owner_of_a_new_one(cedar: Agency) -> User | None:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    return Concern.objects.select_related("owner").get(pk=concern.pk).owner


def test_a_new_concern_goes_to_the_stand_in_on_those_days_alone(
    cedar: Agency, today: date, vale: User, reed: User
) -> None:
    away(vale, cedar, today + DAY, today + 5 * DAY, reed)
    assert owner_of_a_new_one(cedar) == vale
    Absence.objects.update(from_on=today, until_on=today)
    assert owner_of_a_new_one(cedar) == reed
    Absence.objects.update(from_on=today - DAY, until_on=today - DAY)
    assert owner_of_a_new_one(cedar) == vale


def test_it_goes_on_to_who_stands_in_for_the_stand_in(
    cedar: Agency, today: date, vale: User, reed: User, chief: User
) -> None:
    away(vale, cedar, today, today, reed)
    away(reed, cedar, today, today, chief)
    assert owner_of_a_new_one(cedar) == chief


def test_where_everybody_is_away_it_lies_open_with_nobody(
    cedar: Agency, today: date, vale: User, reed: User
) -> None:
    away(vale, cedar, today, today, reed)
    away(reed, cedar, today, today, vale)
    assert owner_of_a_new_one(cedar) is None
    assert stand_ins_of(cedar, today) == {vale.pk: None, reed.pk: None}


def test_without_a_stand_in_it_lies_open_with_nobody(
    cedar: Agency, today: date, vale: User
) -> None:
    away(vale, cedar, today, today, None)
    assert owner_of_a_new_one(cedar) is None


def test_names_are_followed_to_somebody_who_is_there() -> None:
    assert followed({1: 2, 2: 3, 4: None, 5: 6, 6: 5}) == {1: 3, 2: 3, 4: None, 5: None, 6: None}


@pytest.mark.parametrize(
    ("first", "last", "why"), [(2, 1, "order"), (-3, -1, "over"), (0, 400, "too_long")]
)
def test_odd_days_are_refused(
    cedar: Agency, today: date, vale: User, reed: User, first: int, last: int, why: str
) -> None:
    with pytest.raises(CannotBeAway) as error:
        away(vale, cedar, today + first * DAY, today + last * DAY, reed)
    assert error.value.reason == why
    assert not Absence.objects.exists()


def test_days_do_not_overlap_and_a_stand_in_works_here(
    cedar: Agency, today: date, vale: User, reed: User
) -> None:
    away(vale, cedar, today, today + 3 * DAY, reed)
    elsewhere = worlds.officer(
        worlds.agency("eastfield", east=1.0, now=timezone.now()), now=timezone.now()
    )
    for first, stand_in, why in (
        (today + 3 * DAY, reed, "overlap"),
        (today + 9 * DAY, elsewhere, "not_stand_in"),
        (today + 9 * DAY, vale, "not_stand_in"),
    ):
        with pytest.raises(CannotBeAway) as error:
            away(vale, cedar, first, first + DAY, stand_in)
        assert error.value.reason == why
    assert Absence.objects.count() == 1


def test_somebody_is_back_at_once_and_history_says_so(
    cedar: Agency, today: date, vale: User, reed: User
) -> None:
    absence = away(vale, cedar, today - DAY, today + 5 * DAY, reed)
    end_absence(absence_id=absence.pk, by=Actor.staff(vale.pk), now=timezone.now())
    assert owner_of_a_new_one(cedar) == vale
    assert Absence.objects.get().until_on == today - DAY
    events = Entry.objects.filter(event__startswith="ABSENCE_").order_by("id")
    assert [entry.event for entry in events] == ["ABSENCE_SET", "ABSENCE_ENDED"]


def test_one_that_has_not_begun_is_taken_back_whole(
    cedar: Agency, today: date, vale: User, reed: User
) -> None:
    absence = away(vale, cedar, today, today + 5 * DAY, reed)
    end_absence(absence_id=absence.pk, by=Actor.staff(vale.pk), now=timezone.now())
    assert not Absence.objects.exists()


def form(
    first: date, last: date, stand_in: User | None = None, **more: object
) -> dict[str, object]:
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "stand_in": str(stand_in.pk) if stand_in else "",
        **more,
    }


def test_an_officer_sets_their_own_days_and_nobody_elses(
    cedar: Agency, today: date, vale: User, reed: User
) -> None:
    desk = worlds.signed_in(vale)
    assert "Who is away" not in desk.get("/desk/absences/").content.decode()
    desk.post("/desk/absences/", form(today, today, reed, person=str(reed.pk)))
    assert Absence.objects.get().user == vale
    other = away(reed, cedar, today, today, None)
    assert desk.post(f"/desk/absences/{other.pk}/end/").status_code == 404
    assert Absence.objects.count() == 2
    page = worlds.signed_in(reed).get("/desk/").content.decode()
    assert "You stand in for Officer Vale" in page


def test_a_supervisor_sets_anybodys_and_is_told_that_the_stand_in_is_away_too(
    cedar: Agency, today: date, vale: User, reed: User, chief: User
) -> None:
    desk = worlds.signed_in(chief)
    desk.post("/desk/absences/", form(today, today + DAY, reed, person=str(vale.pk)))
    assert "away too" not in desk.get("/desk/workload/").content.decode()
    desk.post("/desk/absences/", form(today + DAY, today + DAY, None, person=str(reed.pk)))
    page = desk.get("/desk/workload/").content.decode()
    assert "The stand-in is away too" in page
    assert "away, and so is the stand-in" in page


def test_a_refused_form_says_beside_the_days_what_is_wrong(today: date, vale: User) -> None:
    answer = worlds.signed_in(vale).post("/desk/absences/", form(today, today - DAY))
    assert answer.status_code == 422
    assert "The last day must not be before the first day." in answer.content.decode()


def test_absences_of_another_agency_do_not_exist(cedar: Agency, today: date, vale: User) -> None:
    absence = away(vale, cedar, today, today, None)
    eastfield = worlds.agency("eastfield", east=1.0, now=timezone.now())
    boss = worlds.officer(
        eastfield, "Boss", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    elsewhere: Client = worlds.signed_in(boss)
    assert "Officer Vale" not in elsewhere.get("/desk/absences/").content.decode()
    assert elsewhere.post(f"/desk/absences/{absence.pk}/end/").status_code == 404
    assert Absence.objects.get().until_on == today
