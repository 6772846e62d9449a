"""One hand-off at the desk: what was sent, what came back, and what staff do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from concerns.actions import filing_elsewhere
from concerns.actions import handoff_keeping as keeping
from concerns.actions.casework import StaleEdit
from concerns.forms.desk import SeenForm
from concerns.forms.handoffs import DayForm, NumberForm, ToldForm
from concerns.models import Concern, Handoff, HandoffEntry, OutsideRequest, ReturnedPhoto
from concerns.models.handoffs import Precision
from concerns.querysets import READ
from concerns.registry import HAND_ON
from concerns.rights import may
from concerns.views.desk_case import standing
from concerns.views.desk_handoff import find_handoff
from concerns.views.photos_shown import key_of, picture_answer
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.groups.models import TakesBy

Forms = dict[str, SeenForm]
DONE: dict[str, Promise] = {
    "number": gettext_lazy("Written down."),
    "told": gettext_lazy("Written down."),
    "day": gettext_lazy("They have until the new day."),
    "again": gettext_lazy("A new link is on its way; the former ones work no more."),
    "revoke": gettext_lazy("No link opens it any more."),
    "file": gettext_lazy("It is filed once more within a minute."),
    "withdraw": gettext_lazy("Taken back. Nobody outside sees it any more."),
}


@staff_page(READ)
@require_GET
def handoff(request: StaffRequest, reference: str, number: str) -> HttpResponse:
    concern, found = find_handoff(request, reference, number)
    return _page(request, concern, found)


@sensitive_post_parameters()
@staff_page(HAND_ON)
@require_http_methods(["POST"])
def keep(request: StaffRequest, reference: str, number: str) -> HttpResponse:
    """The form's `verb` says what is done with it."""
    concern, found = find_handoff(request, reference, number)
    verb = request.POST.get("verb", "")
    if verb not in VERBS or not may(request.user, HAND_ON, concern):
        raise Http404
    form = VERBS[verb][0](request.POST, auto_id=f"{verb}-%s")
    if not form.is_valid():
        return _page(request, concern, found, bound={verb: form}, status=422)
    own = {name: said for name, said in form.cleaned_data.items() if name != "seen_as"}
    try:
        VERBS[verb][1](
            concern_id=concern.pk,
            handoff_id=found.pk,
            by=actor_of(request),
            now=timezone.now(),
            **own,
        )
    except StaleEdit as stale:
        form.show_version(stale.current.version, standing(stale.current))
        form.add_error(None, _("Somebody changed the concern meanwhile. Look again, then go on."))
        return _page(request, stale.current, found, bound={verb: form}, status=409)
    except (keeping.CannotKeep, filing_elsewhere.CannotFileAgain):
        form.add_error(None, _("This cannot be done as it stands now, or nothing was written."))
        return _page(request, concern, found, bound={verb: form}, status=409)
    messages.success(request, str(DONE[verb]))
    return redirect("desk_handoff", concern.staff_reference, found.reference)


@staff_page(READ)
@require_safe
def returned_photo(request: StaffRequest, reference: str, number: str, key: str) -> HttpResponse:
    """A photo that came back from outside."""
    found = find_handoff(request, reference, number)[1]
    for photo in ReturnedPhoto.objects.filter(entry__handoff=found).order_by("pk"):
        if key_of(photo.name) == key:
            return picture_answer(photo.name, agency_id=photo.agency_id)
    raise Http404


VERBS: dict[str, tuple[type[SeenForm], Callable[..., object]]] = {
    "number": (NumberForm, keeping.note_number),
    "told": (ToldForm, keeping.note_answer),
    "day": (DayForm, keeping.give_time),
    "again": (SeenForm, keeping.send_again),
    "revoke": (SeenForm, keeping.revoke_links),
    "withdraw": (SeenForm, keeping.withdraw),
    "file": (SeenForm, filing_elsewhere.file_again),
}


def _page(
    request: StaffRequest,
    concern: Concern,
    found: Handoff,
    *,
    bound: Forms | None = None,
    status: int = 200,
) -> HttpResponse:
    there: OutsideRequest | None = getattr(found, "outside_request", None)
    may_keep = may(request.user, HAND_ON, concern)
    entries = found.entries.select_related("by_user").prefetch_related("photos").order_by("id")
    context = {
        "concern": concern,
        "handoff": found,
        "precision_words": Precision(found.precision).label,
        "entries": [(entry, _addresses(concern, found, entry)) for entry in entries],
        "photos": [row.photo for row in found.shared_photos.select_related("photo")],
        "request_there": there,
        "may_file_again": bool(
            there and there.state in filing_elsewhere.AGAIN and found.is_under_way
        ),
        "is_form": found.way == TakesBy.FORM,
        "copy_block": _for_their_form(concern, found),
        "sends_links": found.way in (TakesBy.LINK, TakesBy.MAIL),
        "may_keep": may_keep,
        "can_answer": may_keep and found.can_be_answered,
        "forms": {**_fresh(concern, found), **(bound or {})},
        "bound_forms": list((bound or {}).values()),
    }
    return render(request, "concerns/desk/handoff.html", context, status=status)


def _addresses(
    concern: Concern, found: Handoff, entry: HandoffEntry
) -> list[tuple[ReturnedPhoto, str]]:
    args = (concern.staff_reference, found.reference)
    return [
        (photo, reverse("desk_handoff_photo", args=[*args, key_of(photo.name)]))
        for photo in entry.photos.all()
    ]


def _for_their_form(concern: Concern, found: Handoff) -> str:
    """All that they may know, to be copied at once."""
    place = _("Place: %(place)s") % {"place": found.place_label} if found.place_label else ""
    reference = _("Our reference: %(reference)s") % {"reference": found.reference}
    parts = [str(concern.category.label), found.brief, found.asked, place, reference]
    return "\n\n".join(part for part in parts if part)


def _fresh(concern: Concern, found: Handoff) -> Forms:
    seen: dict[str, Any] = {"seen_version": concern.version, "seen_as": standing(concern)}
    of_them: dict[str, dict[str, Any]] = {
        "number": {"number": found.number, "status": found.status},
        "day": {"due_on": found.due_on},
    }
    return {
        verb: form(initial={**seen, **of_them.get(verb, {})}, auto_id=f"{verb}-%s")
        for verb, (form, _act) in VERBS.items()
    }
