"""Error pages: plain, alike for what is foreign and what does not exist, and silent."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, "400.html", HTTPStatus.BAD_REQUEST, gettext("Bad request."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, "403.html", HTTPStatus.FORBIDDEN, gettext("Not allowed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, "404.html", HTTPStatus.NOT_FOUND, gettext("Not found."))


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, "429.html", HTTPStatus.TOO_MANY_REQUESTS, gettext("Too many requests."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(
        request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR, gettext("Something broke.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The reason is not shown: it repeats headers of the request."""
    return _plain(request, "403_csrf.html", HTTPStatus.FORBIDDEN, gettext("Not allowed."))


def _plain(request: HttpRequest, template: str, status: HTTPStatus, words: str) -> HttpResponse:
    """No context and no request reach the template, so that no query and no input does."""
    if request.path.startswith(("/api/", "/open311/")):
        return JsonResponse({"detail": words}, status=status)
    return HttpResponse(render_to_string(template), status=status)
