"""The account's own pages: its second steps and its sessions."""

import json
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagement.people.factor_adapter import FactorAdapter
from engagement.people.factor_doors import HELD, may_add_factor, to_second_step
from engagement.people.factor_forms import CodeForm, NewKeyForm, default_name, registration
from engagement.people.factor_secrets import opened_secret, sealed_secret
from engagement.people.factors import (
    CannotAdd,
    CannotRemove,
    WrongCode,
    add_app,
    add_key,
    factors_of,
    has_app,
    has_factors,
    is_staff_account,
    remove_factor,
)
from engagement.people.models import User
from engagement.people.pictures import Picture, picture_of
from engagement.people.trust import FactorKind, has_recent_factor, note_factor
from engagement.people.visits import end_session, end_sessions, visits_of

# The sealed secret of an app that has not shown a code yet.
PENDING = "people.new_app"


def security(request: HttpRequest) -> HttpResponse:
    """What protects this account, and what may be changed here."""
    user = _owner(request)
    factors = factors_of(user)
    return render(
        request,
        "mfa/security.html",
        {
            "factors": factors,
            "has_app": any(factor.kind == FactorKind.TOTP for factor in factors),
            "is_staff_account": is_staff_account(user),
            "may_add": may_add_factor(request, user, now=timezone.now()) or bool(factors),
        },
    )


def new_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: a secret to copy or scan, and a code that proves it."""
    user = _owner(request)
    if refused := _refused(request, user):
        return refused
    if has_app(user):
        return redirect("account_security")
    form = CodeForm(request.POST or None)
    secret = _pending_secret(request, user, is_new=not form.is_bound)
    if form.is_valid():
        try:
            add_app(user=user, secret=secret, code=form.cleaned_data["code"], now=timezone.now())
        except WrongCode:
            form.add_error("code", _("This code does not fit. Wait for the next one and type it."))
        except CannotAdd:
            return redirect("account_security")
        else:
            del request.session[PENDING]
            return _added(request, FactorKind.TOTP)
    return render(request, "mfa/new_app.html", {"form": form, **_to_copy(user, secret)})


def new_key(request: HttpRequest) -> HttpResponse:
    """Add a security key, or the passkey of a phone or computer."""
    user = _owner(request)
    if refused := _refused(request, user):
        return refused
    form = NewKeyForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"] or default_name(user)
        credential = form.cleaned_data["credential"]
        try:
            add_key(user=user, name=name, credential=credential, now=timezone.now())
        except CannotAdd:
            messages.error(request, _("You have enough keys. Remove one first."))
            return redirect("account_security")
        return _added(request, FactorKind.SECURITY_KEY)
    options = json.dumps(registration(user), cls=DjangoJSONEncoder)
    return render(request, "mfa/new_key.html", {"form": form, "options": options})


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    user = _owner(request)
    if not has_recent_factor(request, own=True):
        return to_second_step(request, back=reverse("account_security"))
    wanted = request.POST.get("factor", "")
    try:
        remove_factor(
            user=user, factor_id=int(wanted) if wanted.isdecimal() else 0, now=timezone.now()
        )
    except CannotRemove:
        messages.error(request, _("The last second step stays. Add another one first."))
    else:
        messages.success(request, _("Removed. It does not open your account any more."))
    return redirect("account_security")


def sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in. Neither address nor device is known here."""
    user = _owner(request)
    if request.method == "POST":
        return _end(request, user)
    visits = visits_of(user, current=request.session.session_key, now=timezone.now())
    return render(request, "mfa/sessions.html", {"visits": visits})


def _end(request: HttpRequest, user: User) -> HttpResponse:
    handle = request.POST.get("session", "")
    if handle:
        is_ended = end_session(user, handle)
    else:
        is_ended = bool(end_sessions(user, except_=request.session.session_key))
    if is_ended:
        messages.success(request, _("Ended. Whoever used it must sign in again."))
    else:
        messages.info(request, _("There was nothing left to end."))
    return redirect("account_sessions")


def _owner(request: HttpRequest) -> User:
    """Behind a door that lets only signed-in people in."""
    user = request.user
    assert isinstance(user, User)
    return user


def _refused(request: HttpRequest, user: User) -> HttpResponse | None:
    """The answer to whoever may not add a factor now."""
    if not is_staff_account(user):
        return redirect("account_security")
    if may_add_factor(request, user, now=timezone.now()):
        return None
    return to_second_step(request) if has_factors(user) else redirect("account_security")


def _pending_secret(request: HttpRequest, user: User, *, is_new: bool) -> str:
    """The secret on the page; the session holds it sealed until a code proves it."""
    sealed = request.session.get(PENDING)
    if sealed and not is_new:
        return opened_secret(sealed, user_id=user.pk)
    secret: str = generate_totp_secret()
    request.session[PENDING] = sealed_secret(secret, user_id=user.pk)
    return secret


def _to_copy(user: User, secret: str) -> dict[str, Any]:
    link = FactorAdapter().build_totp_url(user, secret)
    picture: Picture = picture_of(link)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return {"secret": " ".join(groups), "link": link, "picture": picture}


def _added(request: HttpRequest, kind: FactorKind) -> HttpResponse:
    # The session can do more from here on; who knew its old key shall not have that.
    request.session.cycle_key()
    if request.session.pop(HELD, None):
        # Somebody else may have been in with the password alone.
        end_sessions(_owner(request), except_=request.session.session_key)
    note_factor(request, kind)
    messages.success(request, _("Your second step is set up. You need it at each sign-in."))
    return redirect("account_security")
