"""Other reports of the same reporter: asked with a reason that a supervisor reads."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from concerns.actions import others
from concerns.actions.others import KIND, CannotLookUp
from concerns.forms.links import OthersForm
from concerns.models import Concern
from concerns.querysets import IDENTITY
from concerns.registry import OTHERS
from concerns.rights import may
from concerns.views.desk_case import find
from engagement.doors.access import staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.people.identity import reason_of
from engagement.people.models import IdentityRead

REFUSALS = {
    "anonymous": gettext_lazy("An anonymous report leads to no other."),
    "no_reason": gettext_lazy("Say why you need it."),
    "too_often": gettext_lazy("You looked often enough for a day. Ask a colleague."),
}


@sensitive_post_parameters()
@staff_page(OTHERS)
@require_http_methods(["GET", "POST"])
def look_up(request: StaffRequest, reference: str) -> HttpResponse:
    """GET asks for the reason; POST records it and answers with the list, which has no address."""
    concern = find(request, reference)
    if not may(request.user, OTHERS, concern):
        raise Http404
    form, found, status = OthersForm(), None, 200
    if request.method == "POST":
        form = OthersForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                found = others.look_up(concern, by=request.user, reason=reason, now=timezone.now())
                status = 200
            except CannotLookUp as refused:
                form.add_error(None, str(REFUSALS[refused.reason]))
    context = {"concern": concern, "form": form, "found": found}
    return render(request, "concerns/desk/others.html", context, status=status)


@staff_page(IDENTITY)
@require_GET
def look_ups(request: StaffRequest) -> HttpResponse:
    """Who opened the address of a reporter or looked for their other reports, and why: all but
    one's own, newest first, of what this person may read."""
    seen = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    rows = IdentityRead.objects.filter(
        agency=request.agency,
        subject_type__in=[KIND, "concern"],
        subject_reference__in=seen.order_by().values("staff_reference"),
    )
    rows = rows.exclude(by_user=request.user).select_related("by_user")
    cursor = request.GET.get("cursor")
    page = keyset_page(rows, order=("-read_at", "-id"), size=50, cursor=cursor)
    shown = [
        {
            "read": read,
            "who": str(read.by_user),
            "reason": reason_of(read),
            "is_look_up": read.subject_type == KIND,
        }
        for read in page.rows
    ]
    return render(request, "concerns/desk/look_ups.html", {"rows": shown, "page": page})
