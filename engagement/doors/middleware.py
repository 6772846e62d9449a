"""What stands before every view: no address gets in, nothing unguarded answers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from engagement.doors.access import OPERATE, Door, Kind, door_of
from engagement.doors.agencies import agency_of_page, agency_of_staff
from engagement.doors.headers import dress
from engagement.doors.pseudonym import is_trusted_proxy, pseudonym
from engagement.people import rights
from engagement.people.directory_doors import waits_for_directory
from engagement.people.factor_doors import waits_for_factor
from engagement.people.models import User
from engagement.places.models import Agency

Answer = Callable[[HttpRequest], HttpResponseBase]

# Everything by which a server or a proxy tells who is asking, and with which device.
TELLTALES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ORIGINAL_FORWARDED_FOR",
    "HTTP_X_ENVOY_EXTERNAL_ADDRESS",
    "HTTP_X_AZURE_CLIENTIP",
    "HTTP_CLIENT_IP",
    "HTTP_FORWARDED",
    "HTTP_FORWARDED_FOR",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_CF_IPCOUNTRY",
    "HTTP_FASTLY_CLIENT_IP",
    "HTTP_FLY_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_VIA",
    "HTTP_USER_AGENT",
    "HTTP_SEC_CH_UA",
    "HTTP_SEC_CH_UA_MODEL",
    "HTTP_SEC_CH_UA_PLATFORM",
    "REMOTE_HOST",
    "REMOTE_PORT",
)


class ClientPseudonym:
    """Replaces the visitor's address, and all that proxies say of it, by a pseudonym."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if not is_trusted_proxy(str(meta.get("REMOTE_ADDR", ""))):
            # Only a configured proxy may say that the visitor came by https.
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
        request.client = pseudonym(meta)  # type: ignore[attr-defined]
        for name in TELLTALES:
            meta.pop(name, None)
        meta["REMOTE_ADDR"] = request.client  # type: ignore[attr-defined]
        return self.get_response(request)


class SecurityHeaders:
    """Sets the same strict headers on every answer, and makes no-referrer and CSRF agree."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        restore_own_origin(request)
        response = self.get_response(request)
        dress(request, response)
        return response


def restore_own_origin(request: HttpRequest) -> None:
    """Put our own origin where a browser wrote "null" on a form of ours.

    A page with no-referrer sends its forms with "Origin: null" (Fetch, "append a request Origin
    header"), which Django's check refuses. The browser says in Sec-Fetch-Site, which no script
    can set, that the form was ours; without that header the CSRF token alone decides.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE", "same-origin")
    if request.META.get("HTTP_ORIGIN") == "null" and site == "same-origin":
        request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"


class Guard:
    """Lets nobody through to a view without a door, nor through a door that is not theirs."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        door = door_of(view, match.view_name if match else None)
        if door is None:
            raise Http404
        request.door = door  # type: ignore[attr-defined]
        request.cache_seconds = getattr(view, "cache_seconds", 0)  # type: ignore[attr-defined]
        # Loaded before a public page narrows what the database shows.
        user = request.user
        is_known = user.is_authenticated
        if door.kind in (Kind.PUBLIC, Kind.OPEN, Kind.SIGNED_IN):
            request.agency = agency_of_page(request)  # type: ignore[attr-defined]
            request.desk_is_open = is_known and rights.is_desk_member(user)  # type: ignore[attr-defined]
            request.is_partner = is_known and rights.is_partner(user)  # type: ignore[attr-defined]
            show_its_time(request.agency)  # type: ignore[attr-defined]
        if door.kind in (Kind.PUBLIC, Kind.OPEN):
            return None
        if not is_known:
            return ask_to_sign_in(request)
        assert isinstance(user, User)
        return None if admit(request, user, door) else refuse(request, user)


def show_its_time(agency: Agency | None) -> None:
    """Let templates show moments as the agency's clocks do."""
    if agency is not None:
        timezone.activate(agency.zone)


def admit(request: HttpRequest, user: User, door: Door) -> bool:
    """Whether a signed-in person may pass; sets the agency of staff pages."""
    if door.kind == Kind.SIGNED_IN:
        return True
    if door.kind == Kind.OPERATOR:
        request.agency = None  # type: ignore[attr-defined]
        request.desk_is_open = rights.is_desk_member(user)  # type: ignore[attr-defined]
        return rights.allowed(user, door.permission or OPERATE, agency_id=None)
    agency = agency_of_staff(request, user, door.permission or "")
    request.agency = agency  # type: ignore[attr-defined]
    # A partner passes some of these doors and has no desk.
    request.desk_is_open = agency is not None and rights.is_desk_member(user)  # type: ignore[attr-defined]
    request.is_partner = agency is not None and rights.is_partner(user)  # type: ignore[attr-defined]
    show_its_time(agency)
    return agency is not None


def refuse(request: HttpRequest, user: User) -> HttpResponseBase:
    """Before a door that is not theirs; staff without a fresh second factor may show one, and
    those whose agency demands its directory may come through that.

    It is asked of the account alone, so what stands behind the door makes no difference.
    """
    if waits_for_directory(user, came_by=user.directory_agency_id, now=timezone.now()):
        words = gettext("Sign in through your agency's directory first.")
        return lead(request, resolve_url("account_directory"), words)
    if waits_for_factor(user):
        return lead(request, resolve_url("account_confirm"), gettext("Show a second step first."))
    # Whoever lacks a right learns no more than whoever mistyped the address.
    raise Http404


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    return lead(request, resolve_url(settings.LOGIN_URL), gettext("Sign in first."))


def lead(request: HttpRequest, page: str, words: str) -> HttpResponseBase:
    """To another page, in the way that a browser, a script or a program understands."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": words}, status=403)
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(page)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=303, headers={"Location": page})
    return redirect_to_login(request.get_full_path(), page)
