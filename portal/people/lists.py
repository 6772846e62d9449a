"""/desk/people/: who works here, who is asked to, and what waits for a second person."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.doors.throttle import counted
from engagement.people import steps
from engagement.people.factor_doors import needs_recent_factor
from engagement.people.granting import GIVE_ROLE, MANAGE
from engagement.people.identity import sign_in_key
from engagement.people.invitations import (
    CannotInvite,
    TooManyInvitations,
    invite_person,
    resend,
    revoke,
)
from engagement.people.models import Invitation, PendingStep
from engagement.people.rights import EVERYWHERE, agencies_with, areas_with
from engagement.people.roles import ROLE_WORDS, Role
from engagement.people.staffing_models import InvitationState, StepState
from portal.people.forms import InvitationForm
from portal.people.queries import staff_of

# An hour's invitations: by one administrator who takes on a whole shift, and to one mailbox.
MOST_BY_ONE = 60
MOST_TO_ONE = 3


@dataclass(frozen=True)
class Waiting:
    """A step that waits, in words, and whether this reader may confirm it now."""

    step: PendingStep
    words: str
    may_confirm: bool


def here(request: StaffRequest) -> str:
    """What a link must carry to stay with this agency: "" for who manages only one."""
    several = len(agencies_with(request.user, MANAGE)) > 1
    return f"?agency={request.agency.slug}" if several else ""


def rules_everywhere(request: StaffRequest) -> bool:
    """Whoever administers some areas gives there, but decides nothing for the whole agency."""
    return areas_with(request.user, MANAGE, request.agency.pk) is EVERYWHERE


def demand_everywhere(request: StaffRequest) -> None:
    if not rules_everywhere(request):
        raise Http404


def back_to_list(request: StaffRequest) -> HttpResponse:
    return redirect(reverse("desk_people") + here(request))


@staff_page(MANAGE)
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    agency = request.agency
    invitations = Invitation.objects.filter(agency=agency, state=InvitationState.OPEN)
    rules = rules_everywhere(request)
    waiting = PendingStep.objects.filter(agency=agency, state=StepState.ASKED).select_related(
        "agency", "person", "asked_by"
    )
    context = {
        "here": here(request),
        "people": staff_of(agency, agency.day_of(now)),
        "invitations": [
            {
                "row": row,
                "roles": [ROLE_WORDS[Role(value)] for value in row.roles],
                "is_over": row.expires_at <= now,
            }
            for row in invitations.order_by("-created_on", "-id")
        ],
        "steps": [
            Waiting(step, step_words(step), rules and steps.may_confirm(step, request.user, now))
            for step in waiting.order_by("asked_at", "id")
        ],
    }
    return render(request, "people/list.html", context)


@staff_page(MANAGE)
@needs_recent_factor
@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        agency=request.agency,
        today=request.agency.day_of(now),
    )
    if form.is_valid() and not may_mail(request, sign_in_key(form.cleaned_data["email"])):
        form.add_error(None, too_many())
    elif form.is_valid():
        try:
            invite_person(
                agency=request.agency,
                email=form.cleaned_data["email"],
                language=form.cleaned_data["language"],
                offer=form.offer(),
                inviter=request.user,
                now=now,
            )
        except TooManyInvitations:
            form.add_error(None, too_many())
        except CannotInvite:
            form.add_error("roles", _("You may not give this role, or not in these areas."))
        except steps.NobodyIsTold:
            form.add_error("roles", nobody_is_told())
        else:
            messages.success(request, _("The invitation is on its way."))
            return back_to_list(request)
    context: dict[str, Any] = {"form": form, "here": here(request)}
    return render(request, "people/invite.html", context)


@staff_page(MANAGE)
@needs_recent_factor
@require_POST
def invite_again(request: StaffRequest, number: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, agency=request.agency, pk=number)
    if not may_mail(request, f"invitation {invitation.pk}"):
        messages.error(request, too_many())
        return back_to_list(request)
    try:
        resend(invitation=invitation, by=actor_of(request), now=timezone.now())
    except CannotInvite:
        messages.error(request, _("This invitation was used or withdrawn in the meantime."))
    else:
        messages.success(request, _("A new link is on its way. The earlier one no longer works."))
    return back_to_list(request)


@staff_page(MANAGE)
@require_POST
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, agency=request.agency, pk=number)
    revoke(invitation=invitation, by=actor_of(request), now=timezone.now())
    messages.success(request, _("The invitation no longer works."))
    return back_to_list(request)


@staff_page(MANAGE)
@needs_recent_factor
@require_POST
def confirm_step(request: StaffRequest, number: int) -> HttpResponse:
    demand_everywhere(request)
    step = get_object_or_404(PendingStep, agency=request.agency, pk=number)
    try:
        steps.confirm(step=step, user=request.user, now=timezone.now())
    except steps.CannotConfirm:
        messages.error(request, _("This step has ended, or another person must confirm it."))
    else:
        messages.success(request, _("Confirmed and done."))
    return back_to_list(request)


@staff_page(MANAGE)
@require_POST
def refuse_step(request: StaffRequest, number: int) -> HttpResponse:
    demand_everywhere(request)
    step = get_object_or_404(PendingStep, agency=request.agency, pk=number)
    try:
        steps.refuse(step=step, user=request.user, now=timezone.now())
    except steps.CannotConfirm:
        messages.error(request, _("This step has ended in the meantime."))
    else:
        messages.success(request, _("Refused. Nothing was changed."))
    return back_to_list(request)


def may_mail(request: StaffRequest, to: str) -> bool:
    """Count an invitation; False once one person sends many, or one mailbox gets several.

    `to` is a pseudonym: no address becomes part of a counter. Each is counted for an hour.
    """
    whose = counted(f"invite:{request.agency.pk}:{request.user.pk}", seconds=3600)
    digest = hashlib.sha256(f"{request.agency.pk}:{to}".encode()).hexdigest()[:32]
    theirs = counted(f"invited:{digest}", seconds=3600)
    return whose <= MOST_BY_ONE and theirs <= MOST_TO_ONE


def too_many() -> str:
    return _("Those were many invitations in a short time. Wait an hour, then go on.")


def step_words(step: PendingStep) -> str:
    if step.verb == GIVE_ROLE:
        role = ROLE_WORDS[Role(step.value)]
        return _("Make %(name)s: %(role)s") % {"name": step.person, "role": role}
    return _("Take away the second steps of %(name)s") % {"name": step.person}


def nobody_is_told() -> str:
    return _(
        "One person cannot decide this alone until the operator has stored your chief's address: "
        "the chief is told of each such step."
    )
