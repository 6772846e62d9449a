"""Writing, ordering and switching rules. Each change is a version in the history."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from concerns.models import RoutingRule, RuleArea, RuleCategory
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.payloads import PayloadValue
from engagement.audit.subjects import Subject
from engagement.places.models import Agency

SUBJECT = "routing_rule"


class CannotSaveRule(ValueError):
    """It is of another agency or gone, or somebody else changed it meanwhile."""


@dataclass(frozen=True)
class RuleDraft:
    """A rule as a form says it: ids of one agency, codes, full hours; exactly one target."""

    name: str
    target: str
    team_id: int | None = None
    person_id: int | None = None
    organisation_id: int | None = None
    categories: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    from_hour: int | None = None
    until_hour: int | None = None
    weekdays: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    gives_priority: str = ""
    tag_id: int | None = None

    def as_row(self, agency: Agency) -> RoutingRule:
        """Return the rule unsaved, without categories and areas."""
        row = RoutingRule(agency=agency)
        self.lay_into(row)
        return row

    def lay_into(self, row: RoutingRule) -> None:
        for name in ("name", "target", "team_id", "person_id", "organisation_id"):
            setattr(row, name, getattr(self, name))
        for name in ("from_hour", "until_hour", "gives_priority", "tag_id"):
            setattr(row, name, getattr(self, name))
        for name in ("weekdays", "channels", "priorities"):
            setattr(row, name, list(getattr(self, name)))
        row.answers = [list(pair) for pair in self.answers]


@transaction.atomic(durable=True)
def save_rule(
    *,
    agency: Agency,
    rule_id: int | None,
    seen_version: int,
    draft: RuleDraft,
    by: Actor,
    now: datetime,
) -> RoutingRule:
    """Write a new rule (rule_id None), which comes last, or a new version of one.

    Raises CannotSaveRule.
    """
    if rule_id is None:
        last = RoutingRule.objects.filter(agency=agency).aggregate(last=Max("position"))["last"]
        row = draft.as_row(agency)
        row.position = (last or 0) + 1
    else:
        row = _locked(agency, rule_id, seen_version)
        draft.lay_into(row)
        row.version += 1
    row.save()
    _link(row, draft)
    record(
        "ROUTING_RULE_SAVED",
        by=by,
        subject=Subject(SUBJECT, str(row.pk)),
        agency_id=agency.pk,
        now=now,
        payload=_told(row, draft),
    )
    return row


@transaction.atomic(durable=True)
def switch_rule(
    *, agency: Agency, rule_id: int, seen_version: int, is_active: bool, by: Actor, now: datetime
) -> RoutingRule:
    """Switch a rule off, or on again. Raises CannotSaveRule."""
    row = _locked(agency, rule_id, seen_version)
    row.is_active = is_active
    row.version += 1
    row.save(update_fields=["is_active", "version"])
    payload: dict[str, PayloadValue] = {"version": row.version, "is_active": is_active}
    record(
        "ROUTING_RULE_SWITCHED",
        by=by,
        subject=Subject(SUBJECT, str(row.pk)),
        agency_id=agency.pk,
        now=now,
        payload=payload,
    )
    return row


@transaction.atomic(durable=True)
def move_rule(*, agency: Agency, rule_id: int, up: bool, by: Actor, now: datetime) -> bool:
    """Change places with the rule before, or after; False at the end of the list.

    Raises CannotSaveRule.
    """
    rows = list(
        RoutingRule.objects.select_for_update().filter(agency=agency).order_by("position", "id")
    )
    place = next((n for n, row in enumerate(rows) if row.pk == rule_id), None)
    if place is None:
        raise CannotSaveRule
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        row.position = number
    RoutingRule.objects.bulk_update(rows, ["position"])
    record(
        "ROUTING_RULE_MOVED",
        by=by,
        subject=Subject(SUBJECT, str(rule_id)),
        agency_id=agency.pk,
        now=now,
        payload={"position": other + 1},
    )
    return True


def _locked(agency: Agency, rule_id: int, seen_version: int) -> RoutingRule:
    row = RoutingRule.objects.select_for_update().filter(agency=agency, pk=rule_id).first()
    if row is None or row.version != seen_version:
        raise CannotSaveRule
    return row


def _link(row: RoutingRule, draft: RuleDraft) -> None:
    row.categories.all().delete()
    row.areas.all().delete()
    RuleCategory.objects.bulk_create(
        RuleCategory(agency_id=row.agency_id, rule=row, category_id=each)
        for each in draft.categories
    )
    RuleArea.objects.bulk_create(
        RuleArea(agency_id=row.agency_id, rule=row, area_id=each) for each in draft.areas
    )


def _told(row: RoutingRule, draft: RuleDraft) -> dict[str, PayloadValue]:
    """The version in codes and numbers: its name and the words of answers are free text."""
    return {
        "version": row.version,
        "target": draft.target,
        "team": draft.team_id,
        "person": draft.person_id,
        "organisation": draft.organisation_id,
        "categories": _codes("c", draft.categories),
        "areas": _codes("a", draft.areas),
        "from_hour": draft.from_hour,
        "until_hour": draft.until_hour,
        "weekdays": _codes("d", draft.weekdays),
        "channels": ", ".join(draft.channels),
        "priorities": ", ".join(draft.priorities),
        "answers": len(draft.answers),
        "gives_priority": draft.gives_priority,
        "tag": draft.tag_id,
    }


# As many as the history takes of one list; a longer one says how many there were.
MOST_LISTED = 150


def _codes(letter: str, numbers: tuple[int, ...]) -> str:
    if len(numbers) > MOST_LISTED:
        return f"{letter}.{len(numbers)}"
    return ", ".join(f"{letter}{number}" for number in numbers)
