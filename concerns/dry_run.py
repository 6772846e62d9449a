"""What rules would have done with what really came in. Nothing is changed by it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from concerns.models import Answer, Concern, ConcernArea
from concerns.routing import Facts, Route, Rule, route
from concerns.routing_table import RoutingTable, as_facts
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import as_wording

MOST = 2000
DAYS = 30
SAMPLE = 20


@dataclass(frozen=True)
class PastConcern:
    reference: str
    category: str
    received_on: date
    facts: Facts


@dataclass(frozen=True)
class Change:
    """One that would go elsewhere."""

    past: PastConcern
    before: Route
    after: Route


@dataclass(frozen=True)
class Tried:
    """`before` and `after` count by (team, person, proposed organisation); `sample` holds the
    newest of those that would go elsewhere; `by_rule` counts after by the rule's id."""

    looked_at: int
    changed: int
    before: Counter[tuple[int | None, int | None, int | None]]
    after: Counter[tuple[int | None, int | None, int | None]]
    by_rule: Counter[int]
    sample: Sequence[Change]


def recent(
    user: User, agency: Agency, *, today: date, number: int | None = None
) -> list[PastConcern]:
    """Return what came in lately and what this person may read, newest first; one query.

    The last `number`, else what came within 30 days; never more than 2,000.
    """
    rows = Concern.objects.visible_to(user).filter(agency=agency).not_held().newest_first()
    if number is None:
        rows = rows.filter(received_on__gt=today - timedelta(days=DAYS))
    areas = ConcernArea.objects.filter(concern=OuterRef("pk")).order_by("id")
    answers = Answer.objects.filter(concern=OuterRef("pk")).order_by("id")
    columns = ("staff_reference", "category_id", "category__label", "received_at")
    found = rows.values(
        *columns,
        "received_on",
        "channel",
        "priority",
        its_areas=ArraySubquery(areas.values(row=JSONObject(layer="area__layer", id="area_id"))),
        its_answers=ArraySubquery(answers.values(row=JSONObject(code="code", chosen="chosen"))),
    )
    return [_past(agency, row) for row in found[: min(number or MOST, MOST)]]


def try_rules(
    pasts: Iterable[PastConcern],
    *,
    before: Sequence[Rule],
    after: Sequence[Rule],
    table: RoutingTable,
) -> Tried:
    """Route each by both lists, with the staff of today. Pure."""
    pairs = [
        (
            past,
            route(past.facts, rules=before, staff=table.staff, on=table.on),
            route(past.facts, rules=after, staff=table.staff, on=table.on),
        )
        for past in pasts
    ]
    changes = [Change(past, old, new) for past, old, new in pairs if _goes_to(old) != _goes_to(new)]
    return Tried(
        looked_at=len(pairs),
        changed=len(changes),
        before=Counter(_goes_to(old) for _past, old, _new in pairs),
        after=Counter(_goes_to(new) for _past, _old, new in pairs),
        by_rule=Counter(new.rule.id if new.rule else -1 for _past, _old, new in pairs),
        sample=changes[:SAMPLE],
    )


def _goes_to(found: Route) -> tuple[int | None, int | None, int | None]:
    return (*found.goes_to, found.organisation_id)


def _past(agency: Agency, row: dict[str, Any]) -> PastConcern:
    chosen = [
        (one["code"], as_wording(one["chosen"]).text("en"))
        for one in row["its_answers"]
        if one["chosen"]
    ]
    return PastConcern(
        reference=row["staff_reference"],
        category=str(row["category__label"]),
        received_on=row["received_on"],
        facts=as_facts(
            agency=agency,
            category_id=row["category_id"],
            areas={one["layer"]: one["id"] for one in row["its_areas"]},
            moment=row["received_at"],
            channel=row["channel"],
            priority=row["priority"],
            chosen=chosen,
        ),
    )
