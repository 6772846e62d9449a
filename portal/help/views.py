"""Numbers that help, the honest privacy page, and the quick way out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concerns.models import ModerationReason
from concerns.models.moderation import Outcome
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
        "moderation_url": address(request, "help_moderation"),
    }
    return render(request, "portal/help.html", context)


@public_page
@require_safe
def moderation(request: PortalRequest) -> HttpResponse:
    """For which reasons words and photos are taken down, as the agency's own list says it."""
    reasons: list[ModerationReason] = []
    if request.agency is not None:
        known = ModerationReason.objects.filter(agency=request.agency, is_active=True)
        reasons = list(known.order_by("sort", "id"))
    groups = [
        (outcome.label, [one for one in reasons if one.outcome == outcome])
        for outcome in (Outcome.TAKEN_DOWN, Outcome.KEPT)
    ]
    context = {
        "groups": groups,
        "phone": request.agency.non_emergency_phone if request.agency else "",
        "help_url": address(request, "help"),
        "track_url": address(request, "track"),
    }
    return render(request, "portal/moderation.html", context)


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
