"""The front page: three ways in, and the newest of what neighbors raised."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from concerns.published.addresses import address
from concerns.published.queries import newest
from engagement.doors.access import public_page
from engagement.places.queries import agency_areas

NEWEST = 4
AREAS = 60


@public_page
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What this is, whose it is, and the three clear ways in."""
    agency = request.agency
    context = {
        "concerns": newest(agency, NEWEST) if agency else [],
        "areas": agency_areas(agency, agency.public_layer)[:AREAS] if agency else [],
        "report_url": address(request, "report"),
        "track_url": address(request, "track"),
        "list_url": address(request, "published_list"),
        "areas_url": address(request, "areas"),
        "privacy_url": address(request, "privacy"),
    }
    return render(request, "portal/front.html", context)
