"""Devices that the agency knows, and the shift on them: registered, listed, revoked, ended."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagement.doors.access import signed_in_page, staff_page
from engagement.doors.requests import PortalRequest, StaffRequest
from engagement.people import devices
from engagement.people.factor_doors import needs_recent_factor
from engagement.people.factors import is_staff_account
from engagement.people.granting import MANAGE
from engagement.people.models import Device, User
from engagement.people.rights import agencies_of
from engagement.people.shifts import COOKIE, COOKIE_LASTS, COOKIE_PATH, note_of
from engagement.places.models import Agency
from portal.people.device_forms import DeviceForm
from portal.people.lists import demand_everywhere, here

LISTED = 200


@signed_in_page
@require_GET
def mine(request: PortalRequest) -> HttpResponse:
    """The officer's own devices, and the shift of this session."""
    user = _of_staff(request)
    context: dict[str, Any] = {
        "devices": Device.objects.filter(owner=user, revoked_on__isnull=True).order_by("id"),
        "shift": note_of(request.session),
        "this": devices.device_of(request),
        "form": DeviceForm(),
    }
    return render(request, "people/my_devices.html", context)


@signed_in_page
@needs_recent_factor
@require_http_methods(["GET", "POST"])
def register_own(request: PortalRequest) -> HttpResponse:
    """Register this very browser for its owner; GET is where a second factor leads back to."""
    user = _officer(request)
    form = DeviceForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(
            request,
            "people/register_device.html",
            {"form": form, "back": reverse("account_devices"), "is_shared": False},
        )
    agency = request.agency if request.agency and request.agency.pk in agencies_of(user) else None
    if agency is None:
        agency = Agency.objects.get(pk=agencies_of(user)[0])
    return _registered(request, form, agency, owner=user, back=reverse("account_devices"))


@signed_in_page
@require_POST
def revoke_own(request: PortalRequest, number: int) -> HttpResponse:
    user = _of_staff(request)
    found = get_object_or_404(Device.objects.select_related("agency"), owner=user, pk=number)
    devices.revoke(found, by=user, now=timezone.now())
    messages.success(request, _("Revoked. Whoever was signed in there is signed out."))
    return redirect("account_devices")


@signed_in_page
@require_POST
def end_shift(request: PortalRequest) -> HttpResponse:
    """One tap: signed out, and nothing of it is left in the browser for the next officer."""
    devices.note_end(request, now=timezone.now())
    logout(request)
    return redirect("account_login")


@staff_page(MANAGE)
@require_GET
def of_agency(request: StaffRequest) -> HttpResponse:
    """Every device of the agency, shared ones first."""
    known = Device.objects.filter(agency=request.agency, revoked_on__isnull=True)
    found = known.select_related("owner").order_by("owner__name", "name", "id")[:LISTED]
    rows = sorted(found, key=lambda device: not device.is_shared)
    return render(request, "people/devices.html", {"devices": rows, "here": here(request)})


@staff_page(MANAGE)
@needs_recent_factor
@require_http_methods(["GET", "POST"])
def register_shared(request: StaffRequest) -> HttpResponse:
    """Register this very computer for the officers who share it."""
    demand_everywhere(request)
    form = DeviceForm(request.POST if request.method == "POST" else None)
    back = reverse("desk_devices") + here(request)
    if not form.is_valid():
        context = {"form": form, "back": back, "is_shared": True}
        return render(request, "people/register_device.html", context)
    return _registered(request, form, request.agency, owner=None, back=back)


@staff_page(MANAGE)
@require_POST
def revoke_any(request: StaffRequest, number: int) -> HttpResponse:
    demand_everywhere(request)
    devices_here = Device.objects.select_related("agency").filter(agency=request.agency)
    found = get_object_or_404(devices_here, pk=number)
    devices.revoke(found, by=request.user, now=timezone.now())
    messages.success(request, _("Revoked. Whoever was signed in there is signed out."))
    return redirect(reverse("desk_devices") + here(request))


def _of_staff(request: PortalRequest) -> User:
    """Whoever may have devices, with or without a second factor in this session. Raises Http404."""
    user = request.user
    if not isinstance(user, User) or not is_staff_account(user):
        raise Http404
    return user


def _officer(request: PortalRequest) -> User:
    """A member of staff with a second factor in this session. Raises Http404."""
    user = request.user
    if not isinstance(user, User) or not agencies_of(user):
        raise Http404
    return user


def _registered(
    request: PortalRequest, form: DeviceForm, agency: Agency, *, owner: User | None, back: str
) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        token = devices.register(
            agency=agency,
            name=form.cleaned_data["name"],
            owner=owner,
            shift_hours=form.cleaned_data["shift_hours"],
            by=request.user,
            now=timezone.now(),
        )
    except devices.CannotRegister:
        form.add_error(None, _("You have enough devices. Revoke one first."))
        context = {"form": form, "back": back, "is_shared": owner is None}
        return render(request, "people/register_device.html", context, status=422)
    messages.success(request, _("Registered. It counts from the next sign-in here."))
    answer = redirect(back)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LASTS,
        path=COOKIE_PATH,
        secure=not settings.DEMO,
        httponly=True,
        samesite="Lax",
    )
    return answer
