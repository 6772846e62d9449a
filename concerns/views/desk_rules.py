"""/desk/setup/routing/: who gets what comes in, tried on what really came before it is saved."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concerns.actions import rules as actions
from concerns.actions.teams import set_escalation
from concerns.dry_run import Tried, recent, try_rules
from concerns.forms.rules import ClockForm, RuleForm, TryForm, readers_of
from concerns.models import Category, ClockSettings, RoutingRule, RuleArea, RuleCategory
from concerns.models.clocks import USUAL_DAYS
from concerns.querysets import READ
from concerns.registry import RULES
from concerns.routing import Rule, Trouble, standing_troubles
from concerns.routing_table import RoutingTable, as_rule, routing_table
from concerns.rule_words import Names, conditions_of, goal_of, target_of, trouble_words
from engagement.audit.queries import history_of
from engagement.audit.subjects import Subject
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import User
from engagement.people.rights import Everywhere, allowed, areas_with
from engagement.places.models import Agency, AreaVersion

HISTORY = 20


@staff_page(RULES)
@require_GET
def routing(request: StaffRequest) -> HttpResponse:
    return _list_page(request, None)


@staff_page(RULES)
@require_POST
def clocks(request: StaffRequest) -> HttpResponse:
    """When supervisors hear of late work."""
    demand_whole_agency(request)
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    set_escalation(
        agency=request.agency,
        days=form.cleaned_data["days"],
        by=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("desk_routing")


@staff_page(RULES)
@require_POST
def order(request: StaffRequest, number: int) -> HttpResponse:
    """One place up or down, or switch it off and on."""
    demand_whole_agency(request)
    shared: dict[str, Any] = {
        "agency": request.agency,
        "rule_id": number,
        "by": actor_of(request),
        "now": timezone.now(),
    }
    verb, version = request.POST.get("verb", ""), request.POST.get("seen_version", "")
    try:
        if verb in ("up", "down"):
            actions.move_rule(up=verb == "up", **shared)
        elif verb in ("on", "off") and version.isdecimal():
            actions.switch_rule(is_active=verb == "on", seen_version=int(version), **shared)
        else:
            raise Http404
    except actions.CannotSaveRule:
        messages.error(request, _("Somebody changed the rules meanwhile. Look again."))
    return redirect("desk_routing")


@staff_page(RULES)
@require_http_methods(["GET", "POST"])
def rule(request: StaffRequest, number: int | None = None) -> HttpResponse:
    """Write one rule; "try" shows what it would have done, "save" saves it."""
    demand_whole_agency(request)
    now = timezone.now()
    row = None if number is None else _with_conditions(request.agency).filter(pk=number).first()
    if number is not None and row is None:
        raise Http404
    readers = readers_of(request.agency, now)
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, agency=request.agency, readers=readers, rule=row)
    tried = None
    if form.is_bound and form.is_valid():
        if "try" not in request.POST:
            if _is_saved(request, form, row):
                return redirect("desk_routing")
        else:
            tried = _tried(request, form, row)
    span = TryForm(request.POST if "span" in request.POST else None)
    history = history_of(
        Subject(actions.SUBJECT, str(number)), agency_id=request.agency.pk, limit=HISTORY
    )
    context = {
        "form": form,
        "rule": row,
        "span": span,
        "tried": tried,
        "may_try": allowed(request.user, READ, agency_id=request.agency.pk),
        "history": _with_names(history) if row else [],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "concerns/desk/rule.html", context, status=status)


def demand_whole_agency(request: StaffRequest) -> None:
    """Rules hold for all areas: whoever supervises some of them reads the rules only."""
    if not _rules_everywhere(request):
        raise Http404


def _rules_everywhere(request: StaffRequest) -> bool:
    assert isinstance(request.user, User)
    return isinstance(areas_with(request.user, RULES, request.agency.pk), Everywhere)


def _list_page(request: StaffRequest, clock: ClockForm | None, status: int = 200) -> HttpResponse:
    today = request.agency.day_of(timezone.now())
    table = routing_table(request.agency, on=today, area_ids=())
    troubles = troubles_of(request.agency, table, today)
    rows = list(_with_conditions(request.agency))
    context = {
        "rules": [
            {
                "row": row,
                "conditions": conditions_of(row),
                "target": target_of(row),
                "troubles": trouble_words(troubles.get(row.pk, ())),
                "is_first": place == 0,
                "is_last": place == len(rows) - 1,
            }
            for place, row in enumerate(rows)
        ],
        "clock": clock or ClockForm(initial={"days": escalation_days(request.agency)}),
        "may_change": _rules_everywhere(request),
    }
    return render(request, "concerns/desk/rules.html", context, status=status)


def troubles_of(agency: Agency, table: RoutingTable, today: date) -> dict[int, list[Trouble]]:
    """Return what is wrong with the rules in use, by their ids; two queries, none without rules."""
    if not table.rules:
        return {}
    kinds = Category.objects.taken().filter(agency=agency, is_active=True).order_by("pk")
    on_map = AreaVersion.objects.in_force(today).filter(agency=agency).order_by("pk")
    categories = frozenset(kinds.values_list("pk", flat=True))
    areas = frozenset(on_map.values_list("area_id", flat=True))
    found = {
        each.id: list(
            standing_troubles(each, staff=table.staff, categories=categories, areas=areas)
        )
        for each in table.rules
    }
    return {rule_id: troubles for rule_id, troubles in found.items() if troubles}


def escalation_days(agency: Agency) -> int | None:
    row = ClockSettings.objects.filter(agency=agency).first()
    return USUAL_DAYS if row is None else row.escalate_after


def _with_conditions(agency: Agency) -> QuerySet[RoutingRule]:
    kinds = RuleCategory.objects.select_related("category").order_by("category__sort", "id")
    areas = RuleArea.objects.select_related("area").order_by("area__layer", "area__name", "id")
    rows = RoutingRule.objects.filter(agency=agency).order_by("position", "id")
    return rows.select_related("team", "person", "organisation").prefetch_related(
        Prefetch("categories", queryset=kinds), Prefetch("areas", queryset=areas)
    )


def _is_saved(request: StaffRequest, form: RuleForm, row: RoutingRule | None) -> bool:
    try:
        actions.save_rule(
            agency=request.agency,
            rule_id=row.pk if row else None,
            seen_version=form.cleaned_data["seen_version"],
            draft=form.draft(),
            by=actor_of(request),
            now=timezone.now(),
        )
    except actions.CannotSaveRule:
        form.add_error(None, _("Somebody changed this rule after you opened it. Open it again."))
        return False
    messages.success(request, _("Saved. It holds for what comes in from now on."))
    return True


@dataclass(frozen=True)
class TriedLine:
    name: str
    before: int
    after: int


def _tried(request: StaffRequest, form: RuleForm, row: RoutingRule | None) -> dict[str, Any]:
    """Route what came in by the rules as they are, and as they would be with this one."""
    today = request.agency.day_of(timezone.now())
    table = routing_table(request.agency, on=today, named=_person(form))
    number = TryForm(request.POST).number()
    pasts = recent(request.user, request.agency, today=today, number=number)
    draft = form.draft()
    unsaved = draft.as_row(request.agency)
    unsaved.pk = row.pk if row else None
    wanted = as_rule(unsaved, categories=draft.categories, areas=draft.areas)
    tried = try_rules(
        pasts, before=table.rules, after=_with_rule(table.rules, wanted, row), table=table
    )
    goals = {*tried.before, *tried.after}
    names = Names.of(goals)
    lines = [
        TriedLine(names.told(goal), tried.before[goal], tried.after[goal])
        for goal in sorted(goals, key=lambda goal: (-tried.after[goal], names.told(goal)))
    ]
    return {
        "looked_at": tried.looked_at,
        "changed": tried.changed,
        "fits": _fits(tried, wanted),
        "lines": lines,
        "sample": [
            {
                "past": change.past,
                "before": names.told(goal_of(change.before)),
                "after": names.told(goal_of(change.after)),
            }
            for change in tried.sample
        ],
    }


def _fits(tried: Tried, wanted: Rule) -> int:
    return tried.by_rule[wanted.id]


def _person(form: RuleForm) -> tuple[int, ...]:
    person_id = form.draft().person_id
    return () if person_id is None else (person_id,)


def _with_rule(rules: tuple[Rule, ...], wanted: Rule, row: RoutingRule | None) -> tuple[Rule, ...]:
    """The list with the new version in its place; a new rule comes last."""
    if row is None:
        return (*rules, wanted)
    return tuple(wanted if each.id == row.pk else each for each in rules)


def _with_names(history: list[Any]) -> list[dict[str, Any]]:
    names = User.objects.in_bulk({line.actor.user_id for line in history if line.actor.user_id})
    return [
        {
            "at": line.at,
            "sentence": line.sentence,
            "who": names.get(line.actor.user_id, ""),
            "version": (line.payload or {}).get("version"),
        }
        for line in history
    ]
