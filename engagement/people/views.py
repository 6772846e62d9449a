"""Account pages. allauth does the work; what a GET could change by itself is taken out."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.forms import UserTokenForm
from allauth.decorators import rate_limit
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView


class SignUp(allauth_views.SignupView):  # type: ignore[misc]
    def get_initial(self) -> dict[str, Any]:
        # No address in an address bar, not even as a convenience.
        return {}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
        return answer


class ConfirmEmail(allauth_views.ConfirmEmailView):  # type: ignore[misc]
    """Mail scanners open links; only the button confirms, and nobody is signed in or out."""

    def logout_other_user(self, confirmation: object) -> None:
        return None

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().post(*args, **kwargs)
        except Http404:
            return HttpResponseRedirect(self.request.path)
        return answer


@method_decorator(rate_limit(action="reset_password_from_key"), name="dispatch")
class ChoosePassword(allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    """The key stays in the link: a session row must not hold what opens an account."""

    def dispatch(
        self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any
    ) -> HttpResponseBase:
        self.key = key
        token = UserTokenForm(data={"uidb36": uidb36, "key": key})
        if not token.is_valid():
            self.reset_user = None
            refused: HttpResponse = self.render_to_response(self.get_context_data(token_fail=True))
            return refused
        self.reset_user = token.reset_user
        return FormView.dispatch(self, request, uidb36=uidb36, key=key, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"token_fail": False, **super().get_context_data(**kwargs)}


confirm_email = ConfirmEmail.as_view()
choose_password = ChoosePassword.as_view()
