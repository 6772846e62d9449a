"""Headers that every answer of the portal carries."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from engagement.doors.access import Kind
from engagement.people.shifts import COOKIE

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
# A picture that somebody sent: should a browser ever take it for a page, that page can do nothing.
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
# A map may ask where the reader stands; nothing else of the device is ever asked for.
PERMISSIONS_POLICY = ", ".join(
    [
        "geolocation=(self)",
        "accelerometer=()",
        "browsing-topics=()",
        "camera=()",
        "display-capture=()",
        "gyroscope=()",
        "magnetometer=()",
        "microphone=()",
        "midi=()",
        "payment=()",
        "usb=()",
    ]
)
# From these pages not even our own next page learns where the reader came from.
UNTRACED_PATHS = (
    "/report/",
    "/track/",
    "/help/",
    "/my/",
    "/leave/",
    "/account/",
    "/meetings/rsvp/",
)
CLEARED = '"cache", "cookies", "storage"'
CLEARED_BUT_COOKIES = '"cache", "storage"'
SIGNS_OUT = frozenset({"account_logout", "account_end_shift"})


def dress(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the headers of one answer in place."""
    headers = response.headers
    is_picture = headers.get("Content-Type", "") == "image/jpeg"
    headers["Content-Security-Policy"] = PICTURE_POLICY if is_picture else CONTENT_SECURITY_POLICY
    headers["Permissions-Policy"] = PERMISSIONS_POLICY
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    untraced = request.path.startswith(UNTRACED_PATHS)
    headers["Referrer-Policy"] = "no-referrer" if untraced else "same-origin"
    if leaves_the_device(request):
        _clear(request, response)
    seconds = cache_seconds(request, response)
    if seconds:
        headers["Cache-Control"] = f"public, max-age={seconds}"
        patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
    else:
        headers["Cache-Control"] = "no-store"
        headers.pop("Expires", None)
        # Said always: else it would tell whether a view stands behind a refused address.
        patch_vary_headers(response, ["Accept-Language", "Cookie"])


def leaves_the_device(request: HttpRequest) -> bool:
    """Whether this answer ends a visit, so that the browser must forget it.

    A browser obeys also for a picture or a frame, by which any site could sign our visitors out.
    """
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return False
    route = _route(request)
    return route == "leave" or (route in SIGNS_OUT and request.method == "POST")


def _clear(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the browser forget everything, but that the agency registered it."""
    if COOKIE not in request.COOKIES:
        response.headers["Clear-Site-Data"] = CLEARED
        return
    response.headers["Clear-Site-Data"] = CLEARED_BUT_COOKIES
    for name in (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
    ):
        response.delete_cookie(name)


def cache_seconds(request: HttpRequest, response: HttpResponseBase) -> int:
    """How long others may keep this answer: 0 unless it is an anonymous public page."""
    seconds = int(getattr(request, "cache_seconds", 0))
    door = getattr(request, "door", None)
    is_public = door is not None and door.kind == Kind.PUBLIC
    is_anonymous = not request.COOKIES and not response.cookies
    is_plain = request.method in ("GET", "HEAD") and response.status_code == 200
    return seconds if is_public and is_anonymous and is_plain else 0


def _route(request: HttpRequest) -> str | None:
    match = request.resolver_match
    return match.view_name if match else None
