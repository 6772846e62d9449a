"""The records side of a case: the reporter's address, erasing it at their wish, legal holds."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from concerns.actions.calls import Opened
from concerns.actions.casework import BadWords
from concerns.actions.holding import CannotHold, erase_or_wait, lift_hold, place_hold
from concerns.actions.unsealing import CannotUncover, uncover
from concerns.forms.records import EraseForm, LiftForm, OpenForm, PlaceForm, ReasonForm
from concerns.models import Adoption, Concern, LegalHold, Reporter
from concerns.models.contact_wishes import Way
from concerns.querysets import IDENTITY
from concerns.registry import ERASE, HOLD
from concerns.rights import may
from concerns.views.desk_calls import as_dialled
from concerns.views.desk_case import find
from engagement.audit.erasures import CannotRemember
from engagement.doors.access import actor_of, staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.people.addresses import NUMBERS

REFUSALS = {
    "none": gettext_lazy("No address is held with this report."),
    "no_reason": gettext_lazy("Say why, in at least ten letters."),
    "too_often": gettext_lazy("You opened enough for a day. Ask a colleague."),
}
PAGE_SIZE = 50


@staff_page(HOLD)
@require_GET
def holds(request: StaffRequest) -> HttpResponse:
    """What is held at this agency and may be read by this person, newest first; suspected reports
    too, as a hold that nobody sees is never lifted."""
    seen = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    rows = LegalHold.objects.open().filter(
        agency=request.agency, concern__in=seen.order_by().values("pk")
    )
    rows = rows.select_related("concern__category", "placed_by")
    rows = rows.defer("concern__search", "concern__note_words", "concern__text")
    cursor = request.GET.get("cursor")
    page = keyset_page(rows, order=("-id",), size=PAGE_SIZE, cursor=cursor)
    return render(request, "concerns/desk/holds.html", {"rows": page.rows, "page": page})


@staff_page(IDENTITY)
@require_GET
def records(request: StaffRequest, reference: str) -> HttpResponse:
    return _page(request, _find(request, reference, IDENTITY))


@sensitive_post_parameters()
@staff_page(IDENTITY)
@require_POST
def open_address(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the address once; that it was opened, and why, is on record before."""
    concern = _find(request, reference, IDENTITY)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, concern, form, status=422)
    reporter = _reporter(concern)
    try:
        opened = uncover(
            concern,
            contact=reporter.contact if reporter else None,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except CannotUncover as refused:
        form.add_error(None, str(REFUSALS[refused.reason]))
        return _page(request, concern, form, status=409)
    return _page(request, concern, opened=opened)


@sensitive_post_parameters()
@staff_page(ERASE)
@require_POST
def erase(request: StaffRequest, reference: str) -> HttpResponse:
    """Erase who reported it, at their wish; under a hold that waits, and the page says so."""
    concern = _find(request, reference, ERASE)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, concern, form, status=422)
    try:
        is_done = erase_or_wait(
            concern_id=concern.pk,
            by=actor_of(request),
            now=timezone.now(),
            why=form.cleaned_data["reason"],
        )
    except CannotRemember:
        form.add_error(None, not_written_down())
        return _page(request, concern, form, status=503)
    if is_done:
        messages.success(request, _("Erased. Nobody can write to the reporter any more."))
    else:
        messages.warning(
            request,
            _(
                "The legal hold delays it. Nobody writes to the reporter from now on, and the day "
                "the hold ends they are erased. Tell the person."
            ),
        )
    return redirect("desk_concern_records", concern.staff_reference)


@sensitive_post_parameters()
@staff_page(HOLD)
@require_POST
def hold(request: StaffRequest, reference: str) -> HttpResponse:
    done = _("Held. Nothing of this report can be erased until the hold is lifted.")
    return _hold(request, reference, PlaceForm(request.POST), place_hold, done)


@sensitive_post_parameters()
@staff_page(HOLD)
@require_POST
def release(request: StaffRequest, reference: str) -> HttpResponse:
    return _hold(request, reference, LiftForm(request.POST), lift_hold, _("The hold is lifted."))


def not_written_down() -> str:
    return _("Nothing was erased: the portal could not write it down for good. Try again later.")


def _hold(
    request: StaffRequest,
    reference: str,
    form: ReasonForm,
    act: Callable[..., LegalHold],
    done: str,
) -> HttpResponse:
    concern = _find(request, reference, HOLD)
    if not form.is_valid():
        return _page(request, concern, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        act(concern_id=concern.pk, reason=reason, by=actor_of(request), now=timezone.now())
    except CannotRemember:
        form.add_error(None, not_written_down())
        return _page(request, concern, form, status=503)
    except (CannotHold, BadWords):
        # Somebody pressed it before: the page shows how it stands.
        messages.error(request, _("This cannot be done as the report stands now."))
    else:
        messages.success(request, done)
    return redirect("desk_concern_records", concern.staff_reference)


def _find(request: StaffRequest, reference: str, permission: str) -> Concern:
    """The case, for who may read it and holds the right where it lies. Raises Http404."""
    concern = find(request, reference)
    if not may(request.user, permission, concern):
        raise Http404
    return concern


def _reporter(concern: Concern) -> Reporter | None:
    return Reporter.objects.select_related("contact").filter(concern=concern).first()


def _page(
    request: StaffRequest,
    concern: Concern,
    form: ReasonForm | None = None,
    *,
    opened: Opened | None = None,
    status: int = 200,
) -> HttpResponse:
    """`form` is one that was refused, with what was typed kept."""
    reporter = _reporter(concern)
    contact = reporter.contact if reporter is not None else None
    has_address = contact is not None and bool(contact.ciphertext)
    is_tied = reporter is not None and reporter.account_link is not None
    held = LegalHold.objects.open().select_related("placed_by").filter(concern=concern).first()
    wish = getattr(concern, "wish", None)
    fresh = {one.__name__: one() for one in (OpenForm, EraseForm, PlaceForm, LiftForm)}
    context: dict[str, Any] = {
        "concern": concern,
        "contact": contact,
        "has_address": has_address,
        "has_ties": has_address or is_tied or Adoption.objects.filter(concern=concern).exists(),
        "opened": opened,
        "number": as_dialled(opened.value)
        if opened is not None and contact is not None and contact.kind in NUMBERS
        else None,
        "relay": wish.relay if wish is not None and wish.way == Way.RELAY else None,
        "hold": held,
        "may_erase": may(request.user, ERASE, concern),
        "may_hold": may(request.user, HOLD, concern),
        "backup_days": settings.BACKUP_DAYS,
        "forms": fresh | ({type(form).__name__: form} if form is not None else {}),
        "bound": form,
    }
    answer = render(request, "concerns/desk/records.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
