"""The whole matrix: every role and permission, at home and elsewhere, by area and by day."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from engagement.people.actions import create_account, grant_role
from engagement.people.models import User
from engagement.people.registry import Permission, known_permissions
from engagement.people.rights import EVERYWHERE, agencies_with, allowed, areas_with, forget_rights
from engagement.people.roles import ROLE_SENTENCES, ROLE_WORDS, Role
from engagement.places.models import Agency, Area
from tests import worlds

pytestmark = pytest.mark.django_db
FIRST, LAST = worlds.NOW, worlds.NOW + timedelta(days=10)
AGENCY_ROLES = [role for role in Role if role != Role.OPERATOR]


@pytest.fixture
def home() -> Agency:
    return worlds.agency()


@pytest.fixture
def other() -> Agency:
    return worlds.agency("eastfield", east=1.0)


def holder(role: Role, agency: Agency | None, areas: tuple[Area, ...] = ()) -> User:
    user = create_account(email=f"{role}@staff.example", name=role, by=worlds.BY, now=FIRST)
    grant_role(
        user=user,
        role=role,
        agency=agency,
        areas=areas,
        from_on=FIRST.date(),
        until_on=LAST.date(),
        by=worlds.BY,
        now=FIRST,
    )
    return user


def wrong(user: User, agency: Agency | None, area: Area | None, expected: set[str]) -> list[str]:
    """Names of permissions whose answer differs from what is expected."""
    forget_rights(user)
    return [
        permission.name
        for permission in known_permissions()
        if allowed(
            user,
            permission.name,
            agency_id=agency.pk if agency else None,
            area_id=area.pk if area else None,
        )
        is not (permission.name in expected)
    ]


def held_by(role: Role) -> set[str]:
    return {permission.name for permission in known_permissions() if role in permission.roles}


@pytest.mark.parametrize("role", AGENCY_ROLES)
def test_a_role_for_one_area_holds_there_and_nowhere_else(
    role: Role, home: Agency, other: Agency
) -> None:
    inside, outside = Area.objects.filter(agency=home, layer="district").order_by("code")
    abroad = Area.objects.filter(agency=other, layer="district").order_by("code")[0]
    user = holder(role, home, (inside,))
    with time_machine.travel(FIRST, tick=False):
        assert wrong(user, home, inside, held_by(role)) == []
        assert wrong(user, home, None, held_by(role)) == []
        assert wrong(user, home, outside, set()) == []
        assert wrong(user, other, None, set()) == []
        assert wrong(user, other, abroad, set()) == []
        assert wrong(user, None, None, set()) == []
        for permission in known_permissions():
            found = areas_with(user, permission.name, home.pk)
            assert found == (frozenset({inside.pk}) if role in permission.roles else frozenset())
            assert areas_with(user, permission.name, other.pk) == frozenset()


@pytest.mark.parametrize("role", AGENCY_ROLES)
def test_a_role_holds_from_its_first_to_its_last_day(
    role: Role, home: Agency, settings: Settings
) -> None:
    area = Area.objects.filter(agency=home, layer="district").order_by("code")[0]
    user = holder(role, home)
    day = timedelta(days=1)
    for moment, expected in (
        (FIRST - day, set()),
        (FIRST, held_by(role)),
        (LAST, held_by(role)),
        (LAST + day, set()),
    ):
        with time_machine.travel(moment, tick=False):
            assert wrong(user, home, None, expected) == [], moment
            assert wrong(user, home, area, expected) == [], moment
    with time_machine.travel(FIRST, tick=False):
        forget_rights(user)
        for permission in known_permissions():
            is_held = role in permission.roles
            assert (areas_with(user, permission.name, home.pk) is EVERYWHERE) is is_held
            assert agencies_with(user, permission.name) == ([home.pk] if is_held else [])
        settings.DEMO = False
        assert wrong(user, home, None, set()) == []
        user.has_fresh_factor = True
        assert wrong(user, home, None, held_by(role)) == []
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert wrong(User.objects.get(pk=user.pk), home, None, set()) == []


def test_the_operator_holds_only_what_is_the_operators(home: Agency) -> None:
    user = holder(Role.OPERATOR, None)
    with time_machine.travel(FIRST, tick=False):
        assert wrong(user, None, None, held_by(Role.OPERATOR)) == []
        assert wrong(user, home, None, held_by(Role.OPERATOR)) == []
    reads = [name for name in held_by(Role.OPERATOR) if name.startswith(("concern", "identity"))]
    assert reads == []


@pytest.mark.parametrize("permission", known_permissions(), ids=lambda one: one.name)
def test_every_permission_says_what_it_allows(permission: Permission) -> None:
    assert len(str(permission.words)) > 8
    assert permission.roles


def test_every_role_says_what_it_is_for() -> None:
    assert set(ROLE_SENTENCES) == set(ROLE_WORDS) == set(Role)


def test_the_written_matrix_is_not_stale() -> None:
    call_command("permissions", "check")
