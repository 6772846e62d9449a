"""The pages on which a report is still open: the form itself, and the one reminder."""

from django.http import HttpResponse
from django.shortcuts import render

from concerns.forms.kinds import groups_of
from concerns.forms.place import find_hits
from concerns.forms.report import ReportForm
from concerns.views.report_slots import form_slots
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency

WHAT, WHERE, WORDS, YOU = "what", "where", "words", "you"
STEPS = (WHAT, WHERE, WORDS, YOU)
FIELDS_OF_STEPS = {
    WHAT: {"category"},
    WHERE: {"place_query", "place_hit", "place_kept", "lon", "lat", "area", "no_place", "is_home"},
    WORDS: {"text", "last_seen", "time_of_day", "how_often", "when"},
}


def form_page(
    request: PortalRequest,
    agency: Agency,
    form: ReportForm,
    *,
    signed_key: str,
    asks_more: bool = False,
) -> HttpResponse:
    """The form with all that was typed; `asks_more` when only its kind's questions are new."""
    wants_hits = "find_place" in request.POST or "place_query" in form.errors
    query = str(form["place_query"].value() or "")
    hits = find_hits(agency=agency, text=query) if wants_hits else []
    context = {
        "form": form,
        "key": signed_key,
        "groups": groups_of(form.categories.values(), form.chosen_category),
        "hits": hits,
        "has_no_hits": wants_hits and bool(query.strip()) and not hits,
        "asks_more": asks_more,
        "open_step": WORDS if asks_more else _step_to_open(request, form),
        "new_url": address(request, "report_new"),
        "help_url": address(request, "report"),
        "sign_in_path": address(request, "report_new"),
        **form_slots(request, agency=agency, form=form),
    }
    return render(request, "concerns/report_form.html", context)


def reminder_page(
    request: PortalRequest, form: ReportForm, carried: list[tuple[str, str]], *, signed_key: str
) -> HttpResponse:
    """Says once that behavior matters, not looks; from here the report can be sent as it is."""
    context = {
        "form": form,
        "carried": [*carried, ("reminded", "on")],
        "key": signed_key,
        "new_url": address(request, "report_new"),
        "words_step": WORDS,
    }
    return render(request, "concerns/report_reminder.html", context)


def _step_to_open(request: PortalRequest, form: ReportForm) -> str:
    """The first step with something to put right, else the one that was asked for."""
    if "find_place" in request.POST:
        return WHERE
    for step, names in FIELDS_OF_STEPS.items():
        if names & set(form.errors):
            return step
    asked = form.chosen_questions
    if form.is_bound and asked is not None and asked.errors:
        return WORDS
    wanted = request.POST.get("change", "")
    if wanted in STEPS:
        return wanted
    return YOU if form.errors else WHAT
