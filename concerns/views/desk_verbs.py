"""One view per verb of the desk: read the form, call one action, say what happened."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from concerns.actions import triage
from concerns.actions.casework import BadWords, CannotMove, StaleEdit
from concerns.actions.teamwork import give_to_team
from concerns.forms import desk as forms
from concerns.forms.writing import PriorityForm, ReopenForm, WaitForm
from concerns.models import Concern, Team
from concerns.models.concern import Priority
from concerns.registry import ASSIGN, TRIAGE
from concerns.views.desk_case import (
    case_page,
    find,
    officers_for,
    standing,
    what_can_be_done,
)
from concerns.views.said import SAID, SAID_WITH_HOLDER, back_to, said_of
from concerns.wrong_doors import NeedsNumber
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest

# Takes the keywords that every action of the desk shares: the concern, the version, who, when.
Act = Callable[..., object]


@staff_page(TRIAGE)
@require_POST
def accept(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = forms.SeenForm(request.POST)
    return carry_out(request, concern, "accept", form, lambda: triage.accept, "accepted")


@staff_page(TRIAGE)
@require_POST
def start(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = forms.SeenForm(request.POST, auto_id="start-%s")
    return carry_out(request, concern, "start", form, lambda: triage.start, "started")


@staff_page(TRIAGE)
@require_POST
def reopen(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = ReopenForm(request.POST)

    def act() -> Act:
        return partial(triage.reopen, why=form.cleaned_data["why"])

    return carry_out(request, concern, "reopen", form, act, "reopened")


@staff_page(TRIAGE)
@require_POST
def wait(request: StaffRequest, reference: str) -> HttpResponse:
    """Wait for someone outside the police, without a hand-off; the reason stays with staff."""
    concern = find(request, reference)
    form = WaitForm(request.POST)

    def act() -> Act:
        return partial(triage.wait, why=form.cleaned_data["why"])

    return carry_out(request, concern, "wait", form, act, "waits")


@staff_page(TRIAGE)
@require_POST
def priority(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = PriorityForm(request.POST, choices=Priority.choices)

    def act() -> Act:
        chosen, why = form.cleaned_data["priority"], form.cleaned_data["why"]
        return partial(triage.change_priority, priority=chosen, why=why)

    return carry_out(request, concern, "priority", form, act, "priority")


@staff_page(ASSIGN)
@require_POST
def assign(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = forms.AssignForm(
        request.POST,
        officers=officers_for(concern),
        teams=Team.objects.filter(agency_id=concern.agency_id, is_active=True),
        has_team=concern.team_id is not None,
    )

    def act() -> Act:
        if form.goes_to_team:
            return partial(give_to_team, team_id=form.chosen)
        return partial(triage.assign, officer_id=form.chosen)

    return carry_out(request, concern, "assign", form, act, "handed_over")


@staff_page(ASSIGN)
@require_POST
def category(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = forms.CategoryForm(request.POST, agency=concern.agency)

    def act() -> Act:
        return partial(triage.correct_category, category_id=form.cleaned_data["category"])

    return carry_out(request, concern, "assign", form, act, "refiled", name="category")


def carry_out(
    request: StaffRequest,
    concern: Concern,
    verb: str,
    form: forms.SeenForm,
    act: Callable[[], Act],
    done: str | Promise,
    *,
    name: str | None = None,
) -> HttpResponse:
    """Press one verb; whatever refuses it, the page comes back with what was typed.

    `verb` names the right that is asked, `name` the form on the page where it differs; `done` is a
    word of `said_of`, or the sentence that says it.
    Raises Http404 for who may read the concern but not press this.
    """
    if not may_try(request, concern, verb):
        raise Http404
    bound = {name or verb: form}
    if not form.is_valid():
        return case_page(request, concern, bound=bound, status=422)
    shared: dict[str, Any] = {
        "concern_id": concern.pk,
        "seen_version": form.cleaned_data["seen_version"],
        "by": actor_of(request),
        "now": timezone.now(),
    }
    try:
        changed = act()(**shared)
    except StaleEdit:
        return clash(request, concern, form, bound)
    except BadWords as refusal:
        form.add_error(None, _too_long(refusal))
        return case_page(request, concern, bound=bound, status=422)
    except NeedsNumber:
        form.add_error(None, needs_number())
        return case_page(request, find(request, concern.staff_reference), bound=bound, status=409)
    except CannotMove:
        form.add_error(None, _("This cannot be done as the concern stands now."))
        return case_page(request, find(request, concern.staff_reference), bound=bound, status=409)
    return _done(request, concern, done, changed)


def _done(
    request: StaffRequest, concern: Concern, done: str | Promise, changed: object
) -> HttpResponse:
    if done in SAID_WITH_HOLDER and isinstance(changed, Concern) and _has_gone(request, changed):
        messages.success(request, said_of(str(done), changed))
        return redirect("desk_concerns")
    if done in SAID or done in SAID_WITH_HOLDER:
        return back_to(concern, str(done))
    messages.success(request, str(done))
    return redirect("desk_concern", concern.staff_reference)


def needs_number() -> str:
    return _(
        "It was marked as a crime. Add the RMS number first, or say under “What was marked so "
        "far” why there is none."
    )


def _has_gone(request: StaffRequest, changed: Concern) -> bool:
    """Private ones are shown to those who have them: in other hands, or filed under such a kind,
    it may be out of the sight of whoever sent it there. All others stay in everybody's sight."""
    if not changed.category.is_private:
        return False
    return not Concern.objects.visible_to(request.user).filter(pk=changed.pk).exists()


def clash(
    request: StaffRequest, concern: Concern, form: forms.SeenForm, bound: dict[str, forms.SeenForm]
) -> HttpResponse:
    """Show both versions: how the concern stood for the writer, and how it stands now."""
    current = find(request, concern.staff_reference)
    stale = {
        "seen_version": form.cleaned_data["seen_version"],
        "seen_as": form.cleaned_data["seen_as"],
        "now_version": current.version,
        "now_as": standing(current),
    }
    form.show_version(current.version, standing(current))
    return case_page(request, current, bound=bound, stale=stale, status=409)


def may_try(request: StaffRequest, concern: Concern, verb: str) -> bool:
    """Whether this person holds the right, even if the concern moved on since the page was made."""
    can = what_can_be_done(request.user, concern)
    if verb in ("accept", "start", "reopen", "resolve", "wait", "priority"):
        return can["reply"]
    return can[verb]


def _too_long(refusal: BadWords) -> str:
    if refusal.limit is None:
        return _("Write something first.")
    return ngettext(
        "That is longer than %(limit)d character.",
        "That is longer than %(limit)d characters.",
        refusal.limit,
    ) % {"limit": refusal.limit}
