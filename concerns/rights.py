"""Whether somebody may press a verb on a case: the right of their role, at that place."""

from django.db.models import Q

from concerns.models import Concern, TeamMember
from engagement.people.models import User
from engagement.people.rights import Everywhere, allowed, areas_with


def may(user: User, permission: str, concern: Concern) -> bool:
    """In the areas of their grant, or anywhere once the concern is theirs or their team's; what
    lies outside every area needs a grant for the whole agency. No query after the first question
    about a user, and one about their teams where a team has it.
    """
    if concern.owner_id == user.pk or concern.team_id in _teams_of(user, concern):
        return allowed(user, permission, agency_id=concern.agency_id)
    areas = areas_with(user, permission, concern.agency_id)
    return isinstance(areas, Everywhere) or concern.area_id in areas


def within(user: User, permission: str, agency_id: int) -> Q:
    """The same question as a condition over concerns of one agency, for lists."""
    areas = areas_with(user, permission, agency_id)
    if isinstance(areas, Everywhere):
        return Q()
    if not allowed(user, permission, agency_id=agency_id):
        return Q(pk__in=[])
    teams = TeamMember.objects.filter(user=user).values("team_id")
    return Q(owner=user) | Q(team__in=teams) | Q(area__in=sorted(areas))


def _teams_of(user: User, concern: Concern) -> frozenset[int | None]:
    """Asked only where a team has the concern; a request asks once."""
    if concern.team_id is None:
        return frozenset()
    known: frozenset[int | None] | None = user.__dict__.get("_teams")
    if known is None:
        rows = TeamMember.objects.filter(user=user).order_by("id")
        known = user.__dict__["_teams"] = frozenset(rows.values_list("team_id", flat=True))
    return known
