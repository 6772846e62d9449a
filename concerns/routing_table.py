"""Everything that decides where a concern goes, read in one question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from concerns.models import (
    Absence,
    DangerPhrases,
    RoutingRule,
    RuleArea,
    RuleCategory,
    Team,
    TeamMember,
)
from concerns.querysets import READ
from concerns.routing import Duty, Facts, Rule, Staff, Target
from concerns.stand_ins import followed
from engagement.groups.models import Organisation
from engagement.keys.moments import floor_to_hour
from engagement.people.models import AreaAssignment, Grant
from engagement.people.registry import permission
from engagement.places.models import Agency, Holiday

# As several chosen answers to one question are joined when they are stored.
BETWEEN_ANSWERS = "; "


@dataclass(frozen=True)
class RoutingTable:
    """Rules in use in their order, the staff of the day, holidays from then on, and where it was
    asked for the phrases that call for help: line, language, and one under the other."""

    rules: tuple[Rule, ...]
    staff: Staff
    holidays: frozenset[date]
    on: date
    phrases: tuple[tuple[str, str, str], ...] = ()


def routing_table(
    agency: Agency,
    *,
    on: date,
    area_ids: Iterable[int] | None = None,
    since: date | None = None,
    named: Iterable[int] = (),
    with_phrases: bool = False,
) -> RoutingTable:
    """Read the rules of an agency and who is there on a day; one query.

    `area_ids` narrows whose duties are read (None: all areas); holidays count from `since`, else
    from that day. Of people only those come in who may read concerns on that day; `named` are
    asked about besides those of the stored rules.
    """
    here = {"agency": OuterRef("pk")}
    duties = AreaAssignment.objects.filter(_may_read(on), user__is_active=True, **here)
    if area_ids is not None:
        duties = duties.filter(area_id__in=sorted(area_ids))
    row = (
        Agency.objects.filter(pk=agency.pk)
        .values(
            its_rules=_rules(RoutingRule.objects.filter(is_active=True, **here)),
            its_duties=_rows(
                duties,
                user_id="user_id",
                area_id="area_id",
                is_lead="is_lead",
                from_on="from_on",
                until_on="until_on",
            ),
            its_absences=_rows(
                Absence.objects.on(on).filter(**here), user="user_id", stand_in="stand_in_id"
            ),
            its_readers=_readers(on, named),
            its_teams=_rows(Team.objects.filter(is_active=True, **here), id="id"),
            its_organisations=_rows(Organisation.objects.in_use().filter(**here), id="id"),
            its_phrases=_rows(
                DangerPhrases.objects.filter(**here)
                if with_phrases
                else DangerPhrases.objects.none(),
                line="line",
                language="language",
                phrases="phrases",
            ),
            its_members=_rows(
                TeamMember.objects.filter(_may_read(on), user__is_active=True, **here),
                team="team_id",
                user="user_id",
            ),
            its_holidays=ArraySubquery(
                Holiday.objects.filter(on__gte=since or on, **here).order_by("on").values("on")
            ),
        )
        .get()
    )
    return RoutingTable(
        rules=tuple(_rule(one) for one in row["its_rules"]),
        staff=_staff(row),
        holidays=frozenset(row["its_holidays"]),
        on=on,
        phrases=tuple(
            (row["line"], row["language"], row["phrases"]) for row in row["its_phrases"] or ()
        ),
    )


def hour_of(agency: Agency, moment: datetime) -> tuple[int, int]:
    """Return weekday and hour at the agency, of the full hour in which it was: finer is never
    kept of an anonymous report, and a rule that asked for it would tell."""
    local = floor_to_hour(moment).astimezone(agency.zone)
    return local.weekday(), local.hour


def as_facts(
    *,
    agency: Agency,
    category_id: int,
    areas: dict[str, int],
    moment: datetime,
    channel: str,
    priority: str,
    chosen: Iterable[tuple[str, str]],
) -> Facts:
    """Return what rules ask; `chosen` are pairs of a question's code and the English words of
    its answer, several joined as they are stored."""
    weekday, hour = hour_of(agency, moment)
    return Facts(
        category_id=category_id,
        area_id=areas.get(agency.responsible_layer),
        area_ids=frozenset(areas.values()),
        weekday=weekday,
        hour=hour,
        channel=channel,
        priority=priority,
        answers={code: frozenset(words.split(BETWEEN_ANSWERS)) for code, words in chosen},
    )


def as_rule(row: RoutingRule, *, categories: Iterable[int], areas: Iterable[int]) -> Rule:
    """Return a stored rule, or one that is not stored yet, as routing reads it."""
    return _rule(
        {
            **{name: getattr(row, name) for name in COLUMNS},
            "id": row.pk or 0,
            "categories": list(categories),
            "areas": list(areas),
        }
    )


COLUMNS = (
    "name",
    "version",
    "target",
    "team_id",
    "person_id",
    "organisation_id",
    "from_hour",
    "until_hour",
    "weekdays",
    "channels",
    "priorities",
    "answers",
    "gives_priority",
    "tag_id",
)


def _rule(row: dict[str, Any]) -> Rule:
    answers: dict[str, set[str]] = {}
    for code, words in row["answers"]:
        answers.setdefault(code, set()).add(words)
    return Rule(
        id=row["id"],
        name=row["name"],
        version=row["version"],
        target=Target(row["target"]),
        target_id=row["team_id"] or row["person_id"] or row["organisation_id"],
        categories=frozenset(row["categories"]),
        areas=frozenset(row["areas"]),
        from_hour=row["from_hour"],
        until_hour=row["until_hour"],
        weekdays=frozenset(row["weekdays"]),
        channels=frozenset(row["channels"]),
        priorities=frozenset(row["priorities"]),
        answers=tuple((code, frozenset(words)) for code, words in sorted(answers.items())),
        gives_priority=row["gives_priority"],
        tag_id=row["tag_id"],
    )


def _staff(row: Mapping[str, Any]) -> Staff:
    teams: dict[int, set[int]] = {team["id"]: set() for team in row["its_teams"]}
    for member in row["its_members"]:
        if member["team"] in teams:
            teams[member["team"]].add(member["user"])
    readers = frozenset(row["its_readers"])
    named = {one["user"]: one["stand_in"] for one in row["its_absences"]}
    stand_ins = followed(named)
    return Staff(
        # Where no area is asked for, no question is put, and nothing comes back.
        duties=[_duty(one) for one in row["its_duties"] or ()],
        readers=readers,
        teams={team: frozenset(members) for team, members in teams.items()},
        organisations=frozenset(one["id"] for one in row["its_organisations"]),
        # Work for somebody who is away, and for whom nobody stands in, lies open in the queue.
        stand_ins={away: there if there in readers else None for away, there in stand_ins.items()},
    )


def _duty(row: dict[str, Any]) -> Duty:
    until_on = row["until_on"]
    return Duty(
        user_id=row["user_id"],
        area_id=row["area_id"],
        is_lead=row["is_lead"],
        from_on=date.fromisoformat(row["from_on"]),
        until_on=date.fromisoformat(until_on) if until_on else None,
    )


def _may_read(on: date) -> Exists:
    # Who left often keeps the area on paper: a concern given to them would be seen by nobody.
    return Exists(_grants(on).filter(user_id=OuterRef("user_id"), agency_id=OuterRef("agency_id")))


def _grants(on: date) -> QuerySet[Grant]:
    roles = [role.value for role in permission(READ).roles]
    found: QuerySet[Grant] = Grant.objects.in_force(on).filter(role__in=roles)
    return found


def _readers(on: date, besides: Iterable[int]) -> ArraySubquery:
    """Those whom rules name or who stand in for others, if they may read concerns on that day."""
    named = RoutingRule.objects.filter(person=OuterRef("user_id"), agency=OuterRef("agency_id"))
    standing_in = Absence.objects.on(on).filter(
        stand_in=OuterRef("user_id"), agency=OuterRef("agency_id")
    )
    readers = _grants(on).filter(
        Exists(named) | Exists(standing_in) | Q(user_id__in=sorted(besides)),
        user__is_active=True,
        agency=OuterRef("pk"),
    )
    return ArraySubquery(readers.order_by("user_id").values("user_id").distinct())


def _rules(rules: QuerySet[RoutingRule]) -> ArraySubquery:
    of_rule = Q(rule=OuterRef("pk"))
    links = {
        "categories": ArraySubquery(
            RuleCategory.objects.filter(of_rule).order_by("id").values("category_id")
        ),
        "areas": ArraySubquery(RuleArea.objects.filter(of_rule).order_by("id").values("area_id")),
    }
    columns = {name: F(name) for name in ("id", *COLUMNS)}
    return ArraySubquery(
        rules.order_by("position", "id").values(row=JSONObject(**columns, **links))
    )


def _rows(rows: QuerySet[Any], **columns: str) -> ArraySubquery:
    return ArraySubquery(rows.order_by("id").values(row=JSONObject(**columns)))
