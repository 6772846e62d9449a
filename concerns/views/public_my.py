"""A signed-in resident's own reports, found by a keyed hash of the account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concerns.forms.follow import new_pass
from concerns.models import Concern
from engagement.doors.access import signed_in_page
from engagement.doors.addresses import address
from engagement.doors.paging import keyset_page
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced

SIZE = 20


@signed_in_page
@require_safe
def my(request: PortalRequest) -> HttpResponse:
    """Reports sent while signed in, newest first; each opens by a pass of half an hour."""
    own = Concern.objects.linked_to(request.user).select_related("category", "agency")
    page = keyset_page(own, size=SIZE, cursor=request.GET.get("cursor"))
    rows = [
        {
            "concern": concern,
            "code": spaced(concern.tracking_code),
            "pass": new_pass(concern.tracking_code),
        }
        for concern in page.rows
    ]
    context = {
        "rows": rows,
        "page": page,
        "track_url": address(request, "track"),
        "report_url": address(request, "report"),
    }
    return render(request, "concerns/my.html", context)
