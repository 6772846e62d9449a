"""Sending one concern elsewhere: by another kind, or another place."""

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from concerns.actions.correcting import Place, move_place
from concerns.actions.intake import areas_of
from concerns.actions.refiling import clocks_under
from concerns.actions.routing import Rerouting, facts_of, rerouting_of
from concerns.forms import desk as forms
from concerns.forms.place import ChosenPlace, chosen_place, find_hits
from concerns.forms.place_correction import StaffPlaceForm
from concerns.forms.report import ReportForm
from concerns.models import Category, Concern
from concerns.registry import ASSIGN
from concerns.routing import Facts
from concerns.routing_table import routing_table
from concerns.rule_words import Names, goal_of
from concerns.views.desk_case import case_page, find, what_can_be_done
from concerns.views.desk_verbs import Act, carry_out
from concerns.views.route_words import by_when, who_has
from concerns.workflow import State
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest
from engagement.places.queries import agency_areas


@staff_page(ASSIGN)
@require_POST
def look(request: StaffRequest, reference: str) -> HttpResponse:
    """Say what another kind would change, before it does."""
    concern = _assignable(request, reference)
    form = forms.CategoryForm(request.POST, agency=concern.agency)
    if not form.is_valid():
        return case_page(request, concern, bound={"category": form}, status=422)
    category = Category.objects.get(pk=form.cleaned_data["category"], agency=concern.agency)
    facts = facts_of(concern)
    due = clocks_under(concern, category)
    is_new = concern.state == State.RECEIVED
    context = {
        "concern": concern,
        "form": form,
        "category": category,
        "before": _before(concern, is_new),
        "after": {
            "who": _who_after(concern, _other_kind(facts, category.pk)),
            "when": by_when(due.acknowledge_by, due.resolve_by, is_new=is_new),
        },
    }
    return render(request, "concerns/desk/category_look.html", context)


@sensitive_post_parameters()
@staff_page(ASSIGN)
@require_http_methods(["GET", "POST"])
def place(request: StaffRequest, reference: str) -> HttpResponse:
    """Where it really is: search, map or list, as in the report form; "save" moves it there."""
    concern = _assignable(request, reference)
    if not concern.is_open:
        messages.error(request, _("It is done; its place stays as it was."))
        return redirect("desk_concern", reference)
    form = _place_form(request, concern)
    if not form.is_bound:
        return _place_page(request, concern, form)
    form.is_valid()
    # It reads the fields of the place alone, which both forms share.
    chosen = chosen_place(cast("ReportForm", form), agency=concern.agency)
    if chosen is None or form.errors:
        return _place_page(request, concern, form)
    if "look" in request.POST:
        return _place_page(request, concern, form, chosen=chosen)
    meant = _meant(chosen, is_home=form.cleaned_data["is_home"])

    def act() -> Act:
        return partial(move_place, place=meant)

    seen = forms.SeenForm(request.POST)
    return carry_out(request, concern, "assign", seen, act, "moved", name="place")


def _assignable(request: StaffRequest, reference: str) -> Concern:
    """Raises Http404 for who may read it but not send it elsewhere."""
    concern = find(request, reference)
    if not what_can_be_done(request.user, concern)["assign"] and concern.is_open:
        raise Http404
    return concern


def _place_form(request: StaffRequest, concern: Concern) -> StaffPlaceForm:
    agency = concern.agency
    areas = agency_areas(agency, agency.public_layer, agency.day_of(timezone.now()))
    if "save" in request.POST or "look" in request.POST:
        return StaffPlaceForm(request.POST, areas=areas)
    stored: dict[str, Any] = {
        "place_query": concern.place_text,
        "is_home": concern.is_home,
        "seen_version": concern.version,
    }
    if concern.lon is not None and concern.lat is not None:
        stored |= {"lon": f"{concern.lon:.6f}", "lat": f"{concern.lat:.6f}"}
    typed = request.POST.dict() if "find_place" in request.POST else {}
    return StaffPlaceForm(initial={**stored, **typed}, areas=areas)


def _place_page(
    request: StaffRequest,
    concern: Concern,
    form: StaffPlaceForm,
    *,
    chosen: ChosenPlace | None = None,
) -> HttpResponse:
    wants_hits = "find_place" in request.POST or "place_query" in form.errors
    query = str(form["place_query"].value() or "")
    hits = find_hits(agency=concern.agency, text=query) if wants_hits else []
    is_new = concern.state == State.RECEIVED
    context = {
        "concern": concern,
        "form": form,
        "agency": concern.agency,
        "hits": hits,
        "has_no_hits": wants_hits and bool(query.strip()) and not hits,
        "before": _before(concern, is_new),
        "after": {"who": _who_at(concern, chosen)} if chosen else None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "concerns/desk/place.html", context, status=status)


def _before(concern: Concern, is_new: bool) -> dict[str, str]:
    team = str(concern.team) if concern.team_id else None
    owner = str(concern.owner) if concern.owner else None
    return {
        "who": who_has(team, owner),
        "when": by_when(concern.acknowledge_by, concern.resolve_by, is_new=is_new),
    }


def _who_after(concern: Concern, facts: Facts) -> str:
    today = concern.agency.day_of(timezone.now())
    area_ids = [] if facts.area_id is None else [facts.area_id]
    table = routing_table(concern.agency, on=today, area_ids=area_ids)
    return _told(concern, rerouting_of(concern, facts, table))


def _who_at(concern: Concern, chosen: ChosenPlace) -> str:
    """Who has it at another place: its rules decide, else the officer there if the area is
    another one."""
    areas = areas_of(concern.agency, chosen.lon, chosen.lat, chosen.area_code)
    old = facts_of(concern)
    facts = Facts(
        **{
            **vars(old),
            "area_id": areas.get(concern.agency.responsible_layer),
            "area_ids": frozenset(areas.values()),
        }
    )
    moved = facts.area_id != old.area_id and concern.team_id is None
    today = concern.agency.day_of(timezone.now())
    table = routing_table(
        concern.agency, on=today, area_ids=[] if facts.area_id is None else [facts.area_id]
    )
    found = rerouting_of(concern, facts, table)
    if found.found.rule is None and moved and found.found.goes_to != (None, None):
        found = Rerouting(found.found, moves=True)
    return _told(concern, found)


def _other_kind(facts: Facts, category_id: int) -> Facts:
    return Facts(**{**vars(facts), "category_id": category_id})


def _told(concern: Concern, new: Rerouting) -> str:
    if not new.moves:
        team = str(concern.team) if concern.team_id else None
        return who_has(team, str(concern.owner) if concern.owner else None)
    goal = goal_of(new.found)
    words = Names.of([goal]).told(goal)
    if new.found.rule is None:
        return words
    return _("%(who)s, by the rule “%(rule)s”") % {"who": words, "rule": new.found.rule.name}


def _meant(chosen: ChosenPlace, *, is_home: bool) -> Place:
    return Place(
        lon=chosen.lon,
        lat=chosen.lat,
        place_text=chosen.text,
        place_source=chosen.source,
        is_home=is_home,
        area_code=chosen.area_code,
    )
