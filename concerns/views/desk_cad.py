"""Visits and numbers of other systems on a case: one or two taps each."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from concerns.actions import visiting
from concerns.actions.outside_numbers import (
    BadNumber,
    add_number,
    cases_with,
    remove_number,
    settle_suggestion,
)
from concerns.forms.police_side import VisitForm
from concerns.models import Concern
from concerns.registry import TRIAGE
from concerns.rights import may
from concerns.views.desk_case import find
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest

MOST_NAMED = 3


def find_to_work(request: StaffRequest, reference: str) -> Concern:
    """The concern, if this person may work on it. Raises Http404."""
    concern = find(request, reference)
    if not may(request.user, TRIAGE, concern):
        raise Http404
    return concern


def back(concern: Concern, part: str = "street") -> HttpResponse:
    answer = redirect("desk_concern", concern.staff_reference)
    answer["Location"] += f"#{part}"
    return answer


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def visit(request: StaffRequest, reference: str) -> HttpResponse:
    concern, now = find_to_work(request, reference), timezone.now()
    form = VisitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a day and a time, or leave both empty for now."))
        return back(concern)
    try:
        visiting.was_there(
            concern_id=concern.pk,
            was_at=form.was_at(concern.agency, now),
            line=form.cleaned_data["line"],
            by=actor_of(request),
            now=now,
        )
    except visiting.CannotVisit:
        messages.error(
            request, _("Not written down: the case is done, or the time is ahead or long ago.")
        )
        return back(concern)
    messages.success(request, _("Written down. The reporter reads that an officer was there."))
    return redirect("desk_concern", reference)


@staff_page(TRIAGE)
@require_POST
def visit_back(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    concern = find_to_work(request, reference)
    done = visiting.take_back(
        concern_id=concern.pk, visit_id=number, by=actor_of(request), now=timezone.now()
    )
    if not done:
        raise Http404
    messages.success(request, _("Taken back. The reporter does not read it any more."))
    return back(concern)


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def number(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find_to_work(request, reference)
    typed = request.POST.get("number", "")
    try:
        added = add_number(
            concern_id=concern.pk,
            system=request.POST.get("system", ""),
            number=typed,
            by=actor_of(request),
            now=timezone.now(),
        )
    except BadNumber as refusal:
        messages.error(request, _refused(typed[:40], refusal.example))
        return back(concern)
    messages.success(request, _("Number added."))
    visible = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    others = list(cases_with(added, among=visible)[:MOST_NAMED])
    if others:
        told = _("It also stands on %(cases)s. That may be right.")
        messages.info(request, told % {"cases": ", ".join(others)})
    return back(concern)


@staff_page(TRIAGE)
@require_POST
def number_remove(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    concern = find_to_work(request, reference)
    if not remove_number(
        concern_id=concern.pk, number_id=number, by=actor_of(request), now=timezone.now()
    ):
        raise Http404
    messages.success(request, _("Number removed."))
    return back(concern)


@staff_page(TRIAGE)
@require_POST
def call_hint(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    concern = find_to_work(request, reference)
    is_right = request.POST.get("is_right") == "yes"
    done = settle_suggestion(
        concern_id=concern.pk,
        suggestion_id=number,
        is_right=is_right,
        by=actor_of(request),
        now=timezone.now(),
    )
    if not done:
        raise Http404
    messages.success(request, _("Number added.") if is_right else _("It is not offered again."))
    return back(concern)


def _refused(typed: str, example: str) -> str:
    if example:
        return _("“%(typed)s” does not look like a number of that system: %(example)s.") % {
            "typed": typed,
            "example": example,
        }
    return _("“%(typed)s” does not look like a number.") % {"typed": typed}
