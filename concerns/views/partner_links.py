"""The same page by a link in a mail. Looking at the link changes nothing, for mail scanners open
links; the button lets somebody in until the browser closes."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from concerns.actions import handoff_links as links
from concerns.models import Handoff
from concerns.models.handoffs import SaidBy
from concerns.views.partner_work import Desk, shared_photo, work
from engagement.doors.access import open_page
from engagement.doors.pictures.uploads import takes_photos
from engagement.doors.requests import PortalRequest

# Links that this browser has opened, by the reference behind each.
OPENED = "handoffs.opened"


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: PortalRequest, token: str) -> HttpResponse:
    """Offer to open it; the form opens it."""
    now = timezone.now()
    if request.method == "POST":
        opened = links.open_link(token=token, now=now)
        if opened is not None:
            request.session[OPENED] = {
                **request.session.get(OPENED, {}),
                opened.handoff.reference: opened.pk,
            }
            request.session.set_expiry(0)
            return redirect("partner_shared", opened.handoff.reference)
    found = links.link_of(token, now=now)
    if found is None:
        return render(request, "concerns/partner/link_over.html", status=404)
    behind = found.handoff
    context = {"organisation": behind.organisation.name, "police": behind.agency.name}
    return render(request, "concerns/partner/link.html", context)


@sensitive_post_parameters()
@takes_photos
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: PortalRequest, reference: str) -> HttpResponse:
    handoff = _find(request, reference)
    if handoff is None:
        return render(request, "concerns/partner/link_over.html", status=404)
    request.agency = handoff.agency
    desk = Desk(
        way=SaidBy.LINK,
        by=links.BY,
        home="",
        address=reverse("partner_shared", args=[reference]),
        photo_route="partner_shared_photo",
    )
    return work(request, handoff, desk)


@open_page
@require_safe
def photo(request: PortalRequest, reference: str, key: str) -> HttpResponse:
    handoff = _find(request, reference)
    if handoff is None:
        raise Http404
    return shared_photo(handoff, key)


def _find(request: PortalRequest, reference: str) -> Handoff | None:
    """Asked at every request: a link may have been ended since it was opened."""
    link_id = request.session.get(OPENED, {}).get(reference)
    if link_id is None:
        return None
    found = links.handoff_behind(link_id, now=timezone.now())
    return found if found is not None and found.reference == reference else None
