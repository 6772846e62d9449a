"""Rules and routes in words, for pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concerns.models import RoutingRule, Team
from concerns.models.clocks import Stage
from concerns.models.concern import Channel, Priority
from concerns.models.rules import TARGET_WORDS, TROUBLE_WORDS, Cause
from concerns.routing import Route, Target, Trouble
from engagement.groups.models import Organisation
from engagement.people.models import User

# So many names of a list stand in a sentence; the others are counted.
NAMED = 4


def hour_words(hour: int) -> str:
    return time_format(time(hour), "TIME_FORMAT")


def conditions_of(rule: RoutingRule) -> list[str]:
    """Return each condition as a sentence; expects categories and areas read with the rule."""
    lines = [
        (_("Category: %(list)s"), [str(each.category) for each in rule.categories.all()]),
        (_("Area: %(list)s"), [each.area.name for each in rule.areas.all()]),
        (_("Day: %(list)s"), [str(WEEKDAYS[day]) for day in sorted(rule.weekdays)]),
        (_("Came by: %(list)s"), [str(Channel(each).label) for each in rule.channels]),
        (_("Priority: %(list)s"), [str(Priority(each).label) for each in rule.priorities]),
        (_("Answer: %(list)s"), [str(words) for _code, words in rule.answers]),
    ]
    told = [words % {"list": _listed(names)} for words, names in lines if names]
    if rule.from_hour is not None and rule.until_hour is not None:
        hours = {"start": hour_words(rule.from_hour), "end": hour_words(rule.until_hour)}
        told.append(_("From %(start)s to %(end)s") % hours)
    return told or [_("Every concern")]


def target_of(rule: RoutingRule) -> str:
    """Return to whom a rule sends; expects team, person and organisation read with it."""
    if rule.target == Target.TEAM:
        return _("Team %(name)s") % {"name": rule.team}
    if rule.target == Target.PERSON:
        return str(rule.person)
    if rule.target == Target.ORGANISATION:
        return _("The officer of the area, to hand it on to %(name)s") % {"name": rule.organisation}
    return str(TARGET_WORDS[Target.AREA])


def trouble_words(troubles: Iterable[Trouble]) -> list[str]:
    return [str(TROUBLE_WORDS[each]) for each in troubles]


@dataclass(frozen=True)
class Names:
    """Names of those to whom routes lead; three queries for any number of them."""

    teams: Mapping[int, str]
    people: Mapping[int, str]
    organisations: Mapping[int, str]

    @classmethod
    def of(cls, goals: Iterable[tuple[int | None, int | None, int | None]]) -> "Names":
        found = list(goals)
        return cls(
            _names(Team, [team for team, _person, _body in found]),
            _names(User, [person for _team, person, _body in found]),
            _names(Organisation, [body for _team, _person, body in found]),
        )

    def told(self, goal: tuple[int | None, int | None, int | None]) -> str:
        """Say it in words: team, person, and where it is proposed to be handed on."""
        team, person, body = goal
        words = _("nobody: it waits in the queue")
        if person is not None:
            words = self.people.get(person, "")
        elif team is not None:
            words = _("Team %(name)s") % {"name": self.teams.get(team, "")}
        if body is None:
            return words
        named = {"who": words, "organisation": self.organisations.get(body, "")}
        return _("%(who)s, to hand it on to %(organisation)s") % named


def goal_of(found: Route) -> tuple[int | None, int | None, int | None]:
    return (*found.goes_to, found.organisation_id)


# Of a stored route, with the names that its line needs.
ROUTE_COLUMNS = {
    "team": "team__name",
    "person": "user__name",
    "absent": "absent__name",
    "organisation": "organisation__name",
    "rule_name": "rule_name",
    "cause": "cause",
    "skipped": "skipped",
}


@dataclass(frozen=True)
class RouteLine:
    """Why a concern is where it is, as the case page says it."""

    who: str
    why: str
    notes: tuple[str, ...] = ()


def route_line(row: Mapping[str, Any]) -> RouteLine:
    """Return the line of a stored route, read with the names it needs."""
    who, why = _who_and_why(row)
    notes = []
    if row["cause"] != Cause.RECEIVED:
        notes.append(str(Cause(row["cause"]).label))
    if row["absent"]:
        notes.append(_("%(name)s is away.") % {"name": row["absent"]})
    if row["organisation"]:
        named = {"name": row["organisation"]}
        notes.append(_("The rule proposes to hand it on to %(name)s.") % named)
    for name, trouble in row["skipped"]:
        reason = {"name": name, "why": TROUBLE_WORDS[Trouble(trouble)]}
        notes.append(_("The rule “%(name)s” was passed over: %(why)s") % reason)
    return RouteLine(who, why, tuple(notes))


def _who_and_why(row: Mapping[str, Any]) -> tuple[str, str]:
    who = row["person"] or ""
    if not who and row["team"]:
        who = _("Team %(name)s") % {"name": row["team"]}
    if row["rule_name"]:
        return who or _("nobody"), _("By the rule “%(name)s”.") % {"name": row["rule_name"]}
    if who:
        return who, _("No rule fits; it went to the officer of its area.")
    # A part that goes to nobody stays with the report that it was split off.
    whoever = _("whoever has the whole report") if row["cause"] == Cause.PART else _("nobody")
    return whoever, _("No rule fits, and its area has no clear officer.")


@dataclass(frozen=True)
class EscalationLine:
    words: str
    on: date


def escalation_line(row: Mapping[str, Any]) -> EscalationLine:
    return EscalationLine(str(Stage(row["stage"]).label), date.fromisoformat(row["on"]))


def _listed(names: list[str]) -> str:
    shown, left = names[:NAMED], len(names) - NAMED
    words = ", ".join(shown)
    if left <= 0:
        return words
    more = ngettext("%(count)d more", "%(count)d more", left) % {"count": left}
    return f"{words}, {more}"


def _names(model: type[Team | User | Organisation], ids: Iterable[int | None]) -> dict[int, str]:
    wanted = sorted({each for each in ids if each is not None})
    if not wanted:
        return {}
    rows = model._default_manager.filter(pk__in=wanted).order_by("pk")
    return dict(rows.values_list("pk", "name"))
