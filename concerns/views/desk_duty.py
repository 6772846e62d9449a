"""The duty list: which supervisor is paged when, kept by the supervisors themselves."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from concerns.actions.paging import CannotChangeDuty, put_on_duty, take_off_duty
from concerns.forms.police_side import DutyForm
from concerns.models import DutyShift
from concerns.outside_registry import DUTY
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.queries import staff_holding
from engagement.people.roles import Role

MOST_LISTED = 200
USUAL_SHIFT = timedelta(hours=8)


@sensitive_post_parameters()
@staff_page(DUTY)
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    people = staff_holding(roles=[Role.SUPERVISOR], agency=request.agency, now=now)
    if request.method != "POST":
        begin = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
        usual = {"user": request.user.pk, "from_at": begin, "until_at": begin + USUAL_SHIFT}
        return _page(request, DutyForm(people=people, initial=usual))
    form = DutyForm(request.POST, people=people)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    try:
        put_on_duty(
            agency=request.agency,
            user_id=data["user"],
            from_at=data["from_at"],
            until_at=data["until_at"],
            phone=data["phone"],
            by=actor_of(request),
            now=now,
        )
    except CannotChangeDuty as refusal:
        if refusal.reason == "person":
            form.add_error("user", _("They are no supervisor here today."))
        else:
            form.add_error(
                "until_at", _("A shift ends after it begins, after now, and within 14 days.")
            )
        return _page(request, form, status=422)
    messages.success(request, _("On the duty list."))
    return redirect("desk_duty")


@staff_page(DUTY)
@require_POST
def off_duty(request: StaffRequest, number: int) -> HttpResponse:
    if not take_off_duty(
        agency=request.agency, shift_id=number, by=actor_of(request), now=timezone.now()
    ):
        raise Http404
    messages.success(request, _("Taken off the list. A number that was kept is destroyed."))
    return redirect("desk_duty")


def _page(request: StaffRequest, form: DutyForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    shifts = DutyShift.objects.filter(agency=request.agency, until_at__gt=now)
    rows = list(shifts.select_related("user").order_by("from_at", "id")[:MOST_LISTED])
    context = {
        "form": form,
        "current": [row for row in rows if row.from_at <= now],
        "coming": [row for row in rows if row.from_at > now],
    }
    return render(request, "concerns/desk/duty.html", context, status=status)
