"""Sending a concern where the rules say, and keeping why; the caller's transaction saves it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F
from django.db.models.functions import JSONObject

from concerns import notices
from concerns.actions.casework import log
from concerns.models import Concern, ConcernRoute, ConcernTag
from concerns.models.rules import Cause
from concerns.routing import Facts, Route, Target, route
from concerns.routing_table import RoutingTable, as_facts, routing_table
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.places.wording import Wording

# Tells of a correction which fields of a concern it may have changed.
ROUTE_FIELDS = ("owner", "team", "priority")


def facts_of(concern: Concern) -> Facts:
    """Return what rules ask of a stored concern. One query."""
    areas = concern.areas.order_by("id").values(
        row=JSONObject(layer=F("area__layer"), id=F("area_id"))
    )
    answers = concern.answers.order_by("id").values(row=JSONObject(code=F("code"), chosen="chosen"))
    lists = Concern.objects.filter(pk=concern.pk).values_list(
        ArraySubquery(areas), ArraySubquery(answers)
    )
    laid, given = lists.get()
    chosen = [(one["code"], Wording(one["chosen"])) for one in given]
    return as_facts(
        agency=concern.agency,
        category_id=concern.category_id,
        areas={one["layer"]: one["id"] for one in laid},
        moment=concern.received_at,
        channel=concern.channel,
        priority=concern.priority,
        chosen=[(code, words.text("en")) for code, words in chosen if words],
    )


def lay(draft: Concern, found: Route) -> None:
    """Give a concern that is not stored yet to whom the route says."""
    draft.team_id, draft.owner_id = found.goes_to
    if found.rule is not None and found.rule.gives_priority:
        draft.priority = found.rule.gives_priority


def keep(
    concern: Concern, found: Route, *, cause: Cause, on: date, writes: Together | None = None
) -> None:
    """Store by which rule a concern came where it is, and put the rule's tag on it; with `writes`
    that is gathered there."""
    gathered, rule = writes or Together(), found.rule
    gathered.insert(kept_route(concern.agency_id, concern.pk, found, cause=cause, on=on))
    if rule is not None and rule.tag_id is not None:
        tag = ConcernTag(agency_id=concern.agency_id, concern=concern, tag_id=rule.tag_id)
        gathered.insert(tag, once=True)
    if writes is None:
        gathered.send()


def kept_route(
    agency_id: int, concern_id: int, found: Route, *, cause: Cause, on: date
) -> ConcernRoute:
    """Return the unsaved row that says by which rule a concern went where."""
    rule = found.rule
    return ConcernRoute(
        agency_id=agency_id,
        concern_id=concern_id,
        on=on,
        cause=cause,
        rule_id=rule.id if rule else None,
        rule_name=rule.name if rule else "",
        rule_version=rule.version if rule else None,
        team_id=found.team_id,
        user_id=found.user_id,
        absent_id=found.absent_id,
        organisation_id=found.organisation_id,
        skipped=[[each.rule.name, each.why.value] for each in found.skipped],
    )


@dataclass(frozen=True)
class Rerouting:
    """What a correction does to who has a concern: `found` is where rules send it now.

    `moves` is False where it stays with whoever has it.
    """

    found: Route
    moves: bool


def rerouting_of(concern: Concern, facts: Facts, table: RoutingTable) -> Rerouting:
    """Work out who gets a concern whose kind or place is another one now.

    A rule that fits sends it on. Where none does, it leaves only whoever got it by a rule that
    does not fit any more, and only to a clear officer: work under way must not lose its owner.
    """
    found = route(facts, rules=table.rules, staff=table.staff, on=table.on)
    if found.goes_to == (None, None):
        return Rerouting(found, moves=False)
    if found.rule is None:
        return Rerouting(found, moves=_came_by_rule(concern) or _lies_with_nobody(concern))
    if found.rule.target in (Target.AREA, Target.ORGANISATION) and _looks_after(concern, table):
        return Rerouting(found, moves=False)
    is_theirs = found.team_id is not None and found.team_id == concern.team_id
    return Rerouting(found, moves=not is_theirs and found.goes_to != _held_by(concern))


def reroute(
    concern: Concern,
    *,
    cause: Cause,
    by: Actor,
    at: datetime,
    table: RoutingTable | None = None,
    writes: Together | None = None,
) -> bool:
    """Send a locked concern on if its new kind or place asks for that; say whether it moved.

    The caller saves ROUTE_FIELDS, sends `writes` where these are given, and tells whoever has it
    now.
    """
    today, read = concern.agency.day_of(at), table or table_for(concern, at=at)
    new = rerouting_of(concern, facts_of(concern), read)
    if not new.moves:
        return False
    before = _held_by(concern)
    lay(concern, new.found)
    keep(concern, new.found, cause=cause, on=today, writes=writes)
    rule = new.found.rule
    payload: dict[str, str | int | bool | None] = {
        "cause": cause.value,
        "rule": rule.id if rule else None,
        "rule_version": rule.version if rule else None,
        "team_from": before[0],
        "team_to": concern.team_id,
        "from": before[1],
        "to": concern.owner_id,
    }
    log("CONCERN_ROUTED", concern, by=by, at=at, payload=payload, writes=writes)
    return True


def table_for(concern: Concern, *, at: datetime) -> RoutingTable:
    """Return all that decides where a concern goes now, and the holidays since it was received.
    One query."""
    return routing_table(
        concern.agency,
        on=concern.agency.day_of(at),
        area_ids=_one(concern.area_id),
        since=concern.received_on,
    )


def tell_new_holder(
    concern: Concern, *, by: Actor, now: datetime, tell: notices.Tell = notices.new_for_owner
) -> None:
    """Tell who has a concern now, unless they did it themselves."""
    if concern.owner_id != by.user_id or concern.owner_id is None:
        tell(concern, now=now)


def _one(area_id: int | None) -> list[int]:
    return [] if area_id is None else [area_id]


def _held_by(concern: Concern) -> tuple[int | None, int | None]:
    return concern.team_id, concern.owner_id


def _lies_with_nobody(concern: Concern) -> bool:
    return _held_by(concern) == (None, None)


def _came_by_rule(concern: Concern) -> bool:
    """Whether a rule sent it to whoever has it now; who was given it by hand keeps it."""
    last = ConcernRoute.objects.filter(concern=concern).order_by("-id").first()
    if last is None or last.rule_id is None:
        return False
    return last.team_id == concern.team_id and last.user_id in (None, concern.owner_id)


def _looks_after(concern: Concern, table: RoutingTable) -> bool:
    """Whether whoever has it is one of the officers of its area."""
    return concern.team_id is None and any(
        duty.user_id == concern.owner_id and duty.area_id == concern.area_id
        for duty in table.staff.duties
        if duty.covers(table.on)
    )
