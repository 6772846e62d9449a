"""Behind the mailed link: choose a password, sign in with it, set up the first second step."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from engagement.people.factor_doors import held_permit, hold_permit
from engagement.people.factors import has_app
from engagement.people.forms import NewPasswordForm
from engagement.people.models import User
from engagement.people.recovery import permit_named_by


def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """Mail scanners open links: only the button goes on, and takes the link along."""
    if permit_named_by(token, now=timezone.now()) is None:
        return _gone(request)
    if request.method != "POST":
        return render(request, "mfa/enrol.html")
    hold_permit(request, token)
    return redirect("account_enrol_here")


def enrol_here(request: HttpRequest) -> HttpResponse:
    """The next thing that the holder of the link has to do."""
    permit = held_permit(request, now=timezone.now())
    if permit is None:
        return _gone(request)
    if not permit.user.has_usable_password():
        return _choose_password(request, permit.user)
    if request.user.pk != permit.user_id:
        here = reverse("account_enrol_here")
        return render(
            request,
            "mfa/enrol_sign_in.html",
            {"sign_in": f"{reverse('account_login')}?next={here}", "here": here},
        )
    return render(request, "mfa/enrol_choose.html", {"has_app": has_app(permit.user)})


def _choose_password(request: HttpRequest, user: User) -> HttpResponse:
    """Nobody is signed in by this; the password is asked for on the next page."""
    form = NewPasswordForm(request.POST or None, user=user, temp_key="")
    if form.is_valid():
        form.save()
        return redirect("account_enrol_here")
    return render(request, "mfa/enrol_password.html", {"form": form})


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "mfa/enrol_gone.html", status=410)
