"""A signed-in resident's own reports, found by a keyed hash of the account."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from concerns.actions.adopting import let_go
from concerns.actions.erasing import OnHold
from concerns.forms.follow import new_pass
from concerns.models import Concern
from concerns.querysets import ConcernQuerySet
from concerns.views.follow_keep import export_page, is_on_hold, not_erased
from concerns.views.my_followed import UNLISTED, followed
from engagement.audit.actors import Actor
from engagement.audit.erasures import CannotRemember
from engagement.doors.access import signed_in_page
from engagement.doors.addresses import address
from engagement.doors.paging import keyset_page
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced

SIZE = 20
# One export answers one request; whoever has more gets the newest and takes these out first.
MOST_EXPORTED = 200


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def my(request: PortalRequest) -> HttpResponseBase:
    """Reports sent while signed in, or put here later, newest first; each opens by a pass of half
    an hour. By POST: everything held about them, or none of them tied to the account any more."""
    verb = request.POST.get("verb", "")
    if verb == "export":
        own = _own(request).select_related("public", "area", "reporter").newest_first()
        return export_page(request, list(own[:MOST_EXPORTED]), verb="export_all")
    if verb == "let_go":
        return _let_all_go(request)
    page = keyset_page(_own(request), size=SIZE, cursor=request.GET.get("cursor"))
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
        "my_url": address(request, "my"),
        "track_url": address(request, "track"),
        "report_url": address(request, "report"),
        # Once, not below each page of reports.
        **(UNLISTED if "cursor" in request.GET else followed(request)),
    }
    return render(request, "concerns/my.html", context)


def _own(request: PortalRequest) -> ConcernQuerySet:
    return Concern.objects.linked_to(request.user).select_related("category", "agency")


def _let_all_go(request: PortalRequest) -> HttpResponse:
    user_id, number, held = request.user.pk, 0, 0
    assert user_id is not None
    for concern_id in list(_own(request).order_by("pk").values_list("pk", flat=True)):
        try:
            let_go(
                concern_id=concern_id,
                account_user_id=user_id,
                by=Actor.reporter(),
                now=timezone.now(),
            )
        except CannotRemember:
            messages.error(request, not_erased())
            break
        except OnHold:
            held += 1
            continue
        number += 1
    done = ngettext(
        "%(number)s report is no longer tied to your account.",
        "%(number)s reports are no longer tied to your account.",
        number,
    )
    if held:
        messages.warning(request, is_on_hold())
    if number:
        messages.success(request, done % {"number": number})
    return redirect(address(request, "my"))
