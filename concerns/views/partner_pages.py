"""/partner/: what was handed to the organisations that somebody works for, with their account."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from concerns.models import Handoff
from concerns.models.handoffs import Handoffs, SaidBy
from concerns.registry import HANDOFF
from concerns.views.partner_work import Desk, shared_photo, work
from engagement.doors.access import actor_of, staff_page
from engagement.doors.pictures.uploads import takes_photos
from engagement.doors.requests import StaffRequest
from engagement.groups.models import OrganisationMember

MOST_LISTED = 200


@staff_page(HANDOFF)
@require_GET
def handoffs(request: StaffRequest) -> HttpResponse:
    """Open ones first, by their day; then what ended, newest first."""
    rows = list(_mine(request).order_by("-id")[:MOST_LISTED])
    still = sorted((row for row in rows if row.is_under_way), key=lambda row: row.due_on)
    context = {"still": still, "ended": [row for row in rows if not row.is_under_way]}
    return render(request, "concerns/partner/list.html", context)


@sensitive_post_parameters()
@takes_photos
@staff_page(HANDOFF)
@require_http_methods(["GET", "HEAD", "POST"])
def handoff(request: StaffRequest, reference: str) -> HttpResponse:
    return work(request, _find(request, reference), _desk(request, reference))


@staff_page(HANDOFF)
@require_safe
def photo(request: StaffRequest, reference: str, key: str) -> HttpResponse:
    return shared_photo(_find(request, reference), key)


def _mine(request: StaffRequest) -> Handoffs:
    """Those of organisations in use for which this person works today: asked at every request."""
    mine = OrganisationMember.objects.filter(user_id=request.user.pk, agency=request.agency)
    rows = Handoff.objects.shown_to_partners().filter(
        agency=request.agency,
        organisation__in=mine.values("organisation_id"),
        organisation__is_active=True,
    )
    return rows.select_related("organisation", "agency", "concern__category")


def _find(request: StaffRequest, reference: str) -> Handoff:
    found = _mine(request).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def _desk(request: StaffRequest, reference: str) -> Desk:
    return Desk(
        way=SaidBy.ACCOUNT,
        by=actor_of(request),
        home=reverse("partner"),
        address=reverse("partner_handoff", args=[reference]),
        photo_route="partner_photo",
    )
