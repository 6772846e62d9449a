"""Look-ups over accounts and grants."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency


def still_administers(user: User, agency: Agency, now: datetime) -> bool:
    """Whether what somebody once asked for here still counts: they are the operator or an
    administrator of the agency. Asked of the grants: rights also ask for a second factor, which
    only a session has."""
    administrators = staff_holding(roles=[Role.AGENCY_ADMIN], agency=agency, now=now)
    is_operator = user.is_superuser and user.is_active
    return is_operator or administrators.filter(pk=user.pk).exists()


def staff_holding(*, roles: Iterable[Role], agency: Agency, now: datetime) -> QuerySet[User]:
    """Return the active accounts that hold one of the roles at the agency today, by name."""
    return staff_holding_on(agency.day_of(now), roles=roles, agency_id=agency.pk)


def staff_holding_on(day: Any, *, roles: Iterable[Role], agency_id: Any) -> QuerySet[User]:
    """As `staff_holding`; day and number of the agency may be expressions."""
    grants = Grant.objects.in_force(day).filter(
        agency=agency_id, role__in=[role.value for role in roles]
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id")).order_by(
        "name", "id"
    )
