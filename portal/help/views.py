"""Numbers that help, the honest privacy page, and the quick way out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concerns.views.public_pages import help_line
from engagement.doors.access import public_page
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.places.queries import help_hotlines


@public_page
@require_safe
def help_page(request: PortalRequest) -> HttpResponse:
    """How the portal works, and every number once more."""
    context = {
        "lines": [help_line(hotline) for hotline in help_hotlines(request.agency)],
        "report_url": address(request, "report"),
        "track_url": address(request, "track"),
        "privacy_url": address(request, "privacy"),
    }
    return render(request, "portal/help.html", context)


@public_page
@require_safe
def privacy(request: PortalRequest) -> HttpResponse:
    """What is kept, who reads it, and what nobody can promise."""
    context = {"report_url": address(request, "report"), "help_url": address(request, "help")}
    return render(request, "portal/privacy.html", context)


@public_page
@require_safe
def leave(request: PortalRequest) -> HttpResponse:
    """A page that says nothing; the doors let the browser forget this site with it."""
    return render(request, "portal/leave.html")
