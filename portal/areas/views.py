"""Areas of an agency: which there are, who looks after one, and what neighbors raised there."""

from typing import Any

import shapely
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from shapely.geometry import shape

from concerns.published.queries import Wanted, published
from concerns.published.rows import rows_of
from engagement.doors.access import open_page, public_page
from engagement.doors.addresses import address
from engagement.doors.choosing import choose_agency
from engagement.doors.requests import PortalRequest
from engagement.people.models import AreaAssignment
from engagement.places.models import Agency, Area
from engagement.places.queries import agency_areas, area_outlines, areas_at
from meetings.views.public_list import next_rows

NEWEST = 10
MEETINGS = 4


@public_page
@require_safe
def areas(request: PortalRequest) -> HttpResponse:
    """Every area in force today: police areas first, then neighborhoods."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    layers = [
        {"code": layer, "areas": _links(request, agency, layer)}
        for layer in dict.fromkeys((agency.public_layer, agency.responsible_layer))
    ]
    context = {
        "layers": layers,
        "report_url": address(request, "report"),
        "map_url": address(request, "published_map"),
    }
    return render(request, "portal/areas.html", context)


@open_page
@require_safe
def area(request: PortalRequest, slug: str) -> HttpResponseBase:
    """One area. Officers are looked up first, because the page itself is made under the role
    that sees only what was published."""
    found = get_object_or_404(
        Area.objects.select_related("agency"), agency=request.agency, slug=slug
    )
    return _area_page(request, found, _officers(found))


@public_page
def _area_page(request: PortalRequest, found: Area, officers: list[str]) -> HttpResponse:
    agency = found.agency
    feature = _outline(agency, found)
    district = _district(agency, found, feature)
    newest = published(agency=agency, wanted=Wanted(area_id=found.pk))[:NEWEST]
    context = {
        "area": found,
        "is_police_area": found.layer == agency.responsible_layer,
        "officers": officers,
        "bounds": _bounds(feature),
        "district": district,
        "rows": rows_of(request, newest),
        "meetings": next_rows(request, agency, area=found, most=MEETINGS),
        "meetings_url": address(request, "meetings", query={"area": found.slug}),
        "areas_url": address(request, "areas"),
        "report_url": address(request, "report"),
        "list_url": address(request, "published_list", query={"area": found.slug}),
        "map_url": address(request, "published_map", query={"area": found.slug}),
        "feed_url": address(request, "published_feed", query={"area": found.slug}),
        "district_url": address(request, "area", district["slug"]) if district else "",
    }
    return render(request, "portal/area.html", context)


def _links(request: PortalRequest, agency: Agency, layer: str) -> list[dict[str, str]]:
    return [
        {"name": area.name, "url": address(request, "area", area.slug)}
        for area in agency_areas(agency, layer)
    ]


def _officers(found: Area) -> list[str]:
    """Names, leads first, where the agency publishes names."""
    if not found.agency.publishes_officer_names:
        return []
    today = found.agency.day_of(timezone.now())
    duties = AreaAssignment.objects.in_force(today).filter(area=found, user__is_active=True)
    names = duties.order_by("-is_lead", "user__name", "id").values_list("user__name", flat=True)
    return [name for name in names if name]


def _outline(agency: Agency, found: Area) -> dict[str, Any] | None:
    features = area_outlines(agency, found.layer)["features"]
    return next((f for f in features if f["properties"]["id"] == found.pk), None)


def _bounds(feature: dict[str, Any] | None) -> str:
    if feature is None:
        return ""
    return ",".join(f"{degrees:.5f}" for degrees in shape(feature["geometry"]).bounds)


def _district(agency: Agency, found: Area, feature: dict[str, Any] | None) -> dict[str, str] | None:
    """The police area around a neighborhood's middle; layers do not nest, so no more is said."""
    if feature is None or found.layer == agency.responsible_layer:
        return None
    middle = shapely.point_on_surface(shape(feature["geometry"]))
    hit = areas_at(agency=agency, lon=middle.x, lat=middle.y).get(agency.responsible_layer)
    return {"name": hit.name, "slug": hit.slug} if hit else None
