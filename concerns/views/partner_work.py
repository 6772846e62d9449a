"""The page of one hand-off as whoever has it sees it: the document, what they said, what they can
do. Nothing on it is read from the report."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concerns.actions import handoff_answers as answers
from concerns.actions.casework import BadWords
from concerns.actions.photos import kept
from concerns.forms.handoffs import AnswerForm
from concerns.models import Handoff, SharedPhoto
from concerns.models.handoffs import HandoffState, Precision, SaidBy
from concerns.views.photos_shown import key_of, picture_answer
from concerns.views.taking_photos import Refused, taken
from engagement.audit.actors import Actor

MOST_BACK = 6


@dataclass(frozen=True)
class Desk:
    """By which way somebody came to the page. `home` is the list behind it, "" without one."""

    way: str
    by: Actor
    home: str
    address: str
    photo_route: str


def work(request: HttpRequest, handoff: Handoff, desk: Desk) -> HttpResponse:
    """Show it, or do what the form's `verb` says."""
    if request.method != "POST":
        return _page(request, handoff, desk, AnswerForm())
    verb = VERBS.get(request.POST.get("verb", ""))
    form = AnswerForm(request.POST)
    if verb is None:
        raise Http404
    if not form.is_valid():
        return _page(request, handoff, desk, form, status=422)
    try:
        refused = verb(request, handoff, desk, form.cleaned_data["text"])
    except answers.CannotAnswer:
        form.add_error(None, _("It has ended meanwhile, so nothing can be added."))
        return _page(request, handoff, desk, form, status=409)
    except BadWords as refusal:
        form.add_error("text", _too_long(refusal))
        return _page(request, handoff, desk, form, status=422)
    for one in refused:
        messages.warning(request, f"{one.name}: {one.why}")
    messages.success(request, _("Thank you. The police read it."))
    return redirect(desk.address)


def shared_photo(handoff: Handoff, key: str) -> HttpResponse:
    """A public copy that staff chose for this hand-off; the same 404 for all else."""
    for shared in handoff.shared_photos.select_related("photo"):
        if key_of(shared.photo.name) == key:
            return picture_answer(shared.photo.name, agency_id=shared.agency_id)
    raise Http404


def _accept(request: HttpRequest, handoff: Handoff, desk: Desk, text: str) -> list[Refused]:
    answers.accept(handoff_id=handoff.pk, way=desk.way, by=desk.by, now=timezone.now())
    return []


def _answer(request: HttpRequest, handoff: Handoff, desk: Desk, text: str) -> list[Refused]:
    return _with_photos(request, handoff, desk, text, answers.answer)


def _finish(request: HttpRequest, handoff: Handoff, desk: Desk, text: str) -> list[Refused]:
    return _with_photos(request, handoff, desk, text, answers.finish)


def _give_back(request: HttpRequest, handoff: Handoff, desk: Desk, text: str) -> list[Refused]:
    now = timezone.now()
    answers.give_back(handoff_id=handoff.pk, text=text, way=desk.way, by=desk.by, now=now)
    return []


VERBS: dict[str, Callable[[HttpRequest, Handoff, Desk, str], list[Refused]]] = {
    "accept": _accept,
    "answer": _answer,
    "done": _finish,
    "give_back": _give_back,
}


def _with_photos(
    request: HttpRequest, handoff: Handoff, desk: Desk, text: str, act: Callable[..., object]
) -> list[Refused]:
    """Those photos that could not be taken; the words arrive whatever happens to them."""
    sent, now = taken(request), timezone.now()
    pictures = sent.pictures[:MOST_BACK]
    with kept(pictures, agency=handoff.agency, now=now) as written:
        act(
            handoff_id=handoff.pk,
            text=text,
            way=desk.way,
            photos=tuple(written),
            by=desk.by,
            now=now,
        )
        return sent.left_out(len(written))


def _page(
    request: HttpRequest, handoff: Handoff, desk: Desk, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "handed": shown(handoff),
        "photos": [
            (shared.photo, reverse(desk.photo_route, args=[handoff.reference, _key(shared)]))
            for shared in handoff.shared_photos.select_related("photo").order_by("id")
        ],
        "entries": handoff.entries.exclude(way__in=[SaidBy.STAFF, SaidBy.MAIL]).order_by("id"),
        "form": form,
        "home": desk.home,
        "address": desk.address,
        "can_accept": handoff.state == HandoffState.OFFERED,
        "can_answer": handoff.can_be_answered,
        "photo_room": MOST_BACK,
        "photo_input_id": "id_photos",
    }
    return render(request, "concerns/partner/handoff.html", context, status=status)


def shown(handoff: Handoff) -> dict[str, object]:
    """What the page prints: of the concern itself only its kind."""
    has_place = handoff.precision != Precision.NONE
    return {
        "kind": handoff.concern.category.label,
        "reference": handoff.reference,
        "brief": handoff.brief,
        "asked": handoff.asked,
        "place_label": handoff.place_label,
        "precision_words": Precision(handoff.precision).label if has_place else "",
        "lon": handoff.lon,
        "lat": handoff.lat,
        "due_on": handoff.due_on,
        "organisation": handoff.organisation,
        "state_words": handoff.get_state_display(),
    }


def _key(shared: SharedPhoto) -> str:
    return key_of(shared.photo.name)


def _too_long(refusal: BadWords) -> str:
    if refusal.limit is None:
        return _("Write something first.")
    return ngettext(
        "That is longer than %(limit)d character.",
        "That is longer than %(limit)d characters.",
        refusal.limit,
    ) % {"limit": refusal.limit}
