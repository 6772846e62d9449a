"""Following what is published: the form, and the page behind the link of a mail."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from concerns.subscriptions import actions, links
from concerns.subscriptions.forms import AREAS, EVERYWHERE, NEAR, SHAPE, FollowForm, PaceForm
from concerns.subscriptions.kinds import followable_kinds
from concerns.subscriptions.models import Pace, Subscription
from concerns.subscriptions.notices import FOLLOWED, TO_CONFIRM
from concerns.subscriptions.wishes import followed_by, where_of
from engagement.audit.actors import Actor
from engagement.doors.access import open_page, signed_in_page
from engagement.doors.addresses import address
from engagement.doors.challenge import Verdict
from engagement.doors.challenging import challenged, verdict_of
from engagement.doors.choosing import choose_agency
from engagement.doors.requests import PortalRequest
from engagement.doors.throttle import allow
from engagement.outbox.actions import resubscribe, unsubscribe
from engagement.outbox.models import ConsentWay
from engagement.outbox.tokens import token_for as ending_token
from engagement.people.models import User
from engagement.places.models import Agency, Area
from engagement.places.queries import agency_areas

# A library may send many from one address; a program sends far more.
WISHES, WINDOW_SECONDS = 20, 600
TOO_MANY, UNREADABLE = 429, 422


@sensitive_post_parameters()
@challenged("follow")
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: PortalRequest) -> HttpResponse:
    """The form; by POST the word that a mail is on its way, the same for every address."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    form = _form(request, agency)
    if request.method != "POST":
        return _form_page(request, agency, form)
    if "find_place" in request.POST:
        draft = _form(request, agency, is_draft=True)
        draft.find()
        return _form_page(request, agency, draft)
    if not form.is_valid():
        return _form_page(request, agency, form, status=UNREADABLE)
    is_one_of_few = allow("follow", request, limit=WISHES, seconds=WINDOW_SECONDS)
    if not is_one_of_few and verdict_of(request) != Verdict.PROVEN:
        form.add_error(None, _slow_down())
        return _form_page(request, agency, form, status=TOO_MANY)
    kept = actions.subscribe(
        wish=_wish(request, agency, form), by=Actor.resident(), now=timezone.now()
    )
    context = {
        "email": form.cleaned_data.get("email", ""),
        "is_confirmed": "email" not in form.fields and kept is not None and kept.confirmed_on,
        "days": TO_CONFIRM.days,
        "list_url": address(request, "published_list"),
        "mine_url": address(request, "my_following"),
    }
    return render(request, "subscriptions/asked.html", context)


@open_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_own(request: PortalRequest, token: str) -> HttpResponse:
    """Where the links of the mails lead. Opening changes nothing, for mail scanners open links;
    only the buttons do, and only this one subscription. Raises Http404."""
    found = _found(token)
    request.agency = found.agency
    if request.method != "POST":
        return _own_page(request, found)
    verb, now = request.POST.get("verb", ""), timezone.now()
    ending = ending_token(found.contact.binding, FOLLOWED)
    if verb == "confirm":
        actions.confirm(subscription=found, by=Actor.resident(), now=now)
        return _own_page(request, _found(token), said=_("Done. You will hear from us."))
    if verb == "stop":
        unsubscribe(ending, way=ConsentWay.PAGE, now=now)
        return _own_page(request, found, said=_("You will get no more of these mails."))
    if verb == "again":
        resubscribe(ending, way=ConsentWay.PAGE, now=now)
        return _own_page(request, found, said=_("Done. You will hear from us."))
    return _changed(request, found)


