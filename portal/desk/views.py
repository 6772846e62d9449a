"""The desk's first page: what needs doing now, from every room that has work."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from concerns.querysets import READ
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.rights import allowed
from meetings.queries import of_staff
from meetings.querysets import READ as READ_MEETINGS
from meetings.registry import PLAN
from meetings.views.desk_list import desk_row
from portal.desk.casework import casework
from portal.desk.keys import KEYS, are_off, keep_in_session, switch
from portal.desk.registry import OPEN

MEETINGS = 4


@staff_page(OPEN)
@require_GET
def desk(request: StaffRequest) -> HttpResponse:
    """Each room's work, for those who may see that room."""
    context: dict[str, Any] = {}
    if allowed(request.user, READ, agency_id=request.agency.pk):
        context["casework"] = casework(request)
        keep_in_session(request, keys_are_off=context["casework"]["keys_are_off"])
    if allowed(request.user, READ_MEETINGS, agency_id=request.agency.pk):
        found = of_staff(request.user, request.agency, is_over=False, now=timezone.now())
        context["meetings"] = [desk_row(meeting) for meeting in found[:MEETINGS]]
        context["may_plan"] = allowed(request.user, PLAN, agency_id=request.agency.pk)
    return render(request, "desk/home.html", context)


@staff_page(OPEN)
@require_http_methods(["GET", "POST"])
def keys(request: StaffRequest) -> HttpResponse:
    """Which keys the desk knows; and switch them off, or on again, for this person."""
    if request.method == "POST":
        to_be_off = request.POST.get("keys") == "off"
        switch(request, to_be_off=to_be_off, now=timezone.now())
        done = _("Keys are off.") if to_be_off else _("Keys are on.")
        messages.success(request, done)
        return redirect("desk_keys")
    return render(request, "desk/keys.html", {"keys": KEYS, "keys_are_off": are_off(request)})
