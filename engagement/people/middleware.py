"""Says on the user object of each request whether its session carries a fresh second factor."""

from collections.abc import Callable

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from engagement.people.models import User
from engagement.people.shifts import note_of
from engagement.people.trust import FactorKind, directory_agency, factor_of, has_fresh_factor


class FactorOfSession:
    """Follows Django's own; so pages, administration and API all ask the same object."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: known(request))  # type: ignore[assignment]
        return self.get_response(request)


def known(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    shift = note_of(request.session)
    if shift is not None and shift.is_over:
        # The next officer must not find the last one's desk.
        request.session.flush()
        return AnonymousUser()
    if isinstance(user, User):
        user.has_fresh_factor = has_fresh_factor(request.session, user)
        user.is_vouched_for = factor_of(request.session) == FactorKind.DIRECTORY
        user.directory_agency_id = directory_agency(request.session, user)
    assert isinstance(user, User | AnonymousUser)
    return user
