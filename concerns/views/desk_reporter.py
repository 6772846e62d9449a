"""What staff answer reporters beside the conversation, and what reporters say of the work."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from concerns.actions import asking
from concerns.actions.rating import ANSWERS, QUESTIONS
from concerns.forms.desk_reporter import DelayForm, RemovalAnswerForm
from concerns.forms.follow import DEGREES, RatingForm
from concerns.models import Concern, RatingRelease, RemovalRequest
from concerns.querysets import READ
from concerns.registry import TRIAGE
from concerns.views.desk_case import find
from concerns.views.desk_verbs import Act, carry_out
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest

MOST_LISTED = 100


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def delay(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = DelayForm(request.POST)

    def act() -> Act:
        return partial(asking.explain_delay, text=form.cleaned_data["text"])

    done = gettext_lazy("The reporter reads why it is late.")
    return carry_out(request, concern, "reply", form, act, done, name="delay")


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def removal(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = RemovalAnswerForm(request.POST)

    def act() -> Act:
        return partial(asking.answer_removal, text=form.cleaned_data["text"])

    done = gettext_lazy("Answered. The reporter is told.")
    return carry_out(request, concern, "reply", form, act, done, name="removal")


@staff_page(READ)
@require_GET
def from_reporters(request: StaffRequest) -> HttpResponse:
    """Open requests to remove words, and what at least ten reporters say of the work."""
    seen = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    waiting = RemovalRequest.objects.filter(
        answered_at__isnull=True, agency=request.agency, concern__in=seen.values("pk")
    )
    context = {
        "removals": waiting.select_related("concern__category").order_by("at", "id")[:MOST_LISTED],
        "ratings": ratings_of(request.agency.pk),
    }
    return render(request, "concerns/desk/from_reporters.html", context)


def ratings_of(agency_id: int) -> dict[str, Any] | None:
    """Sums of everything released so far, question by question; None before the first release."""
    releases = list(RatingRelease.objects.filter(agency_id=agency_id).order_by("id"))
    if not releases:
        return None
    labels, fields = dict(DEGREES), RatingForm().fields
    table = [
        {
            "question": fields[question].label,
            "counts": [
                (
                    labels[answer],
                    sum(one.counts.get(question, {}).get(answer, 0) for one in releases),
                )
                for answer in ANSWERS
            ],
        }
        for question in QUESTIONS
    ]
    return {
        "reporters": sum(release.reporters for release in releases),
        "until": releases[-1].released_on,
        "degrees": [labels[answer] for answer in ANSWERS],
        "table": table,
    }
