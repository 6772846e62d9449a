"""Numbers that help, the honest privacy page, and the quick way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from concerns.published.addresses import address
from concerns.views.public_pages import help_line
from engagement.doors.access import public_page
from engagement.places.queries import help_hotlines


@public_page
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """How the portal works, and every number once more."""
    context = {
        "lines": [help_line(hotline) for hotline in help_hotlines(request.agency)],
        "report_url": address(request, "report"),
        "track_url": address(request, "track"),
        "privacy_url": address(request, "privacy"),
    }
    return _unreferred(render(request, "portal/help.html", context))


@public_page
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who reads it, and what nobody can promise."""
    context = {"report_url": address(request, "report"), "help_url": address(request, "help")}
    return _unreferred(render(request, "portal/privacy.html", context))


@public_page
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """A page that says nothing, and clears what the browser kept of this site."""
    response = _unreferred(render(request, "portal/leave.html"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    return response


def _unreferred(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    return response
