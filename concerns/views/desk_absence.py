"""Who is away and who stands in: one's own days, or anybody's for a supervisor."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from concerns.actions.absences import CannotBeAway, Days, end_absence, set_absence
from concerns.forms.absences import AbsenceForm
from concerns.models import Absence
from concerns.querysets import READ
from concerns.registry import TRIAGE, WORKLOAD
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.people.rights import allowed

WHY_NOT = {
    "over": gettext_lazy("Those days are over. Choose days from today on."),
    "order": gettext_lazy("The last day must not be before the first day."),
    "too_long": gettext_lazy("Set at most one year."),
    "overlap": gettext_lazy("Days of absence are set already that overlap these. End those first."),
    "not_staff": gettext_lazy("This person does not work on concerns here."),
    "not_stand_in": gettext_lazy("Choose somebody else who works on concerns here."),
}


@dataclass(frozen=True)
class Away:
    """An absence as a list shows it. `stand_in_is_away` says that it leads to nobody on some of
    its days."""

    absence: Absence
    name: str
    stand_in: str
    is_now: bool
    stand_in_is_away: bool
    may_end: bool


def away_rows(request: StaffRequest, today: date) -> list[Away]:
    """Absences that are not over, the next first: all of the agency. One query."""
    rows = list(
        Absence.objects.filter(agency=request.agency)
        .from_now_on(today)
        .select_related("user", "stand_in")
    )
    rules = allowed(request.user, WORKLOAD, agency_id=request.agency.pk)
    return [
        Away(
            absence=row,
            name=row.user.name,
            stand_in=row.stand_in.name if row.stand_in else "",
            is_now=row.from_on <= today,
            stand_in_is_away=any(
                other.user_id == row.stand_in_id
                and other.from_on <= row.until_on
                and other.until_on >= row.from_on
                for other in rows
            ),
            may_end=rules or row.user_id == request.user.pk,
        )
        for row in rows
    ]


@staff_page(TRIAGE)
@require_http_methods(["GET", "POST"])
def absences(request: StaffRequest) -> HttpResponse:
    """The list, and a form for the next one."""
    form = _form(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, form.cleaned_data)
        except CannotBeAway as error:
            form.add_error("first", str(WHY_NOT[error.reason]))
        else:
            messages.success(request, _said(form.cleaned_data["stand_in"]))
            return redirect("desk_absences")
    if form.is_bound:
        status = 422
    today = request.agency.day_of(timezone.now())
    context: dict[str, Any] = {"form": form, "rows": away_rows(request, today)}
    return render(request, "concerns/desk/absences.html", context, status=status)


@staff_page(TRIAGE)
@require_POST
def end(request: StaffRequest, number: int) -> HttpResponse:
    """End one's own, or anybody's as a supervisor; another agency's does not exist."""
    rows = Absence.objects.filter(agency=request.agency)
    if not allowed(request.user, WORKLOAD, agency_id=request.agency.pk):
        rows = rows.filter(user=request.user)
    absence = get_object_or_404(rows, pk=number)
    end_absence(absence_id=absence.pk, by=actor_of(request), now=timezone.now())
    messages.success(request, _("Ended. New concerns go to them again."))
    return redirect("desk_absences")


def _form(request: StaffRequest) -> AbsenceForm:
    staff: list[User] = list(
        staff_holding(roles=permission(READ).roles, agency=request.agency, now=timezone.now())
    )
    rules = allowed(request.user, WORKLOAD, agency_id=request.agency.pk)
    return AbsenceForm(
        request.POST if request.method == "POST" else None,
        others=staff if rules else [user for user in staff if user != request.user],
        anybody=staff if rules else None,
        initial={"person": str(request.user.pk)},
    )


def _said(stand_in: str) -> str:
    if stand_in:
        return _("Noted. New concerns go to the stand-in on those days.")
    return _("Noted. On those days new concerns lie open with nobody.")


def _set(request: StaffRequest, cleaned: dict[str, Any]) -> None:
    set_absence(
        agency=request.agency,
        user_id=int(cleaned.get("person") or request.user.pk),
        days=Days(cleaned["first"], cleaned["last"]),
        stand_in_id=int(cleaned["stand_in"]) if cleaned["stand_in"] else None,
        by=actor_of(request),
        now=timezone.now(),
    )
