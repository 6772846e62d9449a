"""What somebody who said "mine too" follows: what everyone may read, and how it moves."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions.erasing import OnHold
from concerns.actions.joining import leave
from concerns.families import merge_of
from concerns.forms.follow import PassIsOver, new_pass, opened_pass
from concerns.models import Concern, Joining, StatusChange
from concerns.published.models import PublicConcern
from concerns.published.queries import published_one
from concerns.published.rows import title_of
from concerns.views.follow_keep import is_on_hold, not_erased
from concerns.workflow import STATE_LABELS, State
from engagement.audit.actors import Actor
from engagement.audit.erasures import CannotRemember
from engagement.doors.access import open_page
from engagement.doors.addresses import address
from engagement.doors.public_role import as_the_public
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# A reporter's pass opens the report; one of these never does.
KIND = "joining:"


@dataclass(frozen=True)
class Moved:
    words: "StrOrPromise"
    on: date


def pass_of(joining: Joining) -> str:
    """Signed proof, for half an hour, that this page was opened with the secret."""
    return new_pass(KIND + joining.tracking_code)


@sensitive_post_parameters()
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def joined(request: PortalRequest) -> HttpResponse:
    """The page again, or its one verb: to leave. Everything else asks for code and secret."""
    try:
        reference = opened_pass(request.POST.get("pass", ""))
    except PassIsOver:
        reference = ""
    code = reference.removeprefix(KIND)
    rows = Joining.objects.select_related("agency").filter(left_on__isnull=True)
    joining = rows.filter(tracking_code=code).first() if reference.startswith(KIND) else None
    if joining is None:
        return redirect(address(request, "track"))
    if request.POST.get("verb") == "leave":
        try:
            leave(joining_id=joining.pk, by=Actor.resident(), now=timezone.now())
        except CannotRemember:
            return joined_page(request, joining, said=not_erased())
        except OnHold:
            return joined_page(request, joining, said=is_on_hold())
        context = {"report_url": address(request, "report")}
        return render(request, "concerns/join_left.html", context)
    return joined_page(request, joining)


def joined_page(request: PortalRequest, joining: Joining, *, said: str = "") -> HttpResponse:
    """Show what a joiner follows. Called with a joining that code, secret or account opened."""
    request.agency = joining.agency
    public = _public(joining)
    moves = _moves(joining, public) if public else []
    context: dict[str, Any] = {
        "code": spaced(joining.tracking_code),
        "joining": joining,
        "said": said,
        "concern": public,
        "title": title_of(public) if public else "",
        "state": public.state if public else "",
        "state_words": STATE_LABELS[State(public.state)] if public else "",
        "moves": moves,
        "updates": list(public.updates.all()) if public else [],
        "public_url": address(request, "published_detail", public.reference) if public else "",
        "pass": pass_of(joining),
        "joined_url": address(request, "joined"),
        "report_url": address(request, "report"),
    }
    with timezone.override(joining.agency.zone):
        return render(request, "concerns/joined.html", context)


def _moves(joining: Joining, public: PublicConcern) -> list[Moved]:
    """Each state with its day, as far as everyone could have watched it: the day it came, how it
    stood when it was published, and every move since. An outcome, who moved it and what was said
    stay with staff, and so does all that happens once it is not public."""
    agency = joining.agency
    changes = StatusChange.objects.filter(concern=_followed(joining)).order_by("id")
    days = [(state, agency.day_of(at)) for state, at in changes.values_list("state", "at")]
    unseen = [state for state, on in days if on < public.published_on]
    seen = [Moved(STATE_LABELS[State.RECEIVED], public.received_on)]
    if unseen and unseen[-1] != State.RECEIVED:
        seen.append(Moved(STATE_LABELS[State(unseen[-1])], public.published_on))
    seen += [Moved(STATE_LABELS[State(state)], on) for state, on in days[max(len(unseen), 1) :]]
    return seen


def _public(joining: Joining) -> PublicConcern | None:
    concerns = Concern.objects.filter(pk=_followed(joining))
    reference = concerns.values_list("public__reference", flat=True).get()
    if not reference:
        return None
    with as_the_public():
        return published_one(agency=joining.agency, reference=reference)


def _followed(joining: Joining) -> int:
    """What they said "mine too" to, or what that was joined with since."""
    merge = merge_of(joining.concern_id)
    return merge.survivor_id if merge else joining.concern_id
