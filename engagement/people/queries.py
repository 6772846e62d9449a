"""Look-ups over accounts and grants."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from engagement.people.models import Grant, User
from engagement.people.roles import Role
from engagement.places.models import Agency


def staff_holding(*, roles: Iterable[Role], agency: Agency, now: datetime) -> QuerySet[User]:
    """Return the active accounts that hold one of the roles at the agency today, by name."""
    grants = Grant.objects.in_force(agency.day_of(now)).filter(
        agency=agency, role__in=[role.value for role in roles]
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id")).order_by(
        "name", "id"
    )
