"""Writing a meeting down and changing its words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.doors.submission import KeyIsStale, new_key, opened_key
from engagement.places.models import Agency, Area
from engagement.places.queries import agency_areas
from meetings import queries
from meetings.actions import planning
from meetings.actions.ground import StaleMeeting
from meetings.forms.filling import details_of, initial_of, kept_change, new_details
from meetings.forms.seen import SeenForm
from meetings.forms.wording import MeetingForm, WordsForm
from meetings.models import Meeting
from meetings.registry import PLAN
from meetings.views.desk_list import find

METHODS = ["GET", "HEAD", "POST"]


@staff_page(PLAN)
@require_http_methods(METHODS)
def new(request: StaffRequest) -> HttpResponse:
    """A draft that only staff see; announcing it is a step of its own."""
    agency, now = request.agency, timezone.now()
    is_sent = request.method == "POST"
    form = MeetingForm(
        request.POST if is_sent else None, areas=_areas(agency), zone=agency.zone, now=now
    )
    if not is_sent or not form.is_valid():
        return _form_page(request, form, None, status=422 if is_sent else 200)
    try:
        made = planning.draft(
            agency=agency,
            details=new_details(form),
            by=actor_of(request),
            now=now,
            submission_key=_key(request),
        )
    except planning.CannotPlan as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, None, status=409)
    _warn(request, form)
    messages.success(request, _("The draft is kept. Only staff see it until you announce it."))
    return redirect("desk_meeting", made.slug)


@staff_page(PLAN)
@require_http_methods(METHODS)
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """All of a draft; only the words of what was announced. Time and place move by a step of
    their own, which tells everyone who comes."""
    meeting = find(request, slug)
    form = _edit_form(request, meeting)
    is_sent = request.method == "POST"
    if meeting.is_cancelled or (is_sent and isinstance(form, MeetingForm) != meeting.is_draft):
        return redirect("desk_meeting", meeting.slug)
    if not is_sent or not form.is_valid():
        return _form_page(request, form, meeting, status=422 if is_sent else 200)
    return _saved(request, form, meeting)


def _key(request: StaffRequest) -> str | None:
    """The form's random key, by which a second press finds the first one's draft."""
    try:
        return opened_key(request.POST.get("key", ""))
    except KeyIsStale:
        return None


def _saved(request: StaffRequest, form: WordsForm, meeting: Meeting) -> HttpResponse:
    if isinstance(form, MeetingForm):
        details = new_details(form)
    else:
        details = details_of(form, kept_change(meeting, queries.way_in(meeting)))
    try:
        planning.edit(
            meeting=meeting,
            version=form.cleaned_data["seen_version"],
            details=details,
            by=actor_of(request),
            now=timezone.now(),
        )
    except StaleMeeting:
        return _clash(request, form, meeting)
    except planning.CannotPlan as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, meeting, status=409)
    if isinstance(form, MeetingForm):
        _warn(request, form)
        messages.success(request, _("The draft is kept."))
    else:
        messages.success(request, _("Saved. The public page shows it now."))
    return redirect("desk_meeting", meeting.slug)


def _edit_form(request: StaffRequest, meeting: Meeting) -> WordsForm:
    data = request.POST if request.method == "POST" else None
    initial = initial_of(meeting, queries.way_in(meeting))
    areas = _areas(request.agency)
    if meeting.is_draft:
        return MeetingForm(
            data, initial=initial, areas=areas, zone=meeting.zone, now=timezone.now()
        )
    return WordsForm(data, initial=initial, areas=areas)


def _clash(request: StaffRequest, form: WordsForm, meeting: Meeting) -> HttpResponse:
    """Both versions side by side; what was typed stays in the form and can be sent again."""
    current = find(request, meeting.slug)
    stored = initial_of(current, queries.way_in(current))
    differing = differences(form, stored)
    form.show_version(current.version)
    return _form_page(request, form, current, differing=differing, status=409)


def differences(form: SeenForm, stored: dict[str, Any]) -> list[dict[str, Any]]:
    """Each question whose stored answer is another than the typed one, in words."""
    found = []
    for bound in form.visible_fields():
        theirs, yours = stored.get(bound.name), form.cleaned_data.get(bound.name)
        if (theirs or "") != (yours or ""):
            found.append(
                {"label": bound.label, "now": _shown(theirs, bound), "yours": _shown(yours, bound)}
            )
    return found


def _shown(value: Any, bound: Any) -> str:
    """An answer as its reader knows it: the label of a choice, the names of several."""
    labels: dict[Any, Any] = {}
    for key, label in getattr(bound.field, "choices", ()):
        labels.update(label if isinstance(label, list | tuple) else [(key, label)])
    several = value if isinstance(value, list) else [value]
    return ", ".join(str(labels.get(one, one)) for one in several if one not in (None, ""))


def _form_page(
    request: StaffRequest,
    form: WordsForm,
    meeting: Meeting | None,
    *,
    differing: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "meeting": meeting,
        "has_timing": isinstance(form, MeetingForm),
        "key": "" if meeting else request.POST.get("key") or new_key(),
        "zone": request.agency.timezone.replace("_", " "),
        "is_stale": differing is not None,
        "differing": differing or [],
    }
    return render(request, "meetings/desk/form.html", context, status=status)


def _areas(agency: Agency) -> dict[str, list[Area]]:
    """What a meeting can be for: the areas that residents know, and those of the police."""
    names = {
        agency.public_layer: _("Neighborhoods"),
        agency.responsible_layer: _("Police areas"),
    }
    return {name: list(agency_areas(agency, layer)) for layer, name in names.items()}


def _warn(request: StaffRequest, form: MeetingForm) -> None:
    if form.warning:
        messages.warning(request, form.warning)
