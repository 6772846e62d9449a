"""Reports that look like spam: read, released or closed, many at once; and a flood slowed down."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from concerns import spam as why
from concerns.actions import spam
from concerns.actions.moderating import CannotDecide, close_suspected
from concerns.actions.reading import note_readings
from concerns.forms.spam import SlowDownForm
from concerns.models import Concern, ModerationReason, SlowDown
from concerns.models.moderation import Ground
from concerns.querysets import ConcernQuerySet
from concerns.registry import SLOW, SPAM
from concerns.rights import within
from concerns.views.desk_queue import Day
from engagement.doors.access import actor_of, holds_everywhere, staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest

PAGE_SIZE = 50
EXCERPT = 280
VERBS: dict[str, Callable[..., Concern]] = {"release": spam.release, "spam": spam.close_as_spam}
# A row of the list reads this much of a report.
SHOWN = (
    *("agency", "staff_reference", "text", "place_text", "danger", "received_on"),
    *("category__label", "suspicion__reasons", "suspicion__is_held"),
)


@dataclass(frozen=True)
class Row:
    """A suspected report, ready to print."""

    reference: str
    url: str
    category: str
    place: str
    words: str
    received: Day
    reasons: list[str]
    is_held: bool


def suspected_by(request: StaffRequest) -> ConcernQuerySet:
    """What waits for this person to look: what they read, in the areas of their grant."""
    rows = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    return rows.filter(within(request.user, SPAM, request.agency.pk)).suspected()


def current_slow_down(request: StaffRequest) -> SlowDown | None:
    rows = SlowDown.objects.filter(agency=request.agency, ends_at__gt=timezone.now())
    return rows.order_by("-ends_at").first()


@staff_page(SPAM)
@require_GET
def suspected(request: StaffRequest) -> HttpResponse:
    rows = suspected_by(request).select_related("category", "suspicion").only(*SHOWN)
    # What speaks of danger stands on top of the first page, whatever came after it.
    dangers = [] if "at" in request.GET else list(rows.exclude(danger="").order_by("-id"))
    page = keyset_page(rows.filter(danger=""), size=PAGE_SIZE, cursor=request.GET.get("at"))
    # The list shows what was reported, so whoever opens it has read each of them.
    read = [*dangers, *page.rows]
    note_readings(read, agency=request.agency, by=request.user, now=timezone.now())
    context: dict[str, Any] = {
        "dangers": [_row(concern) for concern in dangers],
        "rows": [_row(concern) for concern in page.rows],
        "newer_url": _page_url(page.newer),
        "older_url": _page_url(page.older),
        "slowed": current_slow_down(request),
        "spam_reasons": spam_reasons(request),
        "slow_form": SlowDownForm() if _may_slow(request) else None,
    }
    return render(request, "concerns/desk/suspected.html", context)


@staff_page(SPAM)
@require_POST
def judge(request: StaffRequest) -> HttpResponse:
    """Release the ticked reports, or close them as spam; what somebody else decided is left."""
    act = VERBS.get(request.POST.get("verb", ""))
    if act is None:
        raise Http404
    ticked = suspected_by(request).filter(staff_reference__in=request.POST.getlist("reference"))
    if act is spam.close_as_spam:
        act = _for_a_reason(request)
    done = skipped = 0
    for concern_id in list(ticked.order_by("id").values_list("pk", flat=True)):
        try:
            act(concern_id=concern_id, by=actor_of(request), now=timezone.now())
        except (spam.CannotJudge, CannotDecide):
            skipped += 1
        else:
            done += 1
    _say(request, done=done, skipped=skipped, is_spam=request.POST.get("verb") == "spam")
    return redirect("desk_suspected")


def _for_a_reason(request: StaffRequest) -> Callable[..., Concern]:
    """Closing as spam, for the reason that was chosen; without a choice for advertising, as most
    of it is. An agency that keeps no such reasons closes without one."""
    reasons = spam_reasons(request)
    chosen = request.POST.get("reason", "")
    found = next((one for one in reasons if str(one.pk) == chosen), None)
    found = found or next((one for one in reasons if one.ground == Ground.ADVERT), None)
    return partial(close_suspected, reason_id=found.pk) if found else spam.close_as_spam


def spam_reasons(request: StaffRequest) -> list[ModerationReason]:
    rows = ModerationReason.objects.filter(
        agency=request.agency, is_active=True, ground__in=[Ground.ADVERT, Ground.UNCLEAR]
    )
    return list(rows.order_by("sort", "id"))


@staff_page(SLOW)
@require_POST
def slow_down(request: StaffRequest) -> HttpResponse:
    if not _may_slow(request):
        raise Http404
    shared: dict[str, Any] = {
        "agency": request.agency,
        "by": actor_of(request),
        "now": timezone.now(),
    }
    if "end" in request.POST:
        spam.end_slow_down(**shared)
        messages.success(request, _("Nothing is slowed down any more."))
        return redirect("desk_suspected")
    form = SlowDownForm(request.POST)
    if form.is_valid():
        spam.slow_down(hours=int(form.cleaned_data["hours"]), **shared)
        messages.success(request, _("Slowed down. It ends by itself; nobody is refused meanwhile."))
    else:
        messages.error(request, _("Choose for how long."))
    return redirect("desk_suspected")


def _may_slow(request: StaffRequest) -> bool:
    """It slows the reports of every area, so whoever supervises some of them slows none."""
    return holds_everywhere(request, SLOW, agency_id=request.agency.pk)


def _say(request: StaffRequest, *, done: int, skipped: int, is_spam: bool) -> None:
    if is_spam:
        words = ngettext(
            "%(count)d report was closed as spam. It stays stored, and its reporter can say that "
            "it is none.",
            "%(count)d reports were closed as spam. They stay stored, and their reporters can say "
            "that they are none.",
            done,
        )
    else:
        words = ngettext(
            "%(count)d report is in the queue now; who looks after it is told.",
            "%(count)d reports are in the queue now; who looks after them is told.",
            done,
        )
    if done:
        messages.success(request, words % {"count": done})
    elif not skipped:
        messages.error(request, _("Tick at least one report first."))
    if skipped:
        messages.warning(request, _("Some had been decided by somebody else meanwhile."))


def _row(concern: Concern) -> Row:
    words = " ".join(concern.text.split())
    return Row(
        reference=concern.staff_reference,
        url=reverse("desk_concern", args=[concern.staff_reference]),
        category=str(concern.category),
        place=concern.place_text,
        words=words if len(words) <= EXCERPT else f"{words[:EXCERPT]} …",
        received=Day(concern.received_on),
        reasons=why.in_words(concern.suspicion.reasons),
        is_held=concern.suspicion.is_held,
    )


def _page_url(cursor: str | None) -> str | None:
    return None if cursor is None else f"{reverse('desk_suspected')}?at={cursor}"
