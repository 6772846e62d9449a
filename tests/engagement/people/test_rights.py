"""Who may do what, where and until when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from engagement.audit.actors import Actor
from engagement.people import registry, rights
from engagement.people.actions import CannotGrant, assign_area, create_account, grant_role
from engagement.people.models import GrantArea, User
from engagement.people.registry import Permission, UnknownPermission
from engagement.people.roles import Role
from engagement.places.models import Agency, Area

NOW = datetime(2026, 11, 18, 15, 42, tzinfo=UTC)
TODAY = NOW.date()
BY = Actor.task("test")
TRIAGE = "trial.triage"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trial_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_permissions", dict(registry._permissions))
    registry.register_permission(
        Permission(TRIAGE, "Decide", frozenset({Role.OFFICER, Role.SUPERVISOR}))
    )


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here() -> Agency:
    return Agency.objects.create(slug="here", name="Here Police", timezone="America/Chicago")


@pytest.fixture
def elsewhere() -> Agency:
    return Agency.objects.create(slug="elsewhere", name="Elsewhere Police")


def an_area(agency: Agency, code: str = "1") -> Area:
    return Area.objects.create(
        agency=agency, layer="district", code=code, name=f"District {code}", slug=f"d{code}"
    )


@pytest.fixture
def ada() -> User:
    return create_account(email="ada@staff.example", name="Ofc. Ada", by=BY, now=NOW)


def give(user: User, role: Role, agency: Agency | None, **more: object) -> None:
    values = {"from_on": TODAY, "by": BY, "now": NOW, **more}
    grant_role(user=user, role=role, agency=agency, **values)  # type: ignore[arg-type]
    rights.forget_rights(user)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_named_roles_hold_a_permission(role: Role, here: Agency, ada: User) -> None:
    give(ada, role, None if role is Role.OPERATOR else here)
    holds = role in (Role.OFFICER, Role.SUPERVISOR)
    assert rights.allowed(ada, TRIAGE, agency_id=here.pk) is holds
    assert rights.agencies_with(ada, TRIAGE) == ([here.pk] if holds else [])


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_find_work_there_have_a_desk(role: Role, here: Agency, ada: User) -> None:
    give(ada, role, None if role is Role.OPERATOR else here)
    with_work = {
        Role.OFFICER,
        Role.SUPERVISOR,
        Role.DISPATCHER,
        Role.MODERATOR,
        Role.CUSTODIAN,
        Role.ORGANISER,
        Role.AGENCY_ADMIN,
        Role.READER,
    }
    assert rights.is_desk_member(ada) is (role in with_work)


def test_residents_and_strangers_hold_nothing(here: Agency) -> None:
    resident = create_account(email="r@home.example", by=BY, now=NOW)
    for person in (resident, AnonymousUser()):
        assert not rights.allowed(person, TRIAGE, agency_id=here.pk)
        assert not rights.agencies_with(person, TRIAGE)
        assert rights.areas_with(person, TRIAGE, here.pk) == frozenset()
        assert not rights.is_desk_member(person)


def test_a_grant_says_nothing_about_another_agency(
    here: Agency, elsewhere: Agency, ada: User
) -> None:
    give(ada, Role.SUPERVISOR, here)
    assert not rights.allowed(ada, TRIAGE, agency_id=elsewhere.pk)
    assert not rights.allowed(ada, TRIAGE, agency_id=None)


def test_a_grant_for_areas_ends_at_their_border(here: Agency, ada: User) -> None:
    first, second = an_area(here, "1"), an_area(here, "2")
    give(ada, Role.OFFICER, here, areas=[first])
    assert rights.allowed(ada, TRIAGE, agency_id=here.pk)
    assert rights.allowed(ada, TRIAGE, agency_id=here.pk, area_id=first.pk)
    assert not rights.allowed(ada, TRIAGE, agency_id=here.pk, area_id=second.pk)
    assert rights.areas_with(ada, TRIAGE, here.pk) == frozenset({first.pk})
    give(ada, Role.SUPERVISOR, here)
    assert rights.areas_with(ada, TRIAGE, here.pk) is rights.EVERYWHERE


@pytest.mark.parametrize(
    ("from_on", "until_on", "holds"),
    [
        (date(2026, 11, 18), None, True),
        (date(2026, 11, 19), None, False),
        (date(2026, 11, 1), date(2026, 11, 18), True),
        (date(2026, 11, 1), date(2026, 11, 17), False),
    ],
)
def test_a_grant_holds_between_its_days(
    from_on: date, until_on: date | None, holds: bool, here: Agency, ada: User
) -> None:
    give(ada, Role.OFFICER, here, from_on=from_on, until_on=until_on)
    assert rights.allowed(ada, TRIAGE, agency_id=here.pk) is holds


def test_the_last_day_ends_at_the_agencys_midnight(here: Agency, ada: User) -> None:
    give(ada, Role.OFFICER, here, until_on=date(2026, 11, 18))
    for moment, holds in (("2026-11-19T05:59:00Z", True), ("2026-11-19T06:00:00Z", False)):
        with time_machine.travel(moment, tick=False):
            rights.forget_rights(ada)
            assert rights.allowed(ada, TRIAGE, agency_id=here.pk) is holds


def test_a_locked_account_holds_nothing(here: Agency, ada: User) -> None:
    give(ada, Role.OFFICER, here)
    ada.is_active = False
    assert not rights.allowed(ada, TRIAGE, agency_id=here.pk)


def test_outside_a_demonstration_a_password_alone_opens_nothing(
    here: Agency, ada: User, settings: Settings
) -> None:
    give(ada, Role.OFFICER, here)
    boss = create_account(email="o@staff.example", name="Op", is_operator=True, by=BY, now=NOW)
    settings.DEMO = False
    assert not rights.allowed(ada, TRIAGE, agency_id=here.pk)
    assert not rights.allowed(boss, "installation.operate", agency_id=None)
    assert not boss.has_perm("people.view_user")


def test_the_operator_runs_the_installation_and_reads_no_concern(here: Agency) -> None:
    boss = create_account(email="o@staff.example", name="Op", is_operator=True, by=BY, now=NOW)
    assert rights.allowed(boss, "installation.operate", agency_id=None)
    assert not rights.allowed(boss, TRIAGE, agency_id=here.pk)


def test_all_questions_of_a_request_cost_one_query(
    here: Agency, elsewhere: Agency, ada: User
) -> None:
    for code in "123":
        give(ada, Role.OFFICER, here, areas=[an_area(here, code)])
    give(ada, Role.READER, elsewhere)
    with CaptureQueriesContext(connection) as queries:
        for agency in (here, elsewhere):
            rights.allowed(ada, TRIAGE, agency_id=agency.pk)
            rights.areas_with(ada, TRIAGE, agency.pk)
        rights.agencies_with(ada, TRIAGE)
        rights.is_desk_member(ada)
    assert len(queries) == 1


def test_a_mistyped_permission_is_an_error_and_not_a_no(here: Agency, ada: User) -> None:
    with pytest.raises(UnknownPermission):
        rights.allowed(ada, "trial.tirage", agency_id=here.pk)


def test_areas_of_another_agency_are_refused_by_action_and_database(
    here: Agency, elsewhere: Agency, ada: User
) -> None:
    foreign = an_area(elsewhere)
    with pytest.raises(CannotGrant):
        give(ada, Role.OFFICER, here, areas=[foreign])
    assert not ada.grants.exists()
    give(ada, Role.OFFICER, here)

    @transaction.atomic
    def past_the_action() -> None:
        GrantArea.objects.create(agency=here, grant=ada.grants.get(), area=foreign)
        connection.check_constraints()

    with pytest.raises(IntegrityError):
        past_the_action()


def test_an_area_has_one_lead_at_a_time(here: Agency, ada: User) -> None:
    area = an_area(here)
    assign_area(user=ada, area=area, from_on=TODAY, by=BY, now=NOW)
    bob = create_account(email="bob@staff.example", name="Ofc. Bob", by=BY, now=NOW)
    with pytest.raises(CannotGrant):
        assign_area(user=bob, area=area, from_on=TODAY, by=BY, now=NOW)
    assign_area(user=bob, area=area, from_on=TODAY, is_lead=False, by=BY, now=NOW)
