"""Meetings at the desk: the list, and one meeting with the numbers of its answers."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from engagement.doors.access import actor_of, staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.people.rights import allowed
from meetings import queries
from meetings.actions.reading import Need, read_needs
from meetings.models import Meeting
from meetings.moments import when_words
from meetings.querysets import READ
from meetings.registry import ANSWERS, PLAN
from meetings.rows import where_words
from meetings.views.shown import facts_of, former_words, party_words
from meetings.workflow import STATE_LABELS, State, can_move

PAGE_SIZE = 25


def find(request: StaffRequest, slug: str) -> Meeting:
    """The meeting as far as this person may read it, areas loaded. Raises Http404."""
    rows = Meeting.objects.visible_to(request.user).of(request.agency)
    return get_object_or_404(queries.with_areas(rows), slug=slug)


@staff_page(READ)
@require_GET
def meetings(request: StaffRequest) -> HttpResponse:
    """What is ahead, drafts among it, or what is over."""
    is_over = request.GET.get("show") == "over"
    found = queries.of_staff(request.user, request.agency, is_over=is_over, now=timezone.now())
    order = ("-starts_at", "-id") if is_over else ("starts_at", "id")
    page = keyset_page(found, order=order, size=PAGE_SIZE, cursor=request.GET.get("cursor"))
    context = {
        "rows": [desk_row(meeting) for meeting in page.rows],
        "page": page,
        "is_over": is_over,
        "may_plan": _may_plan(request),
    }
    return render(request, "meetings/desk/list.html", context)


@staff_page(READ)
@require_GET
def meeting(request: StaffRequest, slug: str) -> HttpResponse:
    return meeting_page(request, find(request, slug))


@sensitive_variables("needs")
@staff_page(ANSWERS)
@require_POST
def needs(request: StaffRequest, slug: str) -> HttpResponse:
    """What people need to take part, opened and put on record. By POST: a reading is an act."""
    found = find(request, slug)
    opened = read_needs(meeting=found, by=actor_of(request), now=timezone.now())
    return meeting_page(request, found, needs=opened)


def meeting_page(
    request: StaffRequest, found: Meeting, *, needs: list[Need] | None = None
) -> HttpResponse:
    now = timezone.now()
    answers = queries.answers_to(found)
    context: dict[str, Any] = {
        **facts_of(request, found),
        "stands_as": STATE_LABELS[State(found.state)],
        "answers": answers,
        "parties": [
            {"size": party_words(size), "number": number} for size, number in answers.by_size
        ],
        "needs": None
        if needs is None
        else [{"party": party_words(need.party_size), "text": need.text} for need in needs],
        "former": former_words(found, queries.told_before(found)),
        "way_in": queries.way_in(found),
        "is_over": found.ends_at <= now,
        "can_move": can_move(state=found.state, ends_at=found.ends_at, now=now),
        "may_plan": _may_plan(request),
        "may_read_needs": allowed(request.user, ANSWERS, agency_id=request.agency.pk),
        "public_url": reverse("meeting", args=[found.slug]),
        "public_link": settings.ORIGIN + reverse("meeting", args=[found.slug]),
    }
    return render(request, "meetings/desk/meeting.html", context)


def _may_plan(request: StaffRequest) -> bool:
    return allowed(request.user, PLAN, agency_id=request.agency.pk)


def desk_row(meeting: Meeting) -> dict[str, Any]:
    """A line of the desk's lists in ready words."""
    taken = meeting.seats_taken
    coming = ngettext("%(number)s coming", "%(number)s coming", taken) % {"number": taken}
    if meeting.capacity is not None:
        coming = _("%(taken)s of %(capacity)s seats") % {
            "taken": taken,
            "capacity": meeting.capacity,
        }
    return {
        "url": reverse("desk_meeting", args=[meeting.slug]),
        "title": str(meeting.title),
        "when": when_words(meeting),
        "where": where_words(meeting),
        "coming": "" if meeting.is_draft else coming,
        "state": {"announced": "accepted"}.get(meeting.state, meeting.state),
        "state_words": STATE_LABELS[State(meeting.state)],
    }
