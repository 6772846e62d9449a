"""Lost factors: taken away by another administrator, by nobody else, and on record."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.account_links import enrolment_path
from engagement.people.factors import add_key, has_factors
from engagement.people.models import User
from engagement.people.recovery import CannotReset, may_reset_factors, reset_factors
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_service")]

VALE = "vale@staff.example"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    user = worlds.officer(cedar, email=VALE, now=timezone.now())
    add_key(user=user, name="blue key", credential={}, now=timezone.now())
    return user


def administrator(at: Agency, name: str = "Administrator") -> User:
    return worlds.officer(at, name, role=Role.AGENCY_ADMIN, district=None, now=timezone.now())


def with_factor(user: User) -> User:
    user.has_fresh_factor = True
    return user


def test_an_administrator_of_the_same_agency_may(cedar: Agency, vale: User) -> None:
    chief = administrator(cedar)
    assert not may_reset_factors(chief, vale)
    assert may_reset_factors(with_factor(chief), vale)


def test_nobody_may_for_themselves_nor_elsewhere_nor_for_the_operator(
    cedar: Agency, vale: User
) -> None:
    chief, operator = with_factor(administrator(cedar)), worlds.operator(now=timezone.now())
    eastfield = worlds.agency("eastfield", east=1.0, now=timezone.now())
    stranger = with_factor(administrator(eastfield, "Stranger"))
    assert not may_reset_factors(chief, chief)
    assert not may_reset_factors(chief, operator)
    assert not may_reset_factors(stranger, vale)
    assert not may_reset_factors(with_factor(vale), chief)
    assert not may_reset_factors(chief, worlds.resident(now=timezone.now()))
    assert may_reset_factors(with_factor(operator), vale)
    assert not may_reset_factors(operator, operator)


def test_whoever_also_works_elsewhere_is_the_operators_affair(cedar: Agency, vale: User) -> None:
    eastfield = worlds.agency("eastfield", east=1.0, now=timezone.now())
    vale.grants.create(
        role=Role.OFFICER, agency=eastfield, from_on=eastfield.day_of(timezone.now())
    )
    assert not may_reset_factors(with_factor(administrator(cedar)), vale)


def test_taking_away_ends_sessions_tells_the_person_and_lets_them_begin_anew(
    cedar: Agency, vale: User
) -> None:
    desk = worlds.trusted(vale)
    assert desk.get("/desk/").status_code == 200
    chief = administrator(cedar)
    reset_factors(vale, by=Actor.staff(chief.pk), now=timezone.now())
    assert not has_factors(vale)
    assert desk.get("/desk/")["Location"].startswith(reverse("account_login"))
    assert Message.objects.filter(kind="account.recovered", contact=vale.contact).count() == 1
    entry = Entry.objects.get(event="FACTORS_RESET")
    assert (entry.actor_user_id, entry.subject_reference) == (chief.pk, str(vale.pk))
    assert enrolment_path(vale.pk) is not None


def test_nobody_takes_away_their_own(vale: User) -> None:
    with pytest.raises(CannotReset):
        reset_factors(vale, by=Actor.staff(vale.pk), now=timezone.now())
    assert has_factors(vale)


def let_begin_anew(client: Client, *people: User) -> None:
    client.post(
        reverse("admin:people_user_changelist"),
        {"action": "let_begin_anew", "_selected_action": [person.pk for person in people]},
    )


def test_the_operator_does_it_in_the_administration_but_not_for_themselves(vale: User) -> None:
    operator = worlds.operator(now=timezone.now())
    add_key(user=operator, name="own", credential={}, now=timezone.now())
    let_begin_anew(worlds.trusted(operator), vale, operator)
    assert not has_factors(vale)
    assert has_factors(operator)


def test_accounts_and_roles_are_changed_with_a_recent_factor_only(vale: User) -> None:
    operator = worlds.operator(now=timezone.now())
    stale = worlds.trusted(operator, age=20 * worlds.MINUTE)
    let_begin_anew(stale, vale)
    assert has_factors(vale)
    for path in (
        reverse("admin:people_grant_add"),
        reverse("admin:people_user_change", args=[vale.pk]),
    ):
        assert stale.get(path)["Location"].startswith(reverse("account_confirm"))
    assert worlds.trusted(operator).get(reverse("admin:people_grant_add")).status_code == 200


def test_locking_an_account_in_the_administration_ends_its_sessions(vale: User) -> None:
    desk = worlds.trusted(vale)
    vale.is_active = False
    vale.save()
    assert desk.get("/desk/")["Location"].startswith(reverse("account_login"))


def test_on_the_server_the_only_operator_begins_anew_and_it_is_on_record() -> None:
    operator = worlds.operator(email="chief@staff.example", now=timezone.now())
    add_key(user=operator, name="own", credential={}, now=timezone.now())
    out = io.StringIO()
    call_command("reset_factors", "Chief@staff.example", "--show-link", stdout=out)
    assert not has_factors(operator)
    assert "/account/enrol/" in out.getvalue()
    assert "chief@" not in out.getvalue().lower()
    assert Entry.objects.get(event="FACTORS_RESET").actor_name == "reset_factors"
    with pytest.raises(CommandError):
        call_command("reset_factors", "nobody@staff.example")
