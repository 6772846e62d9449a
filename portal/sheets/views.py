"""Paper for a shift and for who leads: on the screen, as PDF, as CSV."""

from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagement.doors.access import actor_of, holds_everywhere, staff_page
from engagement.doors.requests import StaffRequest
from engagement.doors.spreadsheets import csv_file
from engagement.people.rights import allowed
from engagement.places.models import Area
from engagement.places.queries import agency_areas
from portal.models import SheetKind, SheetOrder, ShiftStart
from portal.sheets import orders
from portal.sheets.beat import beat_sheet
from portal.sheets.forms import OrderForm, ShiftsForm
from portal.sheets.printed import Printed, as_data, printed_beat, printed_week, week_rows
from portal.sheets.registry import BEAT, WEEK
from portal.sheets.typeset import pdf
from portal.sheets.week import WEEK as DAYS
from portal.sheets.week import Week, monday_of, week_of


@staff_page(BEAT)
@require_safe
def sheets(request: StaffRequest) -> HttpResponse:
    """All areas with their sheets, and when shifts begin."""
    return _sheets_page(request)


@staff_page(BEAT)
@require_safe
def sheet(request: StaffRequest, slug: str) -> HttpResponse:
    area = _area(request, slug)
    context = {
        "sheet": _printed_beat(request, area),
        "area": area,
        "is_ordered": _ordered(request, SheetKind.BEAT).filter(area=area).exists(),
        "pdf_url": reverse("desk_sheet_pdf", args=[slug]),
        "kind": SheetKind.BEAT,
    }
    return render(request, "sheets/beat.html", context)


@staff_page(BEAT)
@require_safe
def sheet_pdf(request: StaffRequest, slug: str) -> HttpResponse:
    return _as_pdf(_printed_beat(request, _area(request, slug)), f"beat-{slug}.pdf")


@staff_page(WEEK)
@require_safe
def week(request: StaffRequest) -> HttpResponse:
    """The week that ended last, or the one that `from` names."""
    found = _week(request)
    context = {
        "sheet": printed_week(found),
        "is_ordered": _ordered(request, SheetKind.WEEK).exists(),
        "from": found.from_on.isoformat(),
        "earlier": (found.from_on - DAYS).isoformat(),
        "later": (found.from_on + DAYS).isoformat()
        if found.from_on + DAYS <= _today(request)
        else "",
        "kind": SheetKind.WEEK,
    }
    return render(request, "sheets/week.html", context)


@staff_page(WEEK)
@require_safe
def week_pdf(request: StaffRequest) -> HttpResponse:
    found = _week(request)
    return _as_pdf(printed_week(found), f"week-{found.from_on}.pdf")


@staff_page(WEEK)
@require_safe
def week_csv(request: StaffRequest) -> HttpResponse:
    found = _week(request)
    head, rows = week_rows(found)
    return csv_file(f"week-{found.from_on}.csv", head, rows)


@staff_page(BEAT)
@require_POST
def order(request: StaffRequest) -> HttpResponse:
    """Begin or end a sheet by mail."""
    form = OrderForm(request.POST)
    if not form.is_valid():
        raise Http404
    kind = SheetKind(form.cleaned_data["kind"])
    is_week = kind == SheetKind.WEEK
    if is_week and not allowed(request.user, WEEK, agency_id=request.agency.pk):
        raise Http404
    area = None if is_week else _area(request, form.cleaned_data["area"])
    wanted = form.cleaned_data["wanted"]
    orders.order(
        agency=request.agency,
        kind=kind,
        area=area,
        wanted=wanted,
        by=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _when_it_comes(request, kind) if wanted else _("No mails any more."))
    return redirect("desk_week") if area is None else redirect("desk_sheet", area.slug)


@staff_page(WEEK)
@require_POST
def shifts(request: StaffRequest) -> HttpResponse:
    """Say when shifts begin, in all areas; sheets are mailed then."""
    if not holds_everywhere(request, WEEK, agency_id=request.agency.pk):
        raise Http404
    form = ShiftsForm(request.POST)
    if not form.is_valid():
        return _sheets_page(request, form=form, status=422)
    starts = form.cleaned_data["starts"]
    orders.set_shifts(
        agency=request.agency, starts=starts, by=actor_of(request), now=timezone.now()
    )
    messages.success(request, _("Saved."))
    return redirect("desk_sheets")


def _sheets_page(
    request: StaffRequest, *, form: ShiftsForm | None = None, status: int = 200
) -> HttpResponse:
    starts = ShiftStart.objects.filter(agency=request.agency)
    times = ", ".join(f"{start.at:%H:%M}" for start in starts)
    may_lead = allowed(request.user, WEEK, agency_id=request.agency.pk)
    context = {
        "areas": _areas(request),
        "ordered": set(_ordered(request, SheetKind.BEAT).values_list("area_id", flat=True)),
        "may_lead": may_lead,
        "sets_shifts": holds_everywhere(request, WEEK, agency_id=request.agency.pk),
        "times": times,
        "form": form or ShiftsForm(initial={"starts": times}),
    }
    return render(request, "sheets/list.html", context, status=status)


def _when_it_comes(request: StaffRequest, kind: SheetKind) -> str:
    if kind == SheetKind.WEEK:
        return _("It comes by mail on Mondays at 6 in the morning.")
    if ShiftStart.objects.filter(agency=request.agency).exists():
        return _("It comes by mail when a shift begins.")
    return _("It comes by mail when a shift begins; a supervisor has to say when that is.")


def _areas(request: StaffRequest) -> list[Area]:
    return list(agency_areas(request.agency, request.agency.responsible_layer, _today(request)))


def _area(request: StaffRequest, slug: str) -> Area:
    layer = request.agency.responsible_layer
    return get_object_or_404(Area, agency=request.agency, layer=layer, slug=slug)


def _ordered(request: StaffRequest, kind: SheetKind) -> QuerySet[SheetOrder]:
    return SheetOrder.objects.filter(agency=request.agency, user=request.user, kind=kind)


def _printed_beat(request: StaffRequest, area: Area) -> Printed:
    return printed_beat(beat_sheet(request.agency, area, now=timezone.now()))


def _week(request: StaffRequest) -> Week:
    today = _today(request)
    try:
        wanted = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        wanted = today - DAYS
    # Nothing is known of weeks to come, and years far back only cost.
    first = max(monday_of(min(wanted, today)), date(2000, 1, 3))
    return week_of(request.agency, first, now=timezone.now())


def _today(request: StaffRequest) -> date:
    return request.agency.day_of(timezone.now())


def _as_pdf(printed: Printed, name: str) -> HttpResponse:
    return HttpResponse(
        pdf("sheet", as_data(printed)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
