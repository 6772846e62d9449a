"""Coming back to a report. Nothing about the visit is stored: no session, no cookie, no address.

The page that follows code and secret is the answer to that POST; each form on it carries a pass
that is good for half an hour.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions import opening
from concerns.actions.joining import open_by_code as open_joining
from concerns.forms.follow import AnswerForm, PassIsOver, TrackForm, opened_pass
from concerns.models import Concern
from concerns.views import follow_keep, follow_place, follow_talk
from concerns.views.public_follow import Typed, follow_page
from concerns.views.public_joined import joined_page
from concerns.views.public_photos import add_photos
from engagement.doors.access import open_page
from engagement.doors.addresses import address
from engagement.doors.challenging import challenged
from engagement.doors.pictures.uploads import takes_photos
from engagement.doors.requests import PortalRequest


@sensitive_post_parameters()
@challenged("track")
@takes_photos
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: PortalRequest) -> HttpResponseBase:
    """Code and secret open the report; the same answer for an unknown code and a wrong secret."""
    if request.method != "POST":
        return _track_page(request, TrackForm())
    if "pass" in request.POST:
        return _with_pass(request)
    form = TrackForm(request.POST)
    concern = None
    if form.is_valid():
        data = form.cleaned_data
        concern = opening.open_by_code(code=data["code"], secret=data["secret"])
        if concern is None:
            # Always asked when nothing was found, so that every refusal costs the same.
            joining = open_joining(code=data["code"], secret=data["secret"])
            if joining is not None:
                return joined_page(request, joining)
            form.add_error(
                None,
                _(
                    "No report has this code and secret. Type both once more, just as they stand "
                    "on your receipt."
                ),
            )
    if concern is None:
        return _track_page(request, form)
    draft = request.POST.get("draft", "")
    return follow_page(request, concern, typed=Typed(answer=AnswerForm(initial={"text": draft})))


@sensitive_post_parameters()
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def track_link(request: PortalRequest, token: str) -> HttpResponse:
    """The link of a mail. Opening it changes nothing, for mail scanners open links; the button
    spends it."""
    now = timezone.now()
    context: dict[str, Any] = {"token": token, "track_url": address(request, "track")}
    if "fresh" in request.POST:
        opening.ask_for_fresh_link(token=token, now=now)
        return render(request, "concerns/track_link.html", {**context, "state": "sent"})
    concern = None
    if request.method == "POST":
        concern = opening.open_by_link(token=token, now=now)
    if concern is None:
        state = opening.link_state(token=token, now=now)
        return render(request, "concerns/track_link.html", {**context, "state": state})
    return follow_page(request, concern)


def _track_page(
    request: PortalRequest, form: TrackForm, *, draft: str = "", is_over: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "is_over": is_over,
        "track_url": address(request, "track"),
        "report_url": address(request, "report"),
    }
    return render(request, "concerns/track.html", context)


def _with_pass(request: PortalRequest) -> HttpResponseBase:
    try:
        code = opened_pass(request.POST["pass"])
    except PassIsOver:
        return _track_page(request, TrackForm(), draft=request.POST.get("text", ""), is_over=True)
    concern = Concern.objects.filter(tracking_code=code).select_related("agency").first()
    if concern is None:
        return _track_page(request, TrackForm(), is_over=True)
    verb = VERBS.get(request.POST.get("verb", ""))
    return verb(request, concern) if verb else follow_page(request, concern)


VERBS: dict[str, Callable[[PortalRequest, Concern], HttpResponseBase]] = {
    "answer": follow_talk.answer,
    "photos": add_photos,
    "reopen": follow_talk.reopen,
    "not_the_same": follow_talk.not_the_same,
    "withdraw": follow_talk.withdraw,
    "fixed": follow_talk.confirm_fixed,
    "rate": follow_talk.rate,
    "removal": follow_talk.ask_removal,
    "place": follow_place.correct,
    "adopt": follow_keep.adopt,
    "let_go": follow_keep.let_go,
    "consent": follow_keep.consent,
    "erase": follow_keep.erase,
    "export": follow_keep.export,
}
