"""Two administrators end each other's roles at the same moment: one of them stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.people.actions import CannotGrant
from engagement.people.departures import CannotLeave, leave
from engagement.people.granting import end_grant
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds


def let_go(user: User, agency: Agency, by: Actor) -> None:
    leave(user=user, agency=agency, hand_to=None, by=by, now=timezone.now())


def end_role(user: User, agency: Agency, by: Actor) -> None:
    end_grant(grant=user.grants.get(), by=by, now=timezone.now())


@pytest.mark.parametrize("end", [let_go, end_role])
def test_an_agency_is_not_left_to_nobody(
    committed_database: str, end: Callable[[User, Agency, Actor], None]
) -> None:
    now = timezone.now()
    cedar = worlds.agency(now=now)
    one, other = (
        worlds.officer(cedar, name, role=Role.AGENCY_ADMIN, district=None, now=now)
        for name in ("One", "Other")
    )
    start = Barrier(2)

    def press(pair: tuple[User, User]) -> bool:
        start.wait()
        try:
            end(pair[0], cedar, Actor.staff(pair[1].pk))
        except (CannotGrant, CannotLeave):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as windows:
        assert sorted(windows.map(press, [(one, other), (other, one)])) == [False, True]
    assert staff_holding(roles=[Role.AGENCY_ADMIN], agency=cedar, now=timezone.now()).count() == 1
