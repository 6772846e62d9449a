"""A concern goes to another agency, or to somebody outside, for good: looked at, then sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from concerns.actions.borrowed_words import borrows, residents_words
from concerns.actions.casework import BadWords, CannotMove, StaleEdit
from concerns.actions.referring import CannotRefer, ask_consent, carried_contact, refer
from concerns.actions.replying import Spoken, UnsaidLanguage
from concerns.forms.referring import ReferForm
from concerns.models import Category, Concern, ContactConsent
from concerns.models.languages import MadeBy
from concerns.registry import HAND_ON
from concerns.rights import may
from concerns.views.desk_case import find, standing
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.places.models import Agency
from engagement.places.wording import DEFAULT_LANGUAGE

REFUSALS = {
    "done": gettext_lazy("It is closed already."),
    "agency": gettext_lazy("Choose who gets it."),
    "kind": gettext_lazy("They do not take this kind any more. Choose another."),
    "no_consent": gettext_lazy("The reporter has not said yes to that."),
    "no_contact": gettext_lazy("There is no address that can be passed on as it is."),
    "asked": gettext_lazy("The reporter was asked already."),
}


@sensitive_post_parameters()
@staff_page(HAND_ON)
@require_http_methods(["GET", "POST"])
def compose(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    if not may(request.user, HAND_ON, concern):
        raise Http404
    if request.method != "POST":
        seen = {"seen_version": concern.version, "seen_as": standing(concern)}
        return _page(request, concern, ReferForm(initial=seen, kinds=_kinds(concern)))
    form = ReferForm(request.POST, kinds=_kinds(concern))
    step = request.POST.get("step", "")
    if step.startswith("ask:"):
        return _asked(request, concern, form, step.removeprefix("ask:"))
    if not form.is_valid() or step == "edit" or _repeats(concern, form):
        return _page(request, concern, form, status=422 if form.errors else 200)
    if step != "send":
        return _preview(request, concern, form)
    return _sent(request, concern, form)


def _kinds(concern: Concern) -> list[tuple[Agency, list[Category]]]:
    """The other agencies here, each with the kinds that it takes. Two queries."""
    others = list(Agency.objects.exclude(pk=concern.agency_id).order_by("name", "id"))
    taken = list(Category.objects.filter(agency__in=others).taken().order_by("sort", "code"))
    listed = [(one, [kind for kind in taken if kind.agency_id == one.pk]) for one in others]
    return [(one, kinds) for one, kinds in listed if kinds]


def _repeats(concern: Concern, form: ReferForm) -> bool:
    """Whether the letter repeats what its reporter wrote; another agency here reads that anyway."""
    letter = form.cleaned_data["letter"]
    if form.cleaned_data["to"] != "outside":
        return False
    if any(borrows(letter, said) for said in [*residents_words(concern), concern.place_text]):
        form.add_error(
            "letter", _("This repeats the reporter's own words or place. Say it in your own.")
        )
        return True
    return False


def _asked(request: StaffRequest, concern: Concern, form: ReferForm, to: str) -> HttpResponse:
    """Ask the reporter about their address."""
    form.is_valid()
    version = form.cleaned_data.get("seen_version", 0)
    if not to.isdigit():
        raise Http404
    try:
        ask_consent(
            concern_id=concern.pk,
            seen_version=version,
            agency_id=int(to),
            by=actor_of(request),
            now=timezone.now(),
        )
    except StaleEdit:
        messages.error(
            request, _("Somebody changed the concern meanwhile. Look again, then go on.")
        )
    except CannotRefer as refusal:
        messages.error(request, str(REFUSALS[refusal.reason]))
    else:
        messages.success(request, _("Asked. The answer stands here and you get a mail."))
    return redirect("desk_concern_refer", concern.staff_reference)


def _page(
    request: StaffRequest, concern: Concern, form: ReferForm, *, status: int = 200
) -> HttpResponse:
    consents = {row.to_agency_id: row for row in ContactConsent.objects.filter(concern=concern)}
    context = {
        "concern": concern,
        "form": form,
        "is_open": concern.is_open,
        "is_foreign": concern.language != DEFAULT_LANGUAGE,
        "has_contact": carried_contact(concern) is not None,
        "agencies": [(agency, consents.get(agency.pk)) for agency, _kinds_of in _kinds(concern)],
    }
    return render(request, "concerns/desk/refer.html", context, status=status)


def _preview(request: StaffRequest, concern: Concern, form: ReferForm) -> HttpResponse:
    to = form.destination()
    context: dict[str, Any] = {
        "concern": concern,
        "form": form,
        "is_outside": to.agency_id is None,
        "agency_there": Agency.objects.filter(pk=to.agency_id or 0).first(),
        "kind_there": Category.objects.filter(pk=to.category_id or 0).first(),
        "carried": [field.as_hidden() for field in form if not field.name.startswith("seen_")],
    }
    return render(request, "concerns/desk/refer_preview.html", context)


def _sent(request: StaffRequest, concern: Concern, form: ReferForm) -> HttpResponse:
    said = form.cleaned_data
    spoken = Spoken(concern.language, MadeBy.WRITER) if said["in_their_language"] else None
    try:
        refer(
            concern_id=concern.pk,
            seen_version=said["seen_version"],
            to=form.destination(),
            words=said["words"],
            with_contact=said["with_contact"],
            by=actor_of(request),
            now=timezone.now(),
            spoken=spoken,
        )
    except StaleEdit as stale:
        form.show_version(stale.current.version, standing(stale.current))
        form.add_error(None, _("Somebody changed the concern meanwhile. Look again, then go on."))
        return _page(request, concern, form, status=409)
    except CannotRefer as refusal:
        form.add_error("to", REFUSALS[refusal.reason])
        return _page(request, concern, form, status=422)
    except UnsaidLanguage:
        form.add_error("in_their_language", _("The reporter reads another language."))
        return _page(request, concern, form, status=422)
    except (BadWords, CannotMove):
        form.add_error(None, _("This cannot be done as the concern stands now."))
        return _page(request, concern, form, status=409)
    messages.success(request, _("Passed on and closed here. The reporter reads where it went."))
    return redirect("desk_concern", concern.staff_reference)
