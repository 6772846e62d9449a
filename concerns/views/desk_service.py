"""Services that people asked for: what is planned, the survey, and the round of the day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concerns.actions.reading import note_readings
from concerns.actions.services import CannotPlan, plan, write_survey
from concerns.forms.police_side import ServiceForm
from concerns.forms.survey import SurveyForm
from concerns.models import Concern, ServiceRequest
from concerns.models.services import Service
from concerns.registry import TRIAGE
from concerns.rights import may
from concerns.sealed_services import away_of, findings_of
from concerns.views.desk_cad import back, find_to_work
from concerns.workflow import OPEN_STATES
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import AreaAssignment

MOST_LISTED = 300
# What people come together for is shown so many days ahead.
AHEAD = timedelta(days=7)
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Stop:
    """One place of the round. `what` never says why somebody comes by: the sheet lies in a car."""

    concern: Concern
    what: str
    last_on: date | None
    may_visit: bool


@staff_page(TRIAGE)
@require_GET
def services(request: StaffRequest) -> HttpResponse:
    """Who is to be looked after today: in this person's areas, or everywhere they may work."""
    today = request.agency.day_of(timezone.now())
    is_all = request.GET.get("show") == "all"
    rows = _rows(request)
    if not is_all:
        own = AreaAssignment.objects.in_force(today).filter(user=request.user)
        near = Q(concern__area_id__in=own.values("area_id")) | Q(concern__owner=request.user)
        rows = rows.filter(near)
    stops = [stop for stop in (_stop(request, row, today) for row in rows[:MOST_LISTED]) if stop]
    # Only what is shown was read.
    note_readings(
        [stop.concern for stop in stops],
        agency=request.agency,
        by=request.user,
        now=timezone.now(),
    )
    context = {"stops": stops, "today": today, "is_all": is_all}
    answer = render(request, "concerns/desk/services.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def service_plan(request: StaffRequest, reference: str) -> HttpResponse:
    concern, form = find_to_work(request, reference), ServiceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the service, and days as in a calendar."))
        return back(concern, "service")
    try:
        plan(concern_id=concern.pk, by=actor_of(request), now=timezone.now(), **form.cleaned_data)
    except CannotPlan:
        messages.error(request, _("It ends before it begins, or this case asks for no service."))
        return back(concern, "service")
    messages.success(request, _("Planned."))
    return back(concern, "service")


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: StaffRequest, reference: str) -> HttpResponse:
    """The checklist: filled on a phone, or printed empty and filled by hand."""
    concern = find_to_work(request, reference)
    rows = ServiceRequest.objects.filter(concern=concern, kind=Service.SURVEY)
    service = get_object_or_404(rows)
    if request.method != "POST":
        return _survey_page(request, concern, SurveyForm(**_kept(concern, service)))
    form = SurveyForm(request.POST)
    if not form.is_valid():
        return _survey_page(request, concern, form, status=422)
    try:
        write_survey(
            concern_id=concern.pk,
            findings=form.findings,
            recheck_on=form.cleaned_data["recheck_on"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except CannotPlan:
        raise Http404 from None
    messages.success(request, _("Kept, sealed. The reporter reads that somebody came by."))
    return back(concern, "service")


def _rows(request: StaffRequest) -> Any:
    visible = Concern.objects.visible_to(request.user).filter(agency=request.agency).not_held()
    today = request.agency.day_of(timezone.now())
    is_due = Q(concern__state__in=sorted(OPEN_STATES)) | Q(recheck_on__lte=today)
    rows = ServiceRequest.objects.filter(is_due, agency=request.agency)
    rows = rows.filter(concern__in=visible.values("pk"))
    rows = rows.select_related("concern__category", "concern__area", "concern__empty_home")
    rows = rows.annotate(
        last_on=Max("concern__visits__on", filter=Q(concern__visits__is_taken_back=False))
    )
    return rows.defer("concern__search", "concern__text").order_by(
        "concern__area__name", "concern__place_text", "id"
    )


def _stop(request: StaffRequest, row: Any, today: date) -> Stop | None:
    """The stop of today, or None; only where this person may work."""
    if not may(request.user, TRIAGE, row.concern):
        return None
    what = _due(row, today)
    return Stop(row.concern, what, row.last_on, row.concern.is_open) if what else None


def _due(row: ServiceRequest, today: date) -> str:
    """What is to be done today in words that tell no reason, "" for nothing."""
    if row.kind == Service.VACATION:
        kept = getattr(row.concern, "empty_home", None)
        return _("Come by") if kept and away_of(kept).holds(today) else ""
    if row.recheck_on is not None and row.recheck_on <= today:
        return _("Survey: look again")
    if row.kind == Service.SURVEY:
        return _("Survey") if row.recheck_on is None else ""
    begun = row.from_on is None or row.from_on <= today
    if row.kind == Service.PATROL:
        is_over = row.until_on is not None and row.until_on < today
        return _("Come by") if begun and not is_over else ""
    is_near = row.from_on is not None and today <= row.from_on <= today + AHEAD
    return str(Service(row.kind).label) if is_near else ""


def _kept(concern: Concern, service: ServiceRequest) -> dict[str, Any]:
    row = getattr(concern, "survey", None)
    if row is None:
        return {}
    return {"found": findings_of(row), "initial": {"recheck_on": service.recheck_on}}


def _survey_page(
    request: StaffRequest, concern: Concern, form: SurveyForm, *, status: int = 200
) -> HttpResponse:
    language = request.GET.get("language", "")
    context = {
        "concern": concern,
        "form": form,
        "parts": form.parts(language if language in LANGUAGES else None),
    }
    answer = render(request, "concerns/desk/survey.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
