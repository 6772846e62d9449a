"""Staff give a concern to a team, or take it from one."""

from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions.casework import CannotMove, locked_as_seen, log, save
from concerns.models import Concern, Team, TeamMember
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour


class CannotGiveToTeam(CannotMove):
    """It is done, or that team is of another agency or not in use."""


@transaction.atomic(durable=True)
def give_to_team(
    *,
    concern_id: int,
    seen_version: int,
    team_id: int | None,
    by: Actor,
    now: datetime,
    tell: notices.Tell = notices.new_for_owner,
) -> Concern:
    """Give the concern to a team, or to none. An owner who is not in that team gives it up.

    `tell` is who tells the team. Raises StaleEdit, CannotGiveToTeam.
    """
    concern = locked_as_seen(concern_id, seen_version)
    teams = Team.objects.filter(agency_id=concern.agency_id, is_active=True)
    if not concern.is_open or (team_id is not None and not teams.filter(pk=team_id).exists()):
        raise CannotGiveToTeam(concern)
    before, owner = concern.team_id, concern.owner_id
    concern.team_id = team_id
    if team_id is not None and owner is not None and not _is_member(owner, team_id):
        concern.owner_id = None
    save(concern, "team", "owner")
    payload: dict[str, str | int | bool | None] = {
        "team_from": before,
        "team_to": team_id,
        "from": owner,
        "to": concern.owner_id,
    }
    log("CONCERN_GIVEN_TO_TEAM", concern, by=by, at=floor_to_hour(now), payload=payload)
    if team_id not in (None, before) and concern.owner_id is None:
        tell(concern, now=now)
    return concern


def _is_member(user_id: int, team_id: int) -> bool:
    return TeamMember.objects.filter(team_id=team_id, user_id=user_id).exists()
