"""Look-ups over organisations and their people."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from engagement.groups.models import Organisation, OrganisationMember
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.models import Agency


def offered_at(agency: Agency) -> QuerySet[Organisation]:
    """Those that can be given work now, by name."""
    return Organisation.objects.of(agency).in_use().order_by("name", "id")


def works_for(user: User, agency: Agency) -> QuerySet[Organisation]:
    """Those in use at the agency that this person works for; the role is asked at the door."""
    mine = OrganisationMember.objects.filter(organisation=OuterRef("pk"), user=user)
    return Organisation.objects.of(agency).in_use().filter(Exists(mine)).order_by("name", "id")


def members_of(organisation: Organisation, *, now: datetime) -> list[tuple[User, bool]]:
    """Its people by name, and whether they may sign in as partners today. Two queries."""
    partners = set(
        staff_holding(roles=[Role.PARTNER], agency=organisation.agency, now=now).values_list(
            "pk", flat=True
        )
    )
    rows = organisation.members.select_related("user").order_by("user__name", "user_id")
    return [(row.user, row.user_id in partners) for row in rows]


def who_could_join(organisation: Organisation, *, now: datetime) -> QuerySet[User]:
    """Partners of the agency who do not work for it yet, by name."""
    return staff_holding(roles=[Role.PARTNER], agency=organisation.agency, now=now).exclude(
        pk__in=organisation.members.values("user_id")
    )
