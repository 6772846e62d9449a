"""/desk/people/<number>/: what one colleague holds, and giving, ending, resetting, leaving."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concerns.registry import BULK
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people import departures, granting, recovery, steps
from engagement.people.actions import CannotGrant, assign_area
from engagement.people.factor_doors import needs_recent_factor
from engagement.people.granting import MANAGE, NEEDS_A_SECOND
from engagement.people.models import AreaAssignment, Grant, PendingStep, User
from engagement.people.queries import staff_holding
from engagement.people.rights import allowed
from engagement.people.roles import DESK_ROLES, ROLE_WORDS, Role
from engagement.people.staffing_registrations import RESET_FACTORS
from engagement.people.staffing_registry import handovers
from portal.people.forms import DutyForm, LeaveForm, RoleForm
from portal.people.lists import back_to_list, here, nobody_is_told, rules_everywhere
from portal.people.queries import Person, staff_of, was_here


def find(request: StaffRequest, number: int) -> User:
    """A colleague of this agency; whoever never worked here does not exist. Raises Http404."""
    found = was_here(request.agency, number)
    if found is None:
        raise Http404
    return found


def may_manage(request: StaffRequest, colleague: User) -> bool:
    """Never oneself; and whoever administers some areas only gives there, but ends nothing."""
    return rules_everywhere(request) and colleague.pk != request.user.pk


def demand_managing(request: StaffRequest, colleague: User) -> None:
    if not may_manage(request, colleague):
        raise Http404


@staff_page(MANAGE)
@require_GET
def person(request: StaffRequest, number: int) -> HttpResponse:
    return page(request, find(request, number))


def page(
    request: StaffRequest,
    colleague: User,
    role_form: RoleForm | None = None,
    duty_form: DutyForm | None = None,
) -> HttpResponse:
    today = request.agency.day_of(timezone.now())
    held = staff_of(request.agency, today, only=colleague.pk)
    known = held[0] if held else Person(colleague, has_factor=False)
    context: dict[str, Any] = {
        "here": here(request),
        "colleague": colleague,
        "person": known,
        "grants": [
            {
                "row": grant,
                "role": ROLE_WORDS[Role(grant.role)],
                "areas": sorted(area.name for area in grant.areas.all()),
            }
            for grant in known.grants
        ],
        "is_self": colleague.pk == request.user.pk,
        "may_manage": may_manage(request, colleague),
        "may_reset": may_manage(request, colleague)
        and recovery.may_reset_factors(request.user, colleague),
        "role_form": role_form or RoleForm(agency=request.agency, today=today),
        "duty_form": duty_form or DutyForm(agency=request.agency, today=today),
    }
    return render(request, "people/person.html", context)


def back(request: StaffRequest, colleague: User) -> HttpResponse:
    return redirect(reverse("desk_person", args=[colleague.pk]) + here(request))


@staff_page(MANAGE)
@needs_recent_factor
@require_POST
def give_role(request: StaffRequest, number: int) -> HttpResponse:
    colleague, now = find(request, number), timezone.now()
    if colleague.pk == request.user.pk:
        raise Http404
    form = RoleForm(request.POST, agency=request.agency, today=request.agency.day_of(now))
    if not form.is_valid():
        return page(request, colleague, role_form=form)
    said = form.cleaned_data
    try:
        given = granting.give_role(
            person=colleague,
            role=Role(said["role"]),
            agency=request.agency,
            areas=said["areas"],
            from_on=said["from_on"],
            until_on=said["until_on"],
            giver=request.user,
            now=now,
        )
    except CannotGrant:
        form.add_error("role", _("You may not give this role, or not in these areas."))
        return page(request, colleague, role_form=form)
    except steps.NobodyIsTold:
        form.add_error("role", nobody_is_told())
        return page(request, colleague, role_form=form)
    messages.success(request, _asked_or_done(given))
    return back(request, colleague)


@staff_page(MANAGE)
@needs_recent_factor
@require_POST
def end_role(request: StaffRequest, number: int, grant: int) -> HttpResponse:
    colleague = find(request, number)
    demand_managing(request, colleague)
    row = get_object_or_404(Grant, agency=request.agency, user=colleague, pk=grant)
    now = timezone.now()
    try:
        departure = granting.end_grant(grant=row, by=actor_of(request), now=now)
    except CannotGrant:
        raise Http404 from None
    if departure is not None:
        departures.hand_over(departure=departure, now=now)
    messages.success(request, _("The role has ended."))
    return back(request, colleague)


@staff_page(MANAGE)
@require_POST
def give_area(request: StaffRequest, number: int) -> HttpResponse:
    colleague, now = find(request, number), timezone.now()
    demand_managing(request, colleague)
    form = DutyForm(request.POST, agency=request.agency, today=request.agency.day_of(now))
    if not form.is_valid():
        return page(request, colleague, duty_form=form)
    try:
        assign_area(user=colleague, by=actor_of(request), now=now, **form.cleaned_data)
    except CannotGrant:
        form.add_error("area", _("This area has a lead already, or the days are wrong."))
        return page(request, colleague, duty_form=form)
    messages.success(request, _("The area is theirs."))
    return back(request, colleague)


@staff_page(MANAGE)
@require_POST
def end_area(request: StaffRequest, number: int, assignment: int) -> HttpResponse:
    colleague = find(request, number)
    demand_managing(request, colleague)
    row = get_object_or_404(AreaAssignment, agency=request.agency, user=colleague, pk=assignment)
    granting.end_assignment(assignment=row, by=actor_of(request), now=timezone.now())
    messages.success(request, _("The area is no longer theirs."))
    return back(request, colleague)


@staff_page(MANAGE)
@needs_recent_factor
@require_POST
def reset(request: StaffRequest, number: int) -> HttpResponse:
    """At once for a colleague; for another administrator a second person confirms."""
    colleague, now = find(request, number), timezone.now()
    demand_managing(request, colleague)
    if not recovery.may_reset_factors(request.user, colleague):
        raise Http404
    by = actor_of(request)
    administers = Grant.objects.filter(
        user=colleague, role__in=[role.value for role in NEEDS_A_SECOND]
    )
    places = [grant.agency for grant in administers.select_related("agency").order_by("id")]
    done: object = None
    try:
        if places:
            # Of another agency too: those who work with them there can tell who asks.
            agency = request.agency if request.agency in places else places[0]
            assert agency is not None
            done = steps.ask(verb=RESET_FACTORS, person=colleague, agency=agency, by=by, now=now)
        else:
            recovery.reset_factors(colleague, by=by, now=now)
    except steps.NobodyIsTold:
        messages.error(request, nobody_is_told())
        return back(request, colleague)
    messages.success(request, _asked_or_done(done))
    return back(request, colleague)


@staff_page(MANAGE)
@needs_recent_factor
@require_http_methods(["GET", "POST"])
def leave(request: StaffRequest, number: int) -> HttpResponse:
    """GET shows what the person holds and who gets it; POST ends all of it."""
    colleague, now = find(request, number), timezone.now()
    demand_managing(request, colleague)
    staff = staff_holding(roles=DESK_ROLES, agency=request.agency, now=now)
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        colleagues=staff.exclude(pk=colleague.pk),
    )
    if form.is_valid():
        try:
            departure = departures.leave(
                user=colleague,
                agency=request.agency,
                hand_to=form.cleaned_data["hand_to"],
                by=actor_of(request),
                now=now,
            )
        except departures.CannotLeave:
            form.add_error(None, _("This account cannot be ended here. Ask the operator."))
        else:
            is_done = departures.hand_over(departure=departure, now=now)
            messages.success(request, _left(is_done))
            return back_to_list(request)
    held = staff_of(request.agency, request.agency.day_of(now), only=colleague.pk)
    context = {
        "here": here(request),
        "colleague": colleague,
        "person": held[0] if held else Person(colleague, has_factor=False),
        "may_hand_over": allowed(request.user, BULK, agency_id=request.agency.pk),
        "work": [(room.words, room.held(colleague.pk, request.agency.pk)) for room in handovers()],
        "form": form,
    }
    return render(request, "people/leave.html", context)


def _asked_or_done(given: object) -> str:
    if not isinstance(given, PendingStep):
        return _("Done.")
    if given.agency.is_small:
        return _("Asked for. Confirm it here in 24 hours; your chief is told now.")
    return _("Asked for. Another administrator confirms it in the list of people.")


def _left(is_done: bool) -> str:
    if is_done:
        return _("All roles and sessions have ended, and the open work was handed over.")
    return _("All roles and sessions have ended. The rest of the open work follows by itself.")