@signed_in_page
@require_safe
def my_following(request: PortalRequest) -> HttpResponse:
    """What the account follows at this agency."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    assert request.user.pk is not None
    kinds = dict(followable_kinds(agency))
    context = {
        "rows": [
            {**_said_of(row, kinds), "url": address(request, "follow_own", links.token_for(row))}
            for row in followed_by(request.user.pk, agency_ids=[agency.pk])
        ],
        "follow_url": address(request, "follow"),
    }
    return render(request, "subscriptions/mine.html", context)


def _form(request: PortalRequest, agency: Agency, *, is_draft: bool = False) -> FollowForm:
    """Bound to what was sent; a draft holds it without looking for faults."""
    is_sent = request.method == "POST"
    initial = _asked_for(request) if not is_sent else _as_initial(request)
    return FollowForm(
        request.POST if is_sent and not is_draft else None,
        initial=initial,
        agency=agency,
        kinds=followable_kinds(agency),
        areas=_areas(agency),
        has_account_address=_has_address(request),
    )


def _asked_for(request: PortalRequest) -> dict[str, Any]:
    """The filter of the list that somebody came from."""
    areas = request.GET.getlist("area")
    return {
        "where": AREAS if areas else EVERYWHERE,
        "areas": areas,
        "kinds": request.GET.getlist("category"),
        "pace": Pace.DAILY,
    }


def _as_initial(request: PortalRequest) -> dict[str, Any]:
    several = {name: request.POST.getlist(name) for name in ("areas", "kinds")}
    return {**request.POST.dict(), **several}


def _areas(agency: Agency) -> list[Area]:
    today = agency.day_of(timezone.now())
    layers = dict.fromkeys((agency.public_layer, agency.responsible_layer))
    return [area for layer in layers for area in agency_areas(agency, layer, today)]


def _has_address(request: PortalRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.contact_id is not None


def _wish(request: PortalRequest, agency: Agency, form: FollowForm) -> actions.Wish:
    data = form.cleaned_data
    return actions.Wish(
        agency=agency,
        pace=Pace(data["pace"]),
        kinds=data["kinds"],
        area_ids=form.chosen_areas,
        shape=data.get("drawn"),
        email=data.get("email", ""),
        account_user_id=request.user.pk if _has_address(request) else None,
        language=get_language() or "en",
    )


def _form_page(
    request: PortalRequest, agency: Agency, form: FollowForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "hits": [(f"{hit.lon:.6f},{hit.lat:.6f}", hit.label) for hit in form.hits],
        "near": str(form["near"].value() or ""),
        "choices": {"areas": AREAS, "near": NEAR, "shape": SHAPE},
        "follow_url": address(request, "follow"),
        "list_url": address(request, "published_list"),
    }
    return render(request, "subscriptions/follow.html", context, status=status)


def _changed(request: PortalRequest, found: Subscription) -> HttpResponse:
    form = PaceForm(request.POST, kinds=followable_kinds(found.agency))
    if not form.is_valid():
        return _own_page(request, found, form=form, status=UNREADABLE)
    actions.change(
        subscription=found,
        pace=Pace(form.cleaned_data["pace"]),
        kinds=form.cleaned_data["kinds"],
        by=Actor.resident(),
        now=timezone.now(),
    )
    return _own_page(request, _found(links.token_for(found)), said=_("Your change is kept."))


def _own_page(
    request: PortalRequest,
    found: Subscription,
    *,
    form: PaceForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    kinds = followable_kinds(found.agency)
    initial = {"pace": found.pace, "kinds": found.kinds}
    context = {
        **_said_of(found, dict(kinds)),
        "said": said,
        "form": form or PaceForm(initial=initial, kinds=kinds),
        "is_confirmed": found.confirmed_on is not None,
        "is_ended": actions.is_ended(found),
        "own_url": address(request, "follow_own", links.token_for(found)),
        "list_url": address(request, "published_list"),
    }
    return render(request, "subscriptions/own.html", context, status=status)


def _said_of(found: Subscription, kinds: dict[str, str]) -> dict[str, Any]:
    """A subscription in words."""
    names = sorted(kinds.get(code, code) for code in found.kinds)
    return {
        "where": where_of(found),
        "kinds": ", ".join(names) or _("All kinds"),
        "pace": found.get_pace_display(),
    }


def _found(token: str) -> Subscription:
    try:
        return links.subscription_by(token)
    except links.BadToken as error:
        raise Http404 from error


def _slow_down() -> str:
    return _(
        "Many wishes came from your network just now. Wait ten minutes, then press the button "
        "again. Nothing you typed is lost."
    )
