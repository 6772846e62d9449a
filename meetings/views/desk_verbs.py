"""Announce, move, cancel, throw away. What others will read is shown before it leaves."""

import copy
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from meetings import queries
from meetings.actions import planning
from meetings.actions.ground import StaleMeeting
from meetings.forms.filling import change_of, timing_of
from meetings.forms.seen import SeenForm
from meetings.forms.timing import TimingForm
from meetings.forms.wording import ReasonForm
from meetings.models import Meeting
from meetings.moments import when_words
from meetings.registry import PLAN
from meetings.views.desk_list import find
from meetings.views.desk_planning import differences
from meetings.views.previews import (
    LANGUAGES,
    as_moved,
    as_read,
    cancelled_letters,
    moved_letters,
    name_of,
    rsvp_letters,
    told,
)
from meetings.views.shown import place_words
from meetings.workflow import can_move

METHODS = ["GET", "HEAD", "POST"]


@staff_page(PLAN)
@require_http_methods(METHODS)
def announce(request: StaffRequest, slug: str) -> HttpResponse:
    """The page and the mail just as readers get them, and the button that makes them public."""
    meeting = find(request, slug)
    if not meeting.is_draft:
        return redirect("desk_meeting", meeting.slug)
    if request.method != "POST":
        return _announce_page(request, meeting, SeenForm(initial={"seen_version": meeting.version}))
    form = SeenForm(request.POST)
    refused = _carry_out(form, lambda **seen: planning.announce(meeting=meeting, **seen), request)
    if refused is None:
        messages.success(request, _("Announced. Everyone can read it and answer now."))
        return redirect("desk_meeting", meeting.slug)
    current = find(request, slug)
    if refused:
        form.show_version(current.version)
    return _announce_page(request, current, form, is_stale=refused, status=409)


@staff_page(PLAN)
@require_http_methods(METHODS)
def move(request: StaffRequest, slug: str) -> HttpResponse:
    """Another time or place: first old and new side by side with what people will be told."""
    meeting = find(request, slug)
    if not _can_still_change(meeting):
        return redirect("desk_meeting", meeting.slug)
    joining = queries.way_in(meeting)
    form = TimingForm(
        request.POST if request.method == "POST" else None,
        initial=timing_of(meeting, joining),
        zone=meeting.zone,
        now=timezone.now(),
    )
    if not form.is_bound or "change" in request.POST or not form.is_valid():
        status = 200 if not form.is_bound or "change" in request.POST else 422
        return _move_form(request, meeting, form, status=status)
    change = change_of(form)
    if not planning.differs(meeting, change):
        form.add_error(None, str(planning.CannotPlan("same")))
        return _move_form(request, meeting, form, status=422)
    if request.POST.get("step") != "tell":
        return _move_preview(request, meeting, form, change)
    refused = _carry_out(
        form, lambda **seen: planning.move(meeting=meeting, change=change, **seen), request
    )
    if refused is None:
        messages.success(request, _("Moved. Everyone who gave an e-mail is told now."))
        return redirect("desk_meeting", meeting.slug)
    current = find(request, slug)
    differing = differences(form, timing_of(current, queries.way_in(current))) if refused else None
    if refused:
        form.show_version(current.version)
    return _move_form(request, current, form, differing=differing, status=409)


