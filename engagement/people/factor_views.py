"""The second step at the sign-in, and shown again inside a session."""

import json
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.people.accounts import Checked
from engagement.people.attempts import CODE, PASSKEY, Attempt
from engagement.people.devices import begin_shift
from engagement.people.factor_forms import CodeForm, KeyForm, challenge
from engagement.people.factors import WrongCode, check_code, factors_of
from engagement.people.models import User
from engagement.people.own_paths import is_own_path
from engagement.people.shifts import note_of
from engagement.people.trust import FactorKind, note_factor


@login_stage_required(  # type: ignore[untyped-decorator]
    stage=AuthenticateStage.key, redirect_urlname="account_login"
)
def second_step(request: HttpRequest) -> HttpResponse:
    """After the right password: nobody is signed in before this step is done."""
    stage = request._login_stage  # type: ignore[attr-defined]
    asked = Asked(request, stage.login.user)
    kind = asked.shown()
    if kind is None:
        return render(request, "mfa/authenticate.html", asked.context())
    request.checked_factor = Checked(stage.login.user.pk, kind)  # type: ignore[attr-defined]
    answer: HttpResponse = stage.exit()
    return answer


def confirm(request: HttpRequest) -> HttpResponse:
    """Show a factor again, in a session whose last one is too old for what comes next."""
    user = request.user
    assert isinstance(user, User)
    next_ = request.POST.get("next") or request.GET.get("next")
    back = next_ if next_ and is_own_path(next_) else ""
    asked = Asked(request, user)
    if not asked.factors:
        return redirect("account_security")
    kind = asked.shown()
    if kind is None:
        return render(request, "mfa/confirm.html", {**asked.context(), "next": back})
    request.session.cycle_key()
    note_factor(request, kind)
    if note_of(request.session) is None:
        begin_shift(request, now=timezone.now())
    return redirect(back or "account_security")


def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """GET answers the challenge for the script; POST signs in whoever the passkey says it is."""
    visitor = request.META["REMOTE_ADDR"]
    attempt = Attempt(PASSKEY, account="", visitor=visitor)
    if attempt.is_refused:
        return HttpResponse(status=429)
    if request.method != "POST":
        # The cookie ends with the browser, whether or not a sign-in follows.
        request.session.set_expiry(0)
        return JsonResponse(challenge(None), encoder=DjangoJSONEncoder)
    form = KeyForm(request.POST, user=None)
    if not form.is_valid():
        messages.error(request, _("This passkey was not accepted. Use your password."))
        return redirect("account_login")
    factor: Authenticator = form.cleaned_data["credential"]
    user = factor.user
    # The library skips the second step of whoever signed in by a passkey, and asks this record.
    record_authentication(
        request, user, "mfa", id=factor.pk, type=str(factor.type), passwordless=True
    )
    request.checked_factor = Checked(user.pk, FactorKind.PASSKEY)  # type: ignore[attr-defined]
    next_ = request.POST.get("next")
    login = Login(user=user, redirect_url=next_ if is_own_path(next_) else None)
    answer: HttpResponse = perform_login(request, login)
    return answer


class Asked:
    """The question for a factor of `user`: its forms, and the answer in this request."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request, self.user = request, user
        self.factors = factors_of(user)
        kinds = {factor.kind for factor in self.factors}
        self.has_app = FactorKind.TOTP in kinds
        self.has_key = FactorKind.SECURITY_KEY in kinds
        posted = request.POST if request.method == "POST" else None
        is_key = posted is not None and "credential" in posted
        self.code = CodeForm(None if is_key else posted)
        self.key = KeyForm(posted if is_key else None, user=user)

    def shown(self) -> FactorKind | None:
        """The factor that this request shows, or None; then the forms say what is wrong."""
        if self.key.is_bound:
            return FactorKind.SECURITY_KEY if self.key.is_valid() else None
        if not self.code.is_bound or not self.code.is_valid():
            return None
        return self._shown_code(self.code.cleaned_data["code"])

    def _shown_code(self, code: str) -> FactorKind | None:
        visitor = self.request.META["REMOTE_ADDR"]
        attempt = Attempt(CODE, account=str(self.user.pk), visitor=visitor)
        if attempt.is_refused or attempt.is_in_flood:
            self.code.add_error(
                "code",
                _(
                    "Too many wrong codes. Wait five minutes, or use a key. If it was not you who "
                    "typed them, choose a new password: somebody knows yours."
                ),
            )
            return None
        try:
            check_code(user=self.user, code=code, now=timezone.now())
        except WrongCode:
            self.code.add_error(
                "code", _("This is not the code of this moment. Wait for the next one and type it.")
            )
            return None
        attempt.succeed()
        return FactorKind.TOTP

    def context(self) -> dict[str, Any]:
        """For the template; the challenge for keys is new with each page."""
        options = challenge(self.user) if self.has_key else None
        return {
            "form": self.code,
            "key_form": self.key,
            "has_app": self.has_app,
            "has_key": self.has_key,
            "options": json.dumps(options, cls=DjangoJSONEncoder) if options else "",
            "next": "",
        }
