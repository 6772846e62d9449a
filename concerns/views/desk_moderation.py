"""What waits for a judgement, in one place: suspected reports, words to remove, flags."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from concerns.actions import moderating
from concerns.actions.asking import CannotAnswerRemoval
from concerns.actions.casework import BadWords, StaleEdit
from concerns.actions.reading import note_readings
from concerns.forms.moderation import DecisionForm, FlagForm
from concerns.models import Concern, Flag, ModerationDecision, ModerationReason, RemovalRequest
from concerns.querysets import READ
from concerns.registry import MODERATE
from concerns.rights import may, within
from concerns.views.desk_case import find
from concerns.views.desk_spam import suspected_by
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest

MOST = 50
LATELY = 20


def reasons_of(request: StaffRequest) -> "QuerySet[ModerationReason]":
    rows = ModerationReason.objects.filter(agency=request.agency, is_active=True)
    return rows.order_by("sort", "id")


def _judged(request: StaffRequest) -> Any:
    """The cases whose words this person may judge: those that they read, in their areas."""
    rows = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    return rows.filter(within(request.user, MODERATE, request.agency.pk))


@staff_page(MODERATE)
@require_GET
def moderation(request: StaffRequest) -> HttpResponse:
    """The oldest first; whoever opens the page has read what the reporters ask."""
    here = {"agency": request.agency, "concern__in": _judged(request).values("pk")}
    wishes = RemovalRequest.objects.filter(answered_at__isnull=True, **here)
    wishes = wishes.select_related("concern__category").defer("concern__search").order_by("id")
    flags = Flag.objects.filter(decision__isnull=True, **here)
    flags = flags.select_related("concern__category", "concern__public", "by_user")
    listed = list(wishes[:MOST])
    waiting = list(flags.defer("concern__search").order_by("id")[:MOST])
    seen = [one.concern for one in listed]
    note_readings(seen, agency=request.agency, by=request.user, now=timezone.now())
    reasons = list(reasons_of(request))
    decisions = ModerationDecision.objects.filter(**here).select_related("reason", "by_user")
    context: dict[str, Any] = {
        "suspected": suspected_by(request).count(),
        "wishes": [(wish, _form(reasons, wish.concern, f"wish{wish.pk}-%s")) for wish in listed],
        "flags": [(flag, _form(reasons, flag.concern, f"flag{flag.pk}-%s")) for flag in waiting],
        "lately": decisions.select_related("concern").order_by("-id")[:LATELY],
    }
    return render(request, "concerns/desk/moderation.html", context)


def _form(reasons: list[ModerationReason], concern: Concern, ids: str) -> DecisionForm:
    return DecisionForm(reasons=reasons, initial={"seen_version": concern.version}, auto_id=ids)


@staff_page(MODERATE)
@require_POST
def decide_removal(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    if not may(request.user, MODERATE, concern):
        raise Http404
    return _decide(
        request,
        lambda form: moderating.decide_removal(
            concern_id=concern.pk,
            seen_version=form.cleaned_data["seen_version"] or 0,
            reason_id=form.cleaned_data["reason"],
            by=actor_of(request),
            now=timezone.now(),
        ),
    )


@staff_page(MODERATE)
@require_POST
def decide_flag(request: StaffRequest, number: int) -> HttpResponse:
    flags = Flag.objects.filter(agency=request.agency, concern__in=_judged(request).values("pk"))
    found = get_object_or_404(flags, pk=number)
    return _decide(
        request,
        lambda form: moderating.decide_flag(
            flag_id=found.pk,
            reason_id=form.cleaned_data["reason"],
            by=actor_of(request),
            now=timezone.now(),
        ),
    )


def _decide(request: StaffRequest, act: Callable[[DecisionForm], object]) -> HttpResponse:
    form = DecisionForm(request.POST, reasons=reasons_of(request))
    if not form.is_valid():
        messages.error(request, _("Choose a reason from the list."))
        return redirect("desk_moderation")
    try:
        act(form)
    except moderating.NeedsAnother:
        messages.error(request, _("You decided before. A second look is somebody else's."))
    except moderating.NoSuchLanguage:
        messages.error(
            request,
            _("The list has no words in the reporter's language: answer on the page of the case."),
        )
    except (StaleEdit, moderating.CannotDecide, CannotAnswerRemoval):
        messages.error(request, _("Somebody changed or decided it meanwhile. Look again."))
    else:
        messages.success(request, _("Decided. The person concerned reads the reason."))
    return redirect("desk_moderation")


@sensitive_post_parameters()
@staff_page(READ)
@require_POST
def flag(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask for a second look at what everyone can read of this case."""
    concern = find(request, reference)
    if concern.public is None:
        raise Http404
    form = FlagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what should be looked at."))
        return redirect("desk_concern", concern.staff_reference)
    try:
        moderating.flag(
            concern_id=concern.pk,
            what=form.cleaned_data["what"],
            why=form.cleaned_data["why"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except (moderating.CannotFlag, BadWords):
        messages.info(request, _("Somebody has asked for that already, or it is no longer public."))
    else:
        messages.success(request, _("Somebody who may decide looks at it again."))
    return redirect("desk_concern", concern.staff_reference)
