"""/desk/setup/teams/: make, rename and retire teams, and say who is in them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concerns.actions import teams as actions
from concerns.forms.rules import MembersForm, TeamForm, readers_of
from concerns.models import Concern, Team
from concerns.registry import RULES
from concerns.views.desk_rules import demand_whole_agency
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest


@staff_page(RULES)
@require_http_methods(["GET", "POST"])
def teams(request: StaffRequest) -> HttpResponse:
    """All teams; the form makes a new one."""
    form = TeamForm(request.POST or None)
    if request.method == "POST":
        demand_whole_agency(request)
        made = _saved(request, form, None)
        if made is not None:
            messages.success(request, _("The team is made. Say who is in it."))
            return redirect("desk_team", made.pk)
    rows = (
        Team.objects.filter(agency=request.agency)
        .annotate(people=Count("members"), hearing=Count("members", Q(members__hears_of_new=True)))
        .order_by("-is_active", "name")
    )
    context = {"teams": list(rows), "form": form}
    return render(request, "concerns/desk/teams.html", context, status=422 if form.errors else 200)


@staff_page(RULES)
@require_http_methods(["GET", "POST"])
def team(request: StaffRequest, number: int) -> HttpResponse:
    """One team: its name, its people, who hears of new work, in use or not."""
    demand_whole_agency(request)
    found = Team.objects.filter(agency=request.agency, pk=number).first()
    if found is None:
        raise Http404
    verb = request.POST.get("verb", "")
    readers = readers_of(request.agency, timezone.now())
    name = TeamForm(request.POST if verb == "name" else None, initial={"name": found.name})
    members = MembersForm(
        request.POST if verb == "members" else None, readers=readers, initial=_initial(found)
    )
    if request.method == "POST" and _is_done(request, found, verb, name, members):
        return redirect("desk_team", number)
    context = {
        "team": found,
        "name": name,
        "members": members,
        "open": Concern.objects.visible_to(request.user).open().filter(team=found).count(),
    }
    status = 422 if name.errors or members.errors else 200
    return render(request, "concerns/desk/team.html", context, status=status)


def _initial(found: Team) -> dict[str, list[str]]:
    rows = found.members.order_by("id").values_list("user_id", "hears_of_new")
    return {
        "members": [str(user_id) for user_id, _hears in rows],
        "hearing": [str(user_id) for user_id, hears in rows if hears],
    }


def _saved(request: StaffRequest, form: TeamForm, team_id: int | None) -> Team | None:
    if not form.is_valid():
        return None
    try:
        return actions.save_team(
            agency=request.agency,
            team_id=team_id,
            name=form.cleaned_data["name"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except actions.CannotKeepTeam:
        form.add_error("name", _("Another team has that name."))
        return None


def _is_done(
    request: StaffRequest, found: Team, verb: str, name: TeamForm, members: MembersForm
) -> bool:
    shared: dict[str, Any] = {
        "agency": request.agency,
        "team_id": found.pk,
        "by": actor_of(request),
        "now": timezone.now(),
    }
    if verb == "name":
        if _saved(request, name, found.pk) is None:
            return False
    elif verb == "members":
        if not members.is_valid():
            return False
        chosen = members.cleaned_data
        try:
            actions.set_members(
                members=[int(each) for each in chosen["members"]],
                hearing=[int(each) for each in chosen["hearing"]],
                **shared,
            )
        except actions.CannotKeepTeam:
            members.add_error("members", _("Somebody of these left meanwhile. Look again."))
            return False
    elif verb in ("retire", "bring_back"):
        actions.retire_team(is_active=verb == "bring_back", **shared)
    else:
        raise Http404
    messages.success(request, _("Saved."))
    return True
