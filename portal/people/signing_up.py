"""/account/signup/: anybody makes an account; a flood of accounts is made to work for it.

Each sign-up costs a slow hash, a sealed address and a mail to whomever it names.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from engagement.doors.addresses import address
from engagement.doors.challenge import Verdict
from engagement.doors.challenging import challenged, is_trapped, verdict_of
from engagement.doors.throttle import allow, counted
from engagement.people.views import SignUp

# What one visitor may ask for unproven, since a library has one address for all its visitors, and
# what is no flood when all visitors are taken together.
FEW, MANY, WINDOW_SECONDS = 5, 60, 600
TOO_MANY = 429


class ChallengedSignUp(SignUp):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As ever; one of a flood is asked to come again, and nothing is made or mailed."""
        if _must_wait(request):
            form = self.get_form()
            form.add_error(None, _slow_down())
            context = self.get_context_data(form=form)
            asked: HttpResponse = self.render_to_response(context, status=TOO_MANY)
            return asked
        answer: HttpResponseBase = super().post(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return {**found, "signup_url": address(self.request, "account_signup")}


def _must_wait(request: HttpRequest) -> bool:
    """Whether this is one of a flood, without the proof that the flood asks for.

    Who alone asks for many must have done the work. In a flood of everybody the seconds that a
    page was open will do, so that nobody is shut out for want of a script.
    """
    verdict = verdict_of(request)
    is_one_of_few = allow("signup", request, limit=FEW, seconds=WINDOW_SECONDS)
    is_flood = counted("signup:everybody", seconds=WINDOW_SECONDS) > MANY
    if not is_one_of_few:
        return verdict != Verdict.PROVEN or is_trapped(request)
    return is_flood and (verdict not in (Verdict.PROVEN, Verdict.WAITED) or is_trapped(request))


def _slow_down() -> str:
    return _(
        "Many accounts are being made just now. Wait a minute, type your password again and press "
        "the button once more. You can send a report without an account."
    )


sign_up = challenged("signup")(ChallengedSignUp.as_view())
