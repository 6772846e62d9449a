"""/account/invitation/<token>/: look at an invitation, and say yes to it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from engagement.doors.access import open_page
from engagement.doors.requests import PortalRequest
from engagement.people.acceptance import CannotAccept, accept_anew, accept_as
from engagement.people.invitations import has_account, invitation_named_by
from engagement.people.models import DirectoryConnection, EnrolmentPermit, Invitation, User
from engagement.people.recovery import permit_token
from engagement.people.roles import ROLE_WORDS, Role
from portal.people.forms import AcceptForm


@sensitive_post_parameters()
@open_page
@require_http_methods(["GET", "POST"])
def invitation(request: PortalRequest, token: str) -> HttpResponse:
    """GET only shows: mail scanners open links. POST accepts."""
    found = invitation_named_by(token, now=timezone.now())
    if found is None:
        return render(request, "people/invitation_over.html", status=404)
    if has_account(found):
        return _with_account(request, found, token)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, found, token, form=form)
    try:
        user = accept_anew(token=token, password=form.cleaned_data["password1"], now=timezone.now())
    except CannotAccept:
        return redirect("account_invitation", token)
    logout(request)
    return next_step(request, user)


def _with_account(request: PortalRequest, found: Invitation, token: str) -> HttpResponse:
    """The owner of the address signs in first, as with any link that leads into an account."""
    if request.method != "POST" or not isinstance(request.user, User):
        return _show(request, found, token, form=None)
    try:
        accept_as(token=token, user=request.user, now=timezone.now())
    except CannotAccept:
        messages.error(
            request, _("This invitation is for another address. Sign out, then sign in with it.")
        )
        return redirect("account_invitation", token)
    return next_step(request, request.user)


def next_step(request: PortalRequest, user: User) -> HttpResponse:
    """To the second step where one is still to be set up, else to the sign-in or the desk."""
    messages.success(request, _("Welcome. You are part of the team now."))
    permit = EnrolmentPermit.objects.filter(user=user).first()
    if permit is not None:
        return redirect("account_enrol", permit_token(permit))
    return redirect("desk" if request.user.is_authenticated else "account_login")


def _show(
    request: PortalRequest, found: Invitation, token: str, form: AcceptForm | None
) -> HttpResponse:
    context: dict[str, Any] = {
        "invitation": found,
        "roles": [ROLE_WORDS[Role(value)] for value in found.roles],
        "areas": [area.name for area in found.areas.order_by("name", "id")],
        "form": form,
        "token": token,
        "connections": list(
            DirectoryConnection.objects.filter(agency=found.agency, is_active=True).order_by(
                "name", "id"
            )
        ),
        "sign_in": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "people/invitation.html", context)
