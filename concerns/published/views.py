"""What neighbors raised and what was done: list, page, map and feed, from the projection alone."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from concerns.published.feed import feed_of
from concerns.published.forms import FilterForm, box_of, zoom_of
from concerns.published.kinds import published_kinds
from concerns.published.map import Box, Mark, Marks, map_marks
from concerns.published.photos import photos_of
from concerns.published.prevention import prevention_of
from concerns.published.queries import (
    moved_to,
    published_branches,
    published_count,
    published_one,
)
from concerns.published.reading import wanted_of
from concerns.published.rows import OUTCOMES, STATES, rows_of, title_of
from concerns.published.sharing import (
    address_of,
    asked_pairs,
    followable,
    pairs_of,
    suggestions,
)
from concerns.published.sharing import title_of as title_of_filter
from engagement.doors.access import cacheable, public_page
from engagement.doors.addresses import address
from engagement.doors.choosing import choose_agency
from engagement.doors.paging import keyset_page_of
from engagement.doors.requests import PortalRequest
from engagement.keys.references import BadReference, normalise, spaced
from engagement.places.models import Agency, Area

PAGE_SIZE = 25
FEED_SIZE = 50
WORLD = Box(-180.0, -90.0, 180.0, 90.0)
# Stands in an address for the reference of a mark.
REFERENCE = "REFERENCE"


@public_page
@require_safe
def published_list(request: PortalRequest) -> HttpResponse:
    """List and map side by side; the list has everything that the map shows."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    form = filter_of(request, agency)
    wanted = form.wanted()
    pairs, cursor = pairs_of(form, wanted), request.GET.get("cursor")
    if asked_pairs(request) != pairs:
        # A form sends its empty fields too; what people pass on is the one short address.
        kept = [("cursor", cursor)] if cursor else []
        return redirect(address_of(request, "published_list", [*pairs, *kept]))
    page = keyset_page_of(
        published_branches(agency=agency, wanted=wanted), size=PAGE_SIZE, cursor=cursor
    )
    count = published_count(agency=agency, wanted=wanted) if page.newer is None else None
    context = {
        "form": form,
        "rows": rows_of(request, page.rows),
        "page": page,
        "filter_title": title_of_filter(form, wanted),
        "is_filtered": not wanted.is_everything,
        "count": count,
        "count_number": number_format(count.number, force_grouping=True) if count else "",
        "suggestions": [] if page.rows else suggestions(request, form, wanted),
        "advice": prevention_of(agency, wanted.categories, form.kinds),
        "list_url": address(request, "published_list"),
        "shared_url": settings.ORIGIN + address_of(request, "published_list", pairs),
        "map_url": address_of(request, "published_map", pairs),
        "feed_url": address_of(request, "published_feed", pairs),
        "follow_url": address_of(request, "follow", followable(pairs)),
        "report_url": address(request, "report"),
    }
    return render(request, "published/list.html", context)


@public_page
@require_safe
def published_detail(request: PortalRequest, reference: str) -> HttpResponse:
    """One published concern with everything the public was told."""
    agency = known_agency(request)
    try:
        reference = normalise(reference)
    except BadReference:
        raise Http404 from None
    concern = published_one(agency=agency, reference=reference)
    if concern is None:
        return _moved_page(request, agency, reference)
    areas = Area.objects.filter(agency=agency, pk__in=concern.areas.values("area_id"))
    kind = {"category": concern.category_code}
    context = {
        "concern": concern,
        "title": title_of(concern),
        "code": spaced(concern.reference),
        "state_words": STATES.get(concern.state, concern.state),
        "outcome_words": OUTCOMES.get(concern.outcome, ""),
        "updates": list(concern.updates.all()),
        "photos": photos_of(request, concern),
        "areas": [
            {"name": area.name, "url": address(request, "area", area.slug)}
            for area in areas.order_by("layer", "name")
        ],
        "advice": prevention_of(
            agency, (concern.category_code,), {concern.category_code: str(concern.category_label)}
        ),
        "at_least": concern.support.at_least if hasattr(concern, "support") else 0,
        "join_url": address(request, "mine_too", query={"concern": concern.reference}),
        "list_url": address(request, "published_list"),
        "same_kind_url": address(request, "published_list", query=kind),
        "follow_url": address(request, "follow", query=kind),
        "report_url": address(request, "report", query=kind),
    }
    return render(request, "published/detail.html", context)


def _moved_page(request: PortalRequest, agency: Agency, reference: str) -> HttpResponse:
    """Lead on from a page whose concern was joined with another. Raises Http404."""
    other = moved_to(agency=agency, reference=reference)
    if not other:
        raise Http404
    return redirect(address(request, "published_detail", other))


@cacheable(60)
@public_page
@require_safe
def published_map(request: PortalRequest) -> JsonResponse:
    """Marks inside a box: {"points": [{lon, lat, count, title, url, state}]}.

    Under a filter that is not counted in advance, "newest_of" says how many were looked at.
    """
    found = _marks_of(request, known_agency(request))
    page = address(request, "published_detail", REFERENCE)
    answer: dict[str, Any] = {"points": [_point(mark, page) for mark in found.marks]}
    if found.newest_of:
        answer["newest_of"] = found.newest_of
    return JsonResponse(answer)


@cacheable(300)
@public_page
@require_safe
def published_feed(request: PortalRequest) -> HttpResponse:
    """The newest published concerns as RSS 2.0, under the same filters as the list."""
    agency = known_agency(request)
    form = filter_of(request, agency)
    wanted = form.wanted()
    parts = published_branches(agency=agency, wanted=wanted)
    newest = keyset_page_of(parts, size=FEED_SIZE, cursor=None).rows
    pairs, words = pairs_of(form, wanted), title_of_filter(form, wanted)
    feed = feed_of(request, agency, newest, pairs=pairs, words=words)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def known_agency(request: HttpRequest) -> Agency:
    """The agency of the request, as the guard found it. Raises Http404 when there is none."""
    agency: Agency | None = getattr(request, "agency", None)
    if agency is None:
        raise Http404
    return agency


def filter_of(request: HttpRequest, agency: Agency) -> FilterForm:
    """The filters of a request, over the kinds and areas that this agency has."""
    layers = (agency.public_layer, agency.responsible_layer)
    areas = Area.objects.filter(agency=agency, layer__in=layers).order_by("name", "id")
    return FilterForm(request.GET, kinds=published_kinds(agency), areas=areas)


def _marks_of(request: PortalRequest, agency: Agency) -> Marks:
    """What the map shows. Only where kinds find nothing are they looked up, for one that the
    agency has not published is not a filter."""
    wanted = wanted_of(request.GET, agency)
    box = box_of(request.GET.get("bbox", "")) or WORLD
    zoom = zoom_of(request.GET.get("zoom", ""))
    found = map_marks(agency=agency, wanted=wanted, box=box, zoom=zoom)
    if found.marks or not wanted.categories:
        return found
    known = filter_of(request, agency).wanted()
    if known == wanted:
        return found
    return map_marks(agency=agency, wanted=known, box=box, zoom=zoom)


def _point(mark: Mark, page: str) -> dict[str, Any]:
    point: dict[str, Any] = {"lon": mark.lon, "lat": mark.lat, "count": mark.count}
    if mark.reference:
        point["title"] = str(mark.label)
        point["state"] = mark.state
        point["url"] = page.replace(REFERENCE, mark.reference)
    return point
