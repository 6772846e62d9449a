"""/desk/setup/organisations/: who takes work from this agency, how, and who works for them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.groups import actions
from engagement.groups.forms import MemberForm, OrganisationForm
from engagement.groups.models import Organisation
from engagement.groups.queries import members_of, who_could_join
from engagement.groups.registry import MANAGE


@staff_page(MANAGE)
@require_GET
def organisations(request: StaffRequest) -> HttpResponse:
    rows = Organisation.objects.of(request.agency).order_by("-is_active", "name", "id")
    return render(request, "groups/list.html", {"organisations": rows})


@sensitive_post_parameters("email", "endpoint_key")
@staff_page(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    kept = _kept(request, form, None)
    if kept is not None:
        messages.success(request, _("The organisation is on the list."))
        return redirect("desk_organisation", kept.pk)
    status = 422 if form.errors else 200
    return render(request, "groups/organisation.html", {"form": form}, status=status)


@sensitive_post_parameters("email", "endpoint_key")
@staff_page(MANAGE)
@require_http_methods(["GET", "POST"])
def organisation(request: StaffRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=found)
    if _kept(request, form, found) is not None:
        messages.success(request, _("Saved."))
        return redirect("desk_organisation", found.pk)
    return _page(request, found, form)


@staff_page(MANAGE)
@require_POST
def add_member(request: StaffRequest, number: int) -> HttpResponse:
    found, now = _find(request, number), timezone.now()
    form = MemberForm(request.POST, partners=who_could_join(found, now=now))
    if form.is_valid():
        user_id = form.cleaned_data["user"]
        try:
            actions.add_member(organisation=found, user_id=user_id, by=actor_of(request), now=now)
        except actions.CannotJoin:
            messages.error(request, _("This person is no partner of the agency any more."))
        else:
            messages.success(request, _("They now find what this organisation is given."))
    else:
        messages.error(request, _("Choose one of the partners of the agency."))
    return redirect("desk_organisation", found.pk)


@staff_page(MANAGE)
@require_POST
def remove_member(request: StaffRequest, number: int, member: int) -> HttpResponse:
    found = _find(request, number)
    by, now = actor_of(request), timezone.now()
    if actions.remove_member(organisation=found, user_id=member, by=by, now=now):
        messages.success(request, _("They see nothing of this organisation any more."))
    return redirect("desk_organisation", found.pk)


def _find(request: StaffRequest, number: int) -> Organisation:
    rows = Organisation.objects.of(request.agency).select_related("agency")
    return get_object_or_404(rows, pk=number)


def _kept(
    request: StaffRequest, form: OrganisationForm, found: Organisation | None
) -> Organisation | None:
    if not form.is_valid():
        return None
    try:
        return actions.keep_organisation(
            agency=request.agency,
            organisation_id=found.pk if found else None,
            details=form.details(),
            by=actor_of(request),
            now=timezone.now(),
        )
    except actions.NameTaken:
        form.add_error("name", _("This name is on the list already."))
        return None


def _page(request: StaffRequest, found: Organisation, form: OrganisationForm) -> HttpResponse:
    now = timezone.now()
    context = {
        "organisation": found,
        "form": form,
        "members": members_of(found, now=now),
        "member_form": MemberForm(partners=who_could_join(found, now=now)),
    }
    status = 422 if form.errors else 200
    return render(request, "groups/organisation.html", context, status=status)
