"""How the invented police arrange their desk: organisations, teams, rules, absence, duty.

Every name says that it is invented. It stands before the first report comes in, so that reports
are routed by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from concerns.actions.absences import Days, set_absence
from concerns.actions.paging import put_on_duty
from concerns.actions.rules import RuleDraft, save_rule
from concerns.actions.teams import save_team, set_members
from concerns.models import Category, Team
from concerns.models.concern import Priority
from concerns.routing import Target
from engagement.audit.actors import Actor
from engagement.groups.actions import Details, add_member, keep_organisation
from engagement.groups.models import Organisation, OrganisationKind, TakesBy
from engagement.people.models import User
from engagement.places.models import Agency
from portal.demonstration.accounts import DOMAIN

ASSOCIATION, STREETS, BUILDINGS, CITY_311 = "association", "streets", "buildings", "city-311"
AWAY_FOR = timedelta(days=6)
ON_DUTY_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Partner:
    name: str
    kind: OrganisationKind
    takes_by: TakesBy
    form_url: str = ""


PARTNERS = {
    ASSOCIATION: Partner(
        "Orchard Park Association (invented)", OrganisationKind.ASSOCIATION, TakesBy.ACCOUNT
    ),
    STREETS: Partner("Street Department (invented)", OrganisationKind.DEPARTMENT, TakesBy.LINK),
    BUILDINGS: Partner("Building Department (invented)", OrganisationKind.DEPARTMENT, TakesBy.MAIL),
    CITY_311: Partner(
        "Cedar Bend 311 (invented)",
        OrganisationKind.CITY_311,
        TakesBy.FORM,
        form_url=f"https://311.{DOMAIN}/new",
    ),
}
TRAFFIC, OUTREACH = "Traffic team (invented)", "Outreach team (invented)"
TEAMS = {TRAFFIC: ("officer", "officer-river"), OUTREACH: ("officer", "officer-south")}


def set_up_desk(
    agency: Agency, users: Mapping[str, User], *, now: datetime
) -> dict[str, Organisation]:
    """Make it all as the invented administrator and supervisor would; organisations by key."""
    by = Actor.staff(users["admin"].pk)
    partners = {
        key: _organisation(agency, key, partner, by=by, now=now)
        for key, partner in PARTNERS.items()
    }
    member = users["partner"].pk
    add_member(organisation=partners[ASSOCIATION], user_id=member, by=by, now=now)
    supervisor = users["supervisor"]
    lead = Actor.staff(supervisor.pk)
    teams = {
        name: _team(agency, name, [users[one].pk for one in members], by=lead, now=now)
        for name, members in TEAMS.items()
    }
    for draft in _rules(agency, teams, partners[STREETS]):
        save_rule(agency=agency, rule_id=None, seen_version=0, draft=draft, by=lead, now=now)
    _staff(agency, users, by=lead, now=now)
    return partners


def _organisation(
    agency: Agency, key: str, partner: Partner, *, by: Actor, now: datetime
) -> Organisation:
    has_mails = partner.takes_by != TakesBy.FORM
    details = Details(
        name=partner.name,
        kind=partner.kind,
        takes_by=partner.takes_by,
        email=f"{key}@{DOMAIN}" if has_mails else "",
        languages=["en"],
        form_url=partner.form_url,
        endpoint_url="",
        jurisdiction="",
        endpoint_key="",
        is_active=True,
    )
    return keep_organisation(agency=agency, organisation_id=None, details=details, by=by, now=now)


def _team(agency: Agency, name: str, members: list[int], *, by: Actor, now: datetime) -> Team:
    team = save_team(agency=agency, team_id=None, name=name, by=by, now=now)
    set_members(agency=agency, team_id=team.pk, members=members, hearing=(), by=by, now=now)
    return team


def _rules(
    agency: Agency, teams: Mapping[str, Team], streets: Organisation
) -> tuple[RuleDraft, ...]:
    return (
        RuleDraft(
            name="People who sleep outside",
            target=Target.TEAM,
            team_id=teams[OUTREACH].pk,
            categories=_categories(agency, "encampment"),
        ),
        RuleDraft(
            name="On the way to school",
            target=Target.TEAM,
            team_id=teams[TRAFFIC].pk,
            categories=_categories(agency, "school_zone"),
            gives_priority=Priority.HIGH,
        ),
        RuleDraft(
            name="Lights and holes",
            target=Target.ORGANISATION,
            organisation_id=streets.pk,
            categories=_categories(agency, "light_signal_sign", "road_hazard"),
        ),
    )


def _categories(agency: Agency, *codes: str) -> tuple[int, ...]:
    found = Category.objects.filter(agency=agency, code__in=codes).order_by("sort")
    return tuple(found.values_list("pk", flat=True))


def _staff(agency: Agency, users: Mapping[str, User], *, by: Actor, now: datetime) -> None:
    """One is away this week, and the supervisor hears of danger for as long as one may."""
    today = agency.day_of(now)
    set_absence(
        agency=agency,
        user_id=users["officer-mill"].pk,
        days=Days(today, today + AWAY_FOR),
        stand_in_id=users["officer-south"].pk,
        by=by,
        now=now,
    )
    put_on_duty(
        agency=agency,
        user_id=users["supervisor"].pk,
        from_at=now,
        until_at=now + ON_DUTY_FOR,
        phone="",
        by=by,
        now=now,
    )
