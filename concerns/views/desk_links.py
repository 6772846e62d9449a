"""Cases that belong together: one page with what hangs on a case, and its verbs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from concerns.actions import linking, splitting
from concerns.actions.casework import BadWords, CannotMove, StaleEdit
from concerns.actions.correcting import Place
from concerns.actions.linking import CannotTellAll
from concerns.actions.splitting import Brief, CannotSplit
from concerns.forms.desk import SeenForm
from concerns.forms.links import LinkForm, PickForm, SplitForm, TellAllForm
from concerns.forms.place import find_hits, named_place
from concerns.models import Concern
from concerns.querysets import READ
from concerns.registry import OTHERS, TRIAGE
from concerns.rights import may
from concerns.views.case_lists import case_lists
from concerns.views.desk_case import find, standing
from concerns.views.desk_verbs import Act
from concerns.views.family_lists import family_of
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.rights import allowed

MOST_NAMED = 4
WHY_NOT = {
    "alone": gettext_lazy("Nothing is joined with this case: write to its reporter."),
    "reporters_words": gettext_lazy("This repeats words of a resident. Say it in your own."),
    "done": gettext_lazy("The report is done."),
    "is_part": gettext_lazy("This is a part of a report already."),
    "too_many": gettext_lazy("This report has ten parts already."),
    "kind": gettext_lazy("Concerns of this kind are not taken."),
}


@staff_page(READ)
@require_GET
def links(request: StaffRequest, reference: str) -> HttpResponse:
    return links_page(request, find(request, reference))


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def link(request: StaffRequest, reference: str) -> HttpResponse:
    """Point from each of two cases to the other."""
    concern = find(request, reference)
    form = LinkForm(request.POST)

    def act() -> Act:
        other = _other(request, form)
        return partial(linking.link, other_id=other.pk, reason=form.cleaned_data["reason"])

    return carry_out(request, concern, "link", form, act, gettext_lazy("Both point to each other."))


@staff_page(TRIAGE)
@require_POST
def unlink(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = SeenForm(request.POST)
    wanted = request.POST.get("other", "")
    if not wanted.isdecimal():
        raise Http404
    done = gettext_lazy("The link is gone.")
    return carry_out(
        request,
        concern,
        "unlink",
        form,
        lambda: partial(linking.unlink, other_id=int(wanted[:18])),
        done,
    )


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def split(request: StaffRequest, reference: str) -> HttpResponse:
    """Make a case of one of the things that the report tells."""
    concern = find(request, reference)
    form = SplitForm(request.POST, agency=concern.agency)
    place = _place_of(form, concern)

    def act() -> Act:
        brief = Brief(form.cleaned_data["text"], form.cleaned_data["category"], place)
        return partial(splitting.split, brief=brief)

    done: str | Promise = gettext_lazy(
        "The part is a case of its own. Its reporter follows it too."
    )
    if place is not None:
        told = _("The part is a case of its own, at %(place)s. Its reporter follows it too.")
        done = told % {"place": place.place_text}
    return carry_out(request, concern, "split", form, act, done)


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def tell_all(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = TellAllForm(request.POST)

    def act() -> Act:
        return partial(linking.tell_all, text=form.cleaned_data["text"])

    done = gettext_lazy("Sent to everybody who reported it.")
    return carry_out(request, concern, "tell_all", form, act, done)


def _place_of(form: SplitForm, concern: Concern) -> Place | None:
    """Where the part lies, None where the report does; words that name no one place are an error
    of the form."""
    typed = form.cleaned_data["place"].strip() if form.is_valid() else ""
    if not typed:
        return None
    found = named_place(concern.agency, typed)
    if found is None:
        named = [hit["label"] for hit in find_hits(agency=concern.agency, text=typed)[:MOST_NAMED]]
        if named:
            words = _("Which one? %(places)s") % {"places": "; ".join(named)}
        else:
            words = _(
                "No such place is known. Leave it empty, and correct the place of the new case."
            )
        form.add_error("place", words)
        return None
    return Place(
        lon=found.lon,
        lat=found.lat,
        place_text=found.text,
        place_source=found.source,
        is_home=False,
    )


def carry_out(
    request: StaffRequest,
    concern: Concern,
    name: str,
    form: SeenForm,
    act: Callable[[], Act],
    done: str | Promise,
) -> HttpResponse:
    """Press one verb; whatever refuses it, the page comes back with what was typed.

    Raises Http404 for who may read the case but not work on it.
    """
    if not may(request.user, TRIAGE, concern):
        raise Http404
    bound = {name: form}
    if not form.is_valid():
        return links_page(request, concern, bound=bound, status=422)
    seen_version, now = form.cleaned_data["seen_version"], timezone.now()
    try:
        verb = act()
        verb(concern_id=concern.pk, seen_version=seen_version, by=actor_of(request), now=now)
    except StaleEdit:
        return _clash(request, concern, form, bound)
    except BadWords:
        form.add_error(None, _("Write a shorter message."))
        return links_page(request, concern, bound=bound, status=422)
    except CannotMove as refused:
        form.add_error(None, _in_words(refused))
        current = find(request, concern.staff_reference)
        return links_page(request, current, bound=bound, status=409)
    messages.success(request, str(done))
    return redirect("desk_concern_links", concern.staff_reference)


def links_page(
    request: StaffRequest,
    concern: Concern,
    *,
    bound: dict[str, SeenForm] | None = None,
    stale: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show what hangs together with the case, and the verbs that this person may press."""
    today = concern.agency.day_of(timezone.now())
    family, given = family_of(request.user, concern, today=today)
    lists = case_lists(concern, family, given=given).by_name
    seen = {"seen_version": concern.version, "seen_as": standing(concern)}
    may_work = may(request.user, TRIAGE, concern)
    shown: dict[str, Any] = {
        "pick": PickForm(auto_id="pick-%s"),
        "link": LinkForm(initial=seen),
        "unlink": SeenForm(initial=seen, auto_id="unlink-%s"),
        "tell_all": TellAllForm(initial=seen),
    }
    if may_work and concern.is_open and not lists["whole"]:
        shown["split"] = SplitForm(initial=seen, agency=concern.agency)
    shown |= bound or {}
    context = {
        "concern": concern,
        "lists": lists,
        "forms": shown,
        "bound_forms": list((bound or {}).values()),
        "stale": stale,
        "may_work": may_work,
        "may_look": allowed(request.user, OTHERS, agency_id=concern.agency_id)
        and not concern.is_anonymous,
    }
    return render(request, "concerns/desk/links.html", context, status=status)


def _other(request: StaffRequest, form: LinkForm) -> Concern:
    """The other case, as far as this person may read it; else it is not there for them."""
    seen = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    found = seen.filter(staff_reference=form.cleaned_data["other"]).first()
    return found or Concern(pk=0)


def _clash(
    request: StaffRequest, concern: Concern, form: SeenForm, bound: dict[str, SeenForm]
) -> HttpResponse:
    current = find(request, concern.staff_reference)
    stale = {
        "seen_version": form.cleaned_data["seen_version"],
        "seen_as": form.cleaned_data["seen_as"],
        "now_version": current.version,
        "now_as": standing(current),
    }
    form.show_version(current.version, standing(current))
    return links_page(request, current, bound=bound, stale=stale, status=409)


def _in_words(refused: CannotMove) -> str:
    if isinstance(refused, CannotSplit | CannotTellAll):
        return str(WHY_NOT[refused.reason])
    if isinstance(refused, linking.CannotLink):
        return _("No other case has this reference, or they are linked already.")
    return _("This cannot be done as the concern stands now.")
