"""Saying "mine too": from the check page of a report, or from a public page.

What is shown is read as the public reads it. The private concern is met in the action alone.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions.joining import CannotJoin, Joined, MineToo, join
from concerns.forms.joining import JoinForm, from_check_page
from concerns.models.concern import Level
from concerns.published.models import PublicConcern
from concerns.published.queries import published_one
from concerns.published.rows import STATES, title_of
from concerns.views.public_joined import joined_page
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.doors.access import open_page
from engagement.doors.addresses import address
from engagement.doors.challenge import Verdict
from engagement.doors.challenging import challenged, is_trapped, verdict_of
from engagement.doors.choosing import choose_agency
from engagement.doors.public_role import as_the_public
from engagement.doors.requests import PortalRequest
from engagement.doors.submission import KeyIsStale, new_key, opened_key
from engagement.keys.references import BadReference, normalise, spaced
from engagement.places.models import Agency

REFUSED = {
    "no_address": _("Write your e-mail, or choose another way to be known."),
    "too_long": _("Write a shorter message."),
}


@sensitive_post_parameters()
@challenged("join")
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def mine_too(request: PortalRequest) -> HttpResponse:
    """By GET what joining means and a short form; by POST it joins and is itself the receipt."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    posted = request.POST if request.method == "POST" else None
    concern = _published(agency, (posted or request.GET).get("concern", ""))
    if posted is None:
        form = JoinForm(is_signed_in=request.user.is_authenticated)
        return _form_page(request, concern, form, key=new_key())
    data = from_check_page(posted) if "category" in posted else posted
    form = JoinForm(data, is_signed_in=request.user.is_authenticated)
    try:
        key = opened_key(posted.get("key", ""))
    except KeyIsStale:
        return _form_page(request, concern, form, key=new_key(), is_late=True)
    if not form.is_valid():
        return _form_page(request, concern, form, key=posted["key"])
    return _join(request, agency, concern, form, key)


def _published(agency: Agency, typed: str) -> PublicConcern:
    """The published concern. Raises Http404."""
    try:
        reference = normalise(typed)
    except BadReference:
        raise Http404 from None
    with as_the_public():
        concern = published_one(agency=agency, reference=reference)
    if concern is None:
        raise Http404
    return concern


def _join(
    request: PortalRequest, agency: Agency, concern: PublicConcern, form: JoinForm, key: str
) -> HttpResponse:
    data = form.cleaned_data
    level = data["level"]
    wish = MineToo(
        agency=agency,
        public_reference=concern.reference,
        level=level,
        email=data["email"] if level == Level.CONFIDENTIAL else None,
        account_user_id=request.user.pk if level == Level.SIGNED_IN else None,
        words=data["words"],
        language=get_language() or "en",
        submission_key=key,
        is_counted=verdict_of(request) in (Verdict.PROVEN, Verdict.WAITED)
        and not is_trapped(request),
    )
    try:
        joined = join(wish=wish, by=Actor.resident(), now=timezone.now())
    except CannotJoin as refusal:
        if refusal.reason in REFUSED:
            form.add_error(None, str(REFUSED[refusal.reason]))
        return _form_page(request, concern, form, key=new_key(), refused=refusal.reason)
    if not joined.secret:
        return joined_page(request, joined.joining)
    return _receipt(request, concern, joined)


def _form_page(
    request: PortalRequest,
    concern: PublicConcern,
    form: JoinForm,
    *,
    key: str,
    is_late: bool = False,
    refused: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "key": key,
        "is_late": is_late,
        "refused": refused,
        "is_closed": concern.state == State.CLOSED,
        **shown(request, concern),
        "join_url": address(request, "mine_too"),
        "report_url": address(request, "report"),
        "track_url": address(request, "track"),
    }
    return render(request, "concerns/join.html", context)


def _receipt(request: PortalRequest, concern: PublicConcern, joined: Joined) -> HttpResponse:
    track_url = address(request, "track")
    context = {
        **shown(request, concern),
        "joined": joined,
        "level": joined.joining.level,
        "tracking_code": spaced(joined.tracking_code),
        "secret": joined.secret,
        "track_url": track_url,
        "track_link": f"{settings.ORIGIN}{track_url}",
        "report_url": address(request, "report"),
    }
    return render(request, "concerns/join_receipt.html", context)


def shown(request: PortalRequest, concern: PublicConcern) -> dict[str, Any]:
    """A published concern in ready words, as far as everyone may read it."""
    return {
        "concern": concern,
        "title": title_of(concern),
        "state_words": STATES.get(concern.state, concern.state),
        "public_url": address(request, "published_detail", concern.reference),
    }
