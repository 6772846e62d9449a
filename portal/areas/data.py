"""Streets, outlines and place search as JSON for our own map; the same for everyone."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from engagement.doors.access import cacheable, public_page
from engagement.doors.throttle import allow
from engagement.places.models import Agency
from engagement.places.queries import NoSuchTile, area_outlines, search_places, street_tile

KEPT_SECONDS = 600
# A minute's typing asks about fifty times; a program that copies the map asks far more.
SEARCHES = 240


@cacheable(KEPT_SECONDS)
@public_page
@require_safe
def streets(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """The street lines of one map tile."""
    agency = get_object_or_404(Agency, slug=slug)
    try:
        tile = street_tile(agency, z, x, y)
    except NoSuchTile as error:
        raise Http404 from error
    return _kept(request, tile, revision=f"s{agency.pk}.{agency.street_revision}")


@cacheable(KEPT_SECONDS)
@public_page
@require_safe
def outlines(request: HttpRequest, slug: str, layer: str) -> HttpResponse:
    """The areas of a layer as GeoJSON."""
    agency = get_object_or_404(Agency, slug=slug)
    revision = f"a{agency.pk}.{agency.boundary_revision}"
    return _kept(request, area_outlines(agency, layer), revision=revision)


# It reads the same names for everyone and changes nothing, so no form needs to vouch for it.
@csrf_exempt
@public_page
@require_POST
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Addresses, streets, corners and areas for what someone typed; nothing of it is stored.

    Asked by POST: an address line is kept by browsers, and by servers on the way.
    """
    if not allow("places.search", request, limit=SEARCHES, seconds=60):
        return JsonResponse({"results": []}, status=429, headers={"Retry-After": "60"})
    agency = get_object_or_404(Agency, slug=slug)
    hits = search_places(agency=agency, text=request.POST.get("q", ""))
    return JsonResponse({"results": [hit._asdict() for hit in hits]})


def _kept(request: HttpRequest, data: dict[str, Any], *, revision: str) -> HttpResponse:
    """Sent again only when the revision has changed."""
    tag = f'"{revision}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = JsonResponse(data)
    response["ETag"] = tag
    return response