@staff_page(PLAN)
@require_http_methods(METHODS)
def cancel(request: StaffRequest, slug: str) -> HttpResponse:
    """Calls it off with a reason that everyone reads; shown with the mail before it leaves."""
    meeting = find(request, slug)
    if not _can_still_change(meeting):
        return redirect("desk_meeting", meeting.slug)
    initial = {"seen_version": meeting.version}
    form = ReasonForm(request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_bound or "change" in request.POST or not form.is_valid():
        status = 200 if not form.is_bound or "change" in request.POST else 422
        return _cancel_form(request, meeting, form, status=status)
    if request.POST.get("step") != "tell":
        return _cancel_preview(request, meeting, form)
    refused = _carry_out(
        form,
        lambda **seen: planning.cancel(meeting=meeting, reason=form.reason(), **seen),
        request,
    )
    if refused is None:
        messages.success(request, _("Cancelled. Everyone who gave an e-mail is told now."))
        return redirect("desk_meeting", meeting.slug)
    current = find(request, slug)
    if refused:
        form.show_version(current.version)
    return _cancel_form(request, current, form, is_stale=refused, status=409)


@staff_page(PLAN)
@require_POST
def discard(request: StaffRequest, slug: str) -> HttpResponse:
    """Throw a draft away; nobody outside has heard of it."""
    meeting = find(request, slug)
    form = SeenForm(request.POST)
    refused = _carry_out(form, lambda **seen: planning.discard(meeting=meeting, **seen), request)
    if refused is None:
        messages.success(request, _("The draft was thrown away."))
        return redirect("desk_meetings")
    messages.warning(request, _("Nothing was thrown away: the meeting has changed. Look again."))
    return redirect("desk_meeting", meeting.slug)


def _carry_out(form: SeenForm, act: Callable[..., object], request: StaffRequest) -> bool | None:
    """None when it was done; else whether somebody else was faster, and the form says why not."""
    if not form.is_valid():
        return False
    seen: dict[str, Any] = {
        "version": form.cleaned_data["seen_version"],
        "by": actor_of(request),
        "now": timezone.now(),
    }
    try:
        act(**seen)
    except StaleMeeting:
        return True
    except planning.CannotPlan as refusal:
        form.add_error(None, str(refusal))
        return False
    return None


def _can_still_change(meeting: Meeting) -> bool:
    return can_move(state=meeting.state, ends_at=meeting.ends_at, now=timezone.now())


def _announce_page(
    request: StaffRequest,
    meeting: Meeting,
    form: SeenForm,
    *,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    as_public = copy.copy(meeting)
    as_public.state, as_public.announced_on = "announced", meeting.agency.day_of(now)
    context = {
        "meeting": meeting,
        "form": form,
        "is_stale": is_stale,
        "is_past": meeting.starts_at <= now,
        "pages": [as_read(request, as_public, code, now) for code in LANGUAGES],
        "letters": rsvp_letters(as_public),
    }
    return render(request, "meetings/desk/announce.html", context, status=status)


def _move_form(
    request: StaffRequest,
    meeting: Meeting,
    form: TimingForm,
    *,
    differing: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "form": form,
        "zone": meeting.timezone.replace("_", " "),
        "when": when_words(meeting),
        "place": place_words(meeting),
        "is_stale": differing is not None,
        "differing": differing or [],
    }
    return render(request, "meetings/desk/move.html", context, status=status)


def _move_preview(
    request: StaffRequest, meeting: Meeting, form: TimingForm, change: planning.Change
) -> HttpResponse:
    moved = as_moved(meeting, change)
    context = {
        **told(meeting),
        "meeting": meeting,
        "carried": [field.as_hidden() for field in form],
        "warning": form.warning,
        "old": {"when": when_words(meeting), "place": place_words(meeting)},
        "new": {"when": when_words(moved), "place": place_words(moved)},
        "letters": moved_letters(meeting, moved),
    }
    return render(request, "meetings/desk/move_preview.html", context)


def _cancel_form(
    request: StaffRequest,
    meeting: Meeting,
    form: ReasonForm,
    *,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        **told(meeting),
        "meeting": meeting,
        "form": form,
        "when": when_words(meeting),
        "place": place_words(meeting),
        "is_stale": is_stale,
    }
    return render(request, "meetings/desk/cancel.html", context, status=status)


def _cancel_preview(request: StaffRequest, meeting: Meeting, form: ReasonForm) -> HttpResponse:
    called_off = copy.copy(meeting)
    called_off.state, called_off.cancel_reason = "cancelled", form.reason()
    called_off.revision += 1
    reasons = [
        {"code": code, "language": name_of(code), "text": form.reason().as_dict().get(code, "")}
        for code in LANGUAGES
    ]
    context = {
        **told(meeting),
        "meeting": meeting,
        "carried": [field.as_hidden() for field in form],
        "reasons": reasons,
        "when": when_words(meeting),
        "place": place_words(meeting),
        "letters": cancelled_letters(called_off),
    }
    return render(request, "meetings/desk/cancel_preview.html", context)
