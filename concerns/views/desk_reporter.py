"""What staff answer reporters beside the conversation, and what reporters say of the work."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from concerns import notices
from concerns.actions import asking
from concerns.actions.rating import ANSWERS, QUESTIONS
from concerns.forms.desk_reporter import DelayForm, RemovalAnswerForm
from concerns.forms.follow import DEGREES, RatingForm
from concerns.forms.writing import ASKS_FOR_HELP, MACHINE, SpokenForm
from concerns.models import Concern, RatingRelease, RemovalRequest
from concerns.models.languages import Use
from concerns.querysets import READ
from concerns.registry import TRIAGE
from concerns.views.desk_case import case_page, find, spoken_options
from concerns.views.desk_verbs import Act, carry_out, clash, may_try
from concerns.views.desk_writing import EDIT, SEND, help_asked, preview, spoken_of
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_LISTED = 100


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def delay(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = DelayForm(request.POST, **spoken_options(concern))
    return _leave(
        request,
        concern,
        form,
        Beside(
            name="delay",
            use=Use.DELAY,
            where=gettext_lazy("The reporter reads this beside “It is late”."),
            verb=asking.explain_delay,
            done="late_told",
        ),
    )


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def removal(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    form = RemovalAnswerForm(request.POST, **spoken_options(concern))
    return _leave(
        request,
        concern,
        form,
        Beside(
            name="removal",
            use=Use.REMOVAL,
            where=gettext_lazy("The reporter reads this below what they asked to have removed."),
            verb=asking.answer_removal,
            done="removal_answered",
        ),
    )


@dataclass(frozen=True)
class Beside:
    """Words that stand beside the conversation: the form on the page of the case, what the words
    are for, where the reporter reads them, the action, and the word of SAID once it is done."""

    name: str
    use: Use
    where: "StrOrPromise"
    verb: Act
    done: str


def _leave(
    request: StaffRequest, concern: Concern, form: SpokenForm, words: Beside
) -> HttpResponse:
    """Show the words, send them, or go back to writing, as the button asks."""
    if not may_try(request, concern, "reply"):
        raise Http404
    step = request.POST.get("step", "")
    if step == EDIT:
        fresh = type(form)(initial=request.POST.dict(), **spoken_options(concern))
        return case_page(request, concern, bound={words.name: fresh}, doing=words.name)
    if not form.is_valid():
        return case_page(request, concern, bound={words.name: form}, status=422)
    if step != SEND:
        if form.cleaned_data["seen_version"] != concern.version:
            return clash(request, concern, form, {words.name: form})
        where = str(words.where)
        return preview(request, concern, form, name=words.name, kind=notices.NEWS, beside=where)
    if form.chosen_way in ASKS_FOR_HELP:
        act, done = help_asked(form, words.use), "help"
    else:
        text = form.cleaned_data["translated"] if form.chosen_way == MACHINE else form.told
        act = partial(words.verb, text=text, spoken=spoken_of(request, concern, form))
        done = words.done
    return carry_out(request, concern, "reply", form, lambda: act, done, name=words.name)


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
