"""The front page: three ways in, and the newest of what neighbors raised."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concerns.published.queries import published
from concerns.published.rows import rows_of
from engagement.doors.access import public_page
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency
from engagement.places.queries import agency_areas
from meetings.views.public_list import next_rows

NEWEST = 4
MEETINGS = 3
# More would be a wall of names; then the page of areas, with its map, serves better.
MOST_AREAS = 30


@public_page
@require_safe
def front(request: PortalRequest) -> HttpResponse:
    """What this is, whose it is, and the three clear ways in."""
    agency = request.agency
    context = {
        "concerns": rows_of(request, published(agency=agency)[:NEWEST]) if agency else [],
        "meetings": next_rows(request, agency, most=MEETINGS) if agency else [],
        "meetings_url": address(request, "meetings"),
        "areas": _area_links(request, agency) if agency else [],
        "agencies": [] if agency else Agency.objects.order_by("name"),
        "report_url": address(request, "report"),
        "track_url": address(request, "track"),
        "list_url": address(request, "published_list"),
        "areas_url": address(request, "areas"),
        "privacy_url": address(request, "privacy"),
    }
    return render(request, "portal/front.html", context)


def _area_links(request: PortalRequest, agency: Agency) -> list[dict[str, str]]:
    found = list(agency_areas(agency, agency.public_layer)[: MOST_AREAS + 1])
    if len(found) > MOST_AREAS:
        return []
    return [{"name": area.name, "url": address(request, "area", area.slug)} for area in found]
