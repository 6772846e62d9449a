"""Handing work on: composed, looked at as its reader will see it, then sent; and what became of
it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns import partner_notices
from concerns.actions.casework import StaleEdit
from concerns.actions.filing_elsewhere import TROUBLE, learn_services
from concerns.actions.handing_on import hand_on
from concerns.actions.handoff_drafts import (
    CannotHandOn,
    Document,
    document_of,
    precisions_of,
    shareable_photos,
    why_not_at_all,
)
from concerns.forms.handoffs import HandOnForm
from concerns.models import Concern, ConcernRoute, Handoff, OutsideService
from concerns.models.handoffs import Precision
from concerns.registry import HAND_ON
from concerns.rights import may
from concerns.views.desk_case import find, standing
from concerns.views.said import HANDED_ON, back_to
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.groups.models import Organisation, TakesBy
from engagement.groups.queries import offered_at
from engagement.outbox.letters import Words, specimen
from engagement.outbox.registry import kind_named
from engagement.places.business import add_business_days
from engagement.places.queries import holidays_of

USUAL_DAYS = 10
REFUSALS = {
    "private_kind": gettext_lazy("Concerns of this kind never go to anybody outside."),
    "danger": gettext_lazy("Its words call for help, so it never goes to anybody outside."),
    "not_open": gettext_lazy("It is closed, or it waits for its reporter."),
    "no_words": gettext_lazy("Write what they should know and do."),
    "too_long": gettext_lazy("Make it shorter."),
    "reporters_words": gettext_lazy(
        "This repeats the reporter's own words or their place, which could tell who wrote them. "
        "Say it in your own."
    ),
    "too_fine": gettext_lazy("That is finer than the public may know it. Choose again."),
    "no_such_photo": gettext_lazy("A photo has no public copy any more. Choose again."),
    "past_due": gettext_lazy("That day is past. Choose a later one."),
    "no_organisation": gettext_lazy("They are not on the list any more. Choose again."),
    "nobody_there": gettext_lazy(
        "Nobody there can be told: they have no address, or nobody with an account."
    ),
    "no_service": gettext_lazy("Choose one of the services of their server."),
}
FIELDS = {
    "no_words": "brief",
    "too_long": "brief",
    "reporters_words": "brief",
    "too_fine": "precision",
    "no_such_photo": "photos",
    "past_due": "due_on",
    "no_organisation": "organisation",
    "nobody_there": "organisation",
    "no_service": "service",
}


@sensitive_post_parameters()
@staff_page(HAND_ON)
@require_http_methods(["GET", "POST"])
def compose(request: StaffRequest, reference: str) -> HttpResponse:
    """Write it, look at it, send it."""
    concern = find(request, reference)
    if not may(request.user, HAND_ON, concern):
        raise Http404
    if request.method != "POST":
        return _page(request, concern, _form(concern))
    step = request.POST.get("step")
    if step == "services":
        _ask_for_services(request)
        return redirect("desk_concern_hand_on", concern.staff_reference)
    form = _form(concern, request.POST)
    if not form.is_valid() or step == "edit":
        return _page(request, concern, form, status=422 if form.errors else 200)
    try:
        if step == "send":
            return _sent(request, concern, form)
        return _preview_page(request, concern, form)
    except CannotHandOn as refusal:
        form.add_error(FIELDS.get(refusal.reason), REFUSALS[refusal.reason])
        return _page(request, concern, form, status=422)
    except StaleEdit as stale:
        form.show_version(stale.current.version, standing(stale.current))
        form.add_error(None, _("Somebody changed the concern meanwhile. Look again, then go on."))
        return _page(request, concern, form, status=409)


def _ask_for_services(request: StaffRequest) -> None:
    """Ask the Open311 servers on the list what can be filed there, when somebody presses it."""
    for row in offered_at(request.agency).filter(takes_by=TakesBy.OPEN311):
        try:
            learn_services(row)
        except TROUBLE:
            messages.error(request, _("The server of %(name)s did not answer.") % {"name": row})


def _form(concern: Concern, data: Any = None) -> HandOnForm:
    organisations = list(offered_at(concern.agency))
    services = OutsideService.objects.filter(
        organisation__in=[row.pk for row in organisations if row.takes_by == TakesBy.OPEN311]
    )
    return HandOnForm(
        data,
        organisations=organisations,
        services=list(services.order_by("organisation", "name", "id")),
        photos=shareable_photos(concern),
        precisions=precisions_of(concern),
        initial=_suggested(concern, organisations) if data is None else None,
    )


def _suggested(concern: Concern, organisations: list[Organisation]) -> dict[str, Any]:
    """What fits most often, so that one look and one tap on a phone are enough."""
    said = concern.public.summary if concern.public else concern.category.public_sentence
    return {
        "seen_version": concern.version,
        "seen_as": standing(concern),
        "organisation": _likely(concern, organisations),
        "brief": str(said or concern.category.label),
        "asked": _("Please look at this and tell us what you did."),
        "precision": precisions_of(concern)[0],
        "due_on": _usual_day(concern),
    }


def _likely(concern: Concern, organisations: list[Organisation]) -> int | None:
    """Whom a rule proposes, else who got the last one of this kind, else the last one of any; the
    page before sending names them. None where nothing speaks for one of several."""
    if len(organisations) == 1:
        return organisations[0].pk
    offered = {row.pk for row in organisations}
    routes = ConcernRoute.objects.filter(concern=concern).order_by("-id")
    proposed = routes.values_list("organisation_id", flat=True).first()
    if proposed in offered:
        return proposed
    before = Handoff.objects.filter(agency=concern.agency, organisation__in=offered)
    got = before.order_by("-id").values_list("organisation_id", flat=True)
    return got.filter(concern__category=concern.category).first() or got.first()


def _usual_day(concern: Concern) -> date:
    today = concern.agency.day_of(timezone.now())
    days = concern.category.target_days or USUAL_DAYS
    return add_business_days(today, days, holidays_of(concern.agency, since=today))


def _page(
    request: StaffRequest, concern: Concern, form: HandOnForm, *, status: int = 200
) -> HttpResponse:
    reason = why_not_at_all(concern)
    context = {
        "concern": concern,
        "form": form,
        "why_not": REFUSALS[reason] if reason else "",
        "lacks_services": form.lacks_services,
        "has_organisations": bool(form.fields["organisation"].choices),  # type: ignore[attr-defined]
        # Where nobody is proposed, a tap on one both chooses them and shows what they will get.
        "each_by_tap": not form.is_bound and form["organisation"].value() is None,
    }
    return render(request, "concerns/desk/hand_on.html", context, status=status)


def _preview_page(request: StaffRequest, concern: Concern, form: HandOnForm) -> HttpResponse:
    document = document_of(concern, form.draft(), now=timezone.now())
    context = {
        "concern": concern,
        "form": form,
        "document": document,
        "handed": shown_document(document),
        "letter": _letter(concern, document),
        "carried": [field.as_hidden() for field in form if not field.name.startswith("seen_")],
    }
    return render(request, "concerns/desk/hand_on_preview.html", context)


def shown_document(document: Document) -> dict[str, Any]:
    """What the page of a partner prints of it, in the names that a stored one has."""
    place = document.place
    has_place = place.precision != Precision.NONE
    return {
        "kind": document.kind,
        "brief": document.brief,
        "asked": document.asked,
        "place_label": place.label,
        "precision_words": Precision(place.precision).label if has_place else "",
        "due_on": document.due_on,
        "organisation": document.organisation,
    }


def _letter(concern: Concern, document: Document) -> Words | None:
    """The very mail, with a link that only looks like one; None where none is sent."""
    organisation = document.organisation
    name = partner_notices.KINDS.get(TakesBy(organisation.takes_by))
    if name is None:
        return None
    contact = organisation.contact
    example = "https://…"
    own = partner_notices.letter_words(
        police=concern.agency.name,
        reference="…",
        kind=document.kind,
        brief=document.brief,
        asked=document.asked,
        place_label=document.place.label,
        precision=document.place.precision,
        due_on=document.due_on,
    )
    return specimen(
        kind_named(name),
        {**own, "link": example, "reply_to": partner_notices.reply_address("…")},
        agency=concern.agency,
        language=contact.language if contact else "en",
        zone=concern.agency.timezone,
    )


def _sent(request: StaffRequest, concern: Concern, form: HandOnForm) -> HttpResponse:
    handoff = hand_on(
        concern_id=concern.pk,
        seen_version=form.cleaned_data["seen_version"],
        draft=form.draft(),
        by=actor_of(request),
        now=timezone.now(),
    )
    name = handoff.organisation.name
    if handoff.way == TakesBy.FORM:
        messages.success(request, _("Now copy it into the form of %(name)s.") % {"name": name})
        return redirect("desk_handoff", concern.staff_reference, handoff.reference)
    return back_to(concern, HANDED_ON)


def find_handoff(request: StaffRequest, reference: str, handoff: str) -> tuple[Concern, Handoff]:
    """The concern as far as this person may read it, and a hand-off of it. Raises Http404."""
    concern = find(request, reference)
    rows = Handoff.objects.select_related("organisation", "agency", "by_user", "outside_request")
    found = get_object_or_404(rows, concern=concern, reference=handoff)
    found.concern = concern
    return concern, found
