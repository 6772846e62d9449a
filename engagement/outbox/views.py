"""The page behind the unsubscribe link of a mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagement.doors.access import open_page
from engagement.outbox import actions
from engagement.outbox.actions.consent import CannotUnsubscribe, Leaving, read_token
from engagement.outbox.models import ConsentWay


@csrf_exempt  # the signed token is the permission; a mail program has neither cookie nor form
@open_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks, as scanners follow links; POST ends the kind, or takes that back."""
    try:
        leaving = _changed(request, token) if request.method == "POST" else read_token(token)
    except CannotUnsubscribe:
        raise Http404 from None
    with translation.override(leaving.language):
        return render(request, "outbox/unsubscribe.html", {"leaving": leaving})


def _changed(request: HttpRequest, token: str) -> Leaving:
    now = timezone.now()
    if request.POST.get("want") == "again":
        return actions.resubscribe(token, way=ConsentWay.LINK, now=now)
    # RFC 8058: the body of the mail program's own request.
    is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    way = ConsentWay.ONE_CLICK if is_one_click else ConsentWay.LINK
    return actions.unsubscribe(token, way=way, now=now)
