"""Rules in use that cannot send where they say, found in the database for the dashboard."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from concerns.models import RoutingRule, TeamMember
from concerns.querysets import READ
from concerns.routing import Target
from engagement.people.models import Grant
from engagement.people.registry import permission
from engagement.places.models import Agency


def broken_rules(agency: Agency, on: Any) -> QuerySet[RoutingRule]:
    """Return the rules in use whose person, team or organisation is gone on that day, which may be
    an expression; the page of the rules says more of each."""
    roles = [role.value for role in permission(READ).roles]
    grants = Grant.objects.in_force(on).filter(role__in=roles, agency=agency, user__is_active=True)
    members = TeamMember.objects.filter(team=OuterRef("team_id")).filter(
        Exists(grants.filter(user=OuterRef("user_id")))
    )
    gone = Q(target=Target.PERSON) & ~Exists(grants.filter(user=OuterRef("person_id")))
    empty = Q(target=Target.TEAM) & (Q(team__is_active=False) | ~Exists(members))
    retired = Q(target=Target.ORGANISATION, organisation__is_active=False)
    return RoutingRule.objects.filter(gone | empty | retired, agency=agency, is_active=True)
