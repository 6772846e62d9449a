"""Joining a report with another: looked at first, with both sides and what becomes of whom."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions import merging, page_keeping
from concerns.actions.casework import StaleEdit
from concerns.actions.merging import CannotMerge, CannotUndo
from concerns.actions.reading import note_readings
from concerns.families import joined_ids, merge_of
from concerns.forms.desk import SeenForm
from concerns.forms.links import MergeForm, PickForm
from concerns.models import Concern, Joining, Merge
from concerns.registry import TRIAGE
from concerns.rights import may
from concerns.views.desk_case import find, standing
from concerns.workflow import STATE_LABELS, State
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest

WHY_NOT = {
    "itself": gettext_lazy("This is the same case."),
    "elsewhere": gettext_lazy("No case has this reference."),
    "done": gettext_lazy("It is done, so there is nothing left to join. Open it again first."),
    "nothing_to_follow": gettext_lazy("The other one was taken back or is spam."),
    "joined": gettext_lazy("The other one is joined with a third: join this one with that."),
    "handed_on": gettext_lazy("It is handed on to somebody. Take it back from there first."),
    "crime": gettext_lazy("It was marked as a crime: note its report number first, or why not."),
    "suspected": gettext_lazy("Decide first whether it is spam."),
    "same_report": gettext_lazy("Both are of the same report: close this part instead."),
    "too_long": gettext_lazy("Make it shorter."),
}


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, reference: str) -> HttpResponse:
    """GET shows what joining would do, POST does it."""
    concern = _workable(request, reference)
    if request.method == "GET":
        pick = PickForm(request.GET)
        if not pick.is_valid():
            return _pick_page(request, concern, pick)
        into = _find_other(request, pick.cleaned_data["into"])
        if into is None:
            pick.add_error("into", _("No case has this reference that you may work on."))
            return _pick_page(request, concern, pick)
        note_readings([concern, into], agency=request.agency, by=request.user, now=timezone.now())
        return _preview(request, concern, into, _fresh_form(concern, into))
    form = MergeForm(request.POST)
    if not form.is_valid():
        raise Http404
    into = _find_other(request, form.cleaned_data["into"])
    if into is None:
        raise Http404
    return _join(request, concern, into, form)


@staff_page(TRIAGE)
@require_http_methods(["GET", "POST"])
def unmerge(request: StaffRequest, reference: str) -> HttpResponse:
    """GET shows how the report would stand again, POST lets it stand so."""
    concern = _workable(request, reference)
    standing_merge = merge_of(concern.pk)
    if standing_merge is None:
        raise Http404
    into = _find_other(request, _reference_of(standing_merge.survivor_id))
    if into is None:
        raise Http404
    seen = {"seen_version": concern.version, "seen_as": standing(concern)}
    if request.method == "GET":
        return _undo_page(request, concern, into, standing_merge, SeenForm(initial=seen))
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404
    now = timezone.now()
    try:
        merging.undo_merge(
            concern_id=concern.pk,
            seen_version=form.cleaned_data["seen_version"],
            by=actor_of(request),
            now=now,
        )
    except (StaleEdit, CannotUndo):
        current = _workable(request, reference)
        fresh = SeenForm(initial={"seen_version": current.version, "seen_as": standing(current)})
        return _undo_page(
            request, current, into, standing_merge, fresh, was=form.cleaned_data["seen_as"]
        )
    messages.success(request, _("It stands for itself again. The reporter is told."))
    return redirect("desk_concern", reference)


def _join(request: StaffRequest, concern: Concern, into: Concern, form: MergeForm) -> HttpResponse:
    told = form.cleaned_data
    try:
        merging.merge(
            concern_id=concern.pk,
            seen_version=told["seen_version"],
            into_id=into.pk,
            into_version=told["into_version"],
            reason=told["reason"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except StaleEdit:
        concern, into = (find(request, one.staff_reference) for one in (concern, into))
        fresh = _fresh_form(concern, into, reason=told["reason"])
        stale = {"was": told["seen_as"], "into_was": told["into_as"]}
        return _preview(request, concern, into, fresh, stale=stale, status=409)
    except CannotMerge as refused:
        form.add_error(None, str(WHY_NOT[refused.reason]))
        return _preview(request, concern, into, form, status=409)
    messages.success(request, _("Joined. Everybody who reported it follows this case now."))
    return redirect("desk_concern", into.staff_reference)


def _preview(
    request: StaffRequest,
    concern: Concern,
    into: Concern,
    form: MergeForm,
    *,
    stale: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    why_not = merging.refusal(concern, into)
    follow = joined_ids([concern.pk])
    mine_too = Joining.objects.filter(concern__in=[concern.pk, *follow], left_on__isnull=True)
    context = {
        "concern": concern,
        "into": into,
        "form": form,
        "stale": stale,
        "standing": standing(concern),
        "into_standing": standing(into),
        "why_not": WHY_NOT.get(why_not, ""),
        "joined_before": len(follow),
        "mine_too": mine_too.count(),
        "may_turn": not merging.refusal(into, concern),
    }
    return render(request, "concerns/desk/merge.html", context, status=status)


def _undo_page(
    request: StaffRequest,
    concern: Concern,
    into: Concern,
    undone: Merge,
    form: SeenForm,
    *,
    was: str = "",
) -> HttpResponse:
    context = {
        "concern": concern,
        "into": into,
        "merge": undone,
        "form": form,
        "was": was,
        "standing": standing(concern),
        "state_label": STATE_LABELS[State(str(undone.before["state"]))],
        "had_page": undone.page_before is not None,
        "page_comes_back": page_keeping.comes_back(concern),
    }
    status = 409 if was else 200
    return render(request, "concerns/desk/unmerge.html", context, status=status)


def _pick_page(request: StaffRequest, concern: Concern, pick: PickForm) -> HttpResponse:
    if not request.GET.get("into"):
        pick = PickForm()
    context: dict[str, Any] = {"concern": concern, "pick": pick}
    status = 422 if pick.errors else 200
    return render(request, "concerns/desk/merge_pick.html", context, status=status)


def _workable(request: StaffRequest, reference: str) -> Concern:
    """The case, for who may work on it. Raises Http404."""
    concern = find(request, reference)
    if not may(request.user, TRIAGE, concern):
        raise Http404
    return concern


def _find_other(request: StaffRequest, reference: str) -> Concern | None:
    """The other case, for who may work on it too: joining needs the right on both."""
    try:
        return _workable(request, reference)
    except Http404:
        return None


def _reference_of(concern_id: int) -> str:
    return str(Concern.objects.values_list("staff_reference", flat=True).get(pk=concern_id))


def _fresh_form(concern: Concern, into: Concern, *, reason: str = "") -> MergeForm:
    return MergeForm(
        initial={
            "seen_version": concern.version,
            "seen_as": standing(concern),
            "into": into.staff_reference,
            "into_version": into.version,
            "into_as": standing(into),
            "reason": reason,
        }
    )
