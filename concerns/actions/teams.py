"""Making, renaming and retiring teams; who is in them and who hears of new work."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from concerns.models import ClockSettings, Team, TeamMember
from concerns.querysets import READ
from concerns.words import clean_line
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.payloads import PayloadValue
from engagement.audit.subjects import Subject
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.places.models import Agency

SUBJECT = "team"


class CannotKeepTeam(ValueError):
    """The name is empty or taken, the team is gone, or somebody named may not read concerns."""


@transaction.atomic(durable=True)
def save_team(*, agency: Agency, team_id: int | None, name: str, by: Actor, now: datetime) -> Team:
    """Make a team (team_id None) or rename one. Raises CannotKeepTeam."""
    told = clean_line(name)
    taken = Team.objects.filter(agency=agency, name__iexact=told).exclude(pk=team_id or 0)
    if not told or taken.exists():
        raise CannotKeepTeam
    team = Team(agency=agency) if team_id is None else _locked(agency, team_id)
    team.name = told
    team.save()
    _log("TEAM_SAVED", team, by=by, now=now, payload={"is_new": team_id is None})
    return team


@transaction.atomic(durable=True)
def retire_team(*, agency: Agency, team_id: int, is_active: bool, by: Actor, now: datetime) -> Team:
    """Take a team out of use, or back into it; what it has stays with it. Raises CannotKeepTeam."""
    team = _locked(agency, team_id)
    team.is_active = is_active
    team.save(update_fields=["is_active"])
    _log("TEAM_RETIRED", team, by=by, now=now, payload={"is_active": is_active})
    return team


@transaction.atomic(durable=True)
def set_members(
    *,
    agency: Agency,
    team_id: int,
    members: Iterable[int],
    hearing: Iterable[int],
    by: Actor,
    now: datetime,
) -> Team:
    """Say who is in the team, and who of them gets a mail when it gets new work.

    Raises CannotKeepTeam when one of them may not read concerns of the agency.
    """
    team = _locked(agency, team_id)
    wanted, mailed = set(members), set(hearing)
    readers = staff_holding(roles=permission(READ).roles, agency=agency, now=now)
    if readers.filter(pk__in=wanted).count() != len(wanted):
        raise CannotKeepTeam
    team.members.exclude(user_id__in=wanted).delete()
    TeamMember.objects.bulk_create(
        [
            TeamMember(agency=agency, team=team, user_id=each, hears_of_new=each in mailed)
            for each in sorted(wanted)
        ],
        update_conflicts=True,
        unique_fields=["team", "user"],
        update_fields=["hears_of_new"],
    )
    payload: dict[str, PayloadValue] = {"members": len(wanted), "hearing": len(wanted & mailed)}
    _log("TEAM_MEMBERS_CHANGED", team, by=by, now=now, payload=payload)
    return team


@transaction.atomic(durable=True)
def set_escalation(*, agency: Agency, days: int | None, by: Actor, now: datetime) -> None:
    """Say how many business days after a deadline supervisors hear of it; None: never."""
    ClockSettings.objects.update_or_create(agency=agency, defaults={"escalate_after": days})
    record(
        "CLOCKS_CHANGED",
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
        payload={"escalate_after": days},
    )


def _locked(agency: Agency, team_id: int) -> Team:
    team = Team.objects.select_for_update().filter(agency=agency, pk=team_id).first()
    if team is None:
        raise CannotKeepTeam
    return team


def _log(
    event: str, team: Team, *, by: Actor, now: datetime, payload: dict[str, PayloadValue]
) -> None:
    record(
        event,
        by=by,
        subject=Subject(SUBJECT, str(team.pk)),
        agency_id=team.agency_id,
        now=now,
        payload=payload,
    )
