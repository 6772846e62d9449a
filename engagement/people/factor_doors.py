"""Leads people to the page where they show their second factor, instead of past it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from engagement.people.factors import has_factors, is_staff_account
from engagement.people.models import EnrolmentPermit, User
from engagement.people.own_paths import is_own_path
from engagement.people.recovery import permit_named_by
from engagement.people.trust import has_recent_factor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# The link's last part, held from opening the link to the first factor.
HELD = "people.enrolment"


def needs_recent_factor(view: View) -> View:
    """Ask for a factor first, unless one was shown within the last quarter hour.

    Hang it under a door: it asks no permission. What was typed into a form is not kept; the
    person sends it again.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if has_recent_factor(request):
            return view(request, *args, **kwargs)
        return to_second_step(request)

    return asked  # type: ignore[return-value]


def to_second_step(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """The way to the page that asks for a factor, and back: to `back`, else to this page, or to
    the one whose form was sent."""
    where = f"{reverse('account_confirm')}?{urlencode({'next': back or _page_of(request)})}"
    return HttpResponse(status=303, headers={"Location": where})


def _page_of(request: HttpRequest) -> str:
    """Many addresses only take what a form of another page sends, and show nothing themselves."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sender = urlsplit(request.META.get("HTTP_REFERER", ""))
    if sender.netloc != request.get_host() or not is_own_path(sender.path):
        return request.path
    return f"{sender.path}?{sender.query}" if sender.query else sender.path


def waits_for_factor(user: User) -> bool:
    """Whether a closed staff door might open once this person shows a factor."""
    return not (settings.DEMO or user.has_fresh_factor) and is_staff_account(user)


def hold_permit(request: HttpRequest, token: str) -> None:
    request.session[HELD] = token
    request.session.set_expiry(0)


def held_permit(request: HttpRequest, *, now: Any) -> EnrolmentPermit | None:
    """The permission whose link this browser has opened, while it lives; anybody's."""
    token = request.session.get(HELD)
    return permit_named_by(token, now=now) if token else None


def may_add_factor(request: HttpRequest, user: User, *, now: Any) -> bool:
    """Whether this session may add a factor to its account.

    To further ones a recent factor leads; to the first one a permit of somebody else alone, whose
    mailed link this session has opened. A password is not enough: it may be in strange hands.
    """
    if has_factors(user):
        return has_recent_factor(request, own=True)
    if settings.DEMO:
        return True
    permit = held_permit(request, now=now)
    return permit is not None and permit.user_id == user.pk
