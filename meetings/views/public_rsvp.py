"""Saying that one comes, changing it, taking it back. The answer to a sending is its receipt."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from engagement.audit.actors import Actor
from engagement.doors.access import open_page
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.doors.submission import KeyIsStale, new_key, opened_key
from engagement.doors.throttle import allow
from meetings import links, queries
from meetings.actions import answering
from meetings.forms.answering import ChangeForm, RsvpForm
from meetings.models import KEPT_DAYS, Meeting, Rsvp
from meetings.views.public_list import known_meeting
from meetings.views.shown import facts_of, party_words
from meetings.workflow import takes_answers

# A library or a church hall may send many from one address; a program sends far more.
ANSWERS, WINDOW_SECONDS = 30, 600
TOO_MANY = 429


@sensitive_post_parameters()
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def rsvp(request: PortalRequest, slug: str) -> HttpResponse:
    """The form, and by POST the receipt. A repeated sending shows the same receipt."""
    meeting = known_meeting(request, slug)
    is_known = request.user.is_authenticated
    if request.method != "POST":
        return _form_page(request, meeting, RsvpForm(is_signed_in=is_known), key=new_key())
    form = RsvpForm(request.POST, is_signed_in=is_known)
    try:
        key = opened_key(request.POST.get("key", ""))
    except KeyIsStale:
        late = _("This form was open for a long time. Look at it once more, then send it again.")
        form.is_valid()
        form.add_error(None, late)
        return _form_page(request, meeting, form, key=new_key(), status=422)
    signed_key = request.POST["key"]
    if not form.is_valid():
        return _form_page(request, meeting, form, key=signed_key, status=422)
    if not allow("meetings.rsvp", request, limit=ANSWERS, seconds=WINDOW_SECONDS):
        form.add_error(None, _slow_down())
        return _form_page(request, meeting, form, key=signed_key, status=TOO_MANY)
    try:
        receipt = answering.rsvp(
            answer=_answer(request, meeting, form, key), by=Actor.resident(), now=timezone.now()
        )
    except answering.CannotRsvp as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, meeting, form, key=signed_key, status=409)
    return _receipt_page(request, receipt, form)


@sensitive_post_parameters()
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_answer(request: PortalRequest, token: str) -> HttpResponse:
    """Where the link of a mail or a receipt leads. Opening it changes nothing, for mail scanners
    open links; only the buttons do. Raises Http404."""
    found = _found(token)
    request.agency = found.meeting.agency
    if request.method != "POST":
        return _answer_page(request, token)
    if not allow("meetings.rsvp", request, limit=ANSWERS, seconds=WINDOW_SECONDS):
        form = ChangeForm(request.POST, has_needs=found.has_needs)
        form.add_error(None, _slow_down())
        return _answer_page(request, token, form=form, status=TOO_MANY)
    if request.POST.get("verb") == "withdraw":
        return _withdrawn(request, found, token)
    return _changed(request, found, token)


def _answer(request: PortalRequest, meeting: Meeting, form: RsvpForm, key: str) -> answering.Answer:
    data = form.cleaned_data
    return answering.Answer(
        meeting=meeting,
        email=data["email"] or None,
        party_size=data["party_size"],
        needs=data["needs"],
        language=get_language() or "en",
        account_user_id=request.user.pk if data.get("is_listed") else None,
        submission_key=key,
    )


def _form_page(
    request: PortalRequest, meeting: Meeting, form: RsvpForm, *, key: str, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        **facts_of(request, meeting),
        "form": form,
        "key": key,
        "takes_answers": takes_answers(state=meeting.state, closes_at=meeting.closes_at, now=now),
        "is_over": meeting.ends_at <= now,
        "kept_days": KEPT_DAYS,
        "meeting_url": address(request, "meeting", meeting.slug),
        "list_url": address(request, "meetings"),
        "rsvp_url": address(request, "meeting_rsvp", meeting.slug),
    }
    return render(request, "meetings/rsvp.html", context, status=status)


def _receipt_page(
    request: PortalRequest, receipt: answering.Receipt, form: RsvpForm
) -> HttpResponse:
    """The same for every address, whether it answered before or not: what was stored before is
    told by mail alone. Where no mail leaves, the link to change the answer stands here."""
    meeting = receipt.meeting
    own_path = address(request, "meeting_answer", receipt.token) if receipt.token else ""
    context = {
        **facts_of(request, meeting),
        "receipt": receipt,
        "email": form.cleaned_data["email"],
        "party": party_words(receipt.party_size),
        "has_needs": bool(form.cleaned_data["needs"]),
        "way_in": receipt.joining,
        "own_url": own_path,
        "own_link": f"{settings.ORIGIN}{own_path}" if own_path else "",
        "kept_days": KEPT_DAYS,
        "calendar_url": address(request, "meeting_calendar", meeting.slug),
        "meeting_url": address(request, "meeting", meeting.slug),
        "list_url": address(request, "meetings"),
    }
    return render(request, "meetings/receipt.html", context)


def _changed(request: PortalRequest, found: Rsvp, token: str) -> HttpResponse:
    form = ChangeForm(request.POST, has_needs=found.has_needs)
    if not form.is_valid():
        return _answer_page(request, token, form=form, status=422)
    try:
        answering.change(
            rsvp=found,
            party_size=form.cleaned_data["party_size"],
            needs=form.kept_needs(),
            by=Actor.resident(),
            now=timezone.now(),
        )
    except answering.CannotRsvp as refusal:
        form.add_error(None, str(refusal))
        return _answer_page(request, token, form=form, status=409)
    return _answer_page(request, token, said=_("Your answer was changed."))


def _withdrawn(request: PortalRequest, found: Rsvp, token: str) -> HttpResponse:
    try:
        answering.withdraw(rsvp=found, by=Actor.resident(), now=timezone.now())
    except answering.CannotRsvp as refusal:
        form = ChangeForm(request.POST, has_needs=found.has_needs)
        form.add_error(None, str(refusal))
        return _answer_page(request, token, form=form, status=409)
    said = _("Thank you for telling us. Your seats are free again.")
    return _answer_page(request, token, said=said)


def _answer_page(
    request: PortalRequest,
    token: str,
    *,
    form: ChangeForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The answer as it is now; read anew, an action may have run."""
    found = _found(token)
    meeting, now = found.meeting, timezone.now()
    initial = {"party_size": found.party_size}
    context: dict[str, Any] = {
        **facts_of(request, meeting),
        "rsvp": found,
        "party": party_words(found.party_size),
        "said": said,
        "form": form or ChangeForm(initial=initial, has_needs=found.has_needs),
        "way_in": queries.way_in(meeting) if found.is_going else None,
        "takes_answers": takes_answers(state=meeting.state, closes_at=meeting.closes_at, now=now),
        "is_over": meeting.ends_at <= now,
        "kept_days": KEPT_DAYS,
        "own_url": address(request, "meeting_answer", token),
        "calendar_url": address(request, "meeting_calendar", meeting.slug),
        "meeting_url": address(request, "meeting", meeting.slug),
        "rsvp_url": address(request, "meeting_rsvp", meeting.slug),
    }
    return render(request, "meetings/answer.html", context, status=status)


def _found(token: str) -> Rsvp:
    try:
        return links.rsvp_by(token)
    except links.BadToken as error:
        raise Http404 from error


def _slow_down() -> str:
    return _(
        "Many answers came from your network just now. Wait ten minutes, then press the button "
        "again. Nothing you typed is lost."
    )
