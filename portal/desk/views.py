"""The desk's first page: what needs doing now, from every room that has work."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, Q, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from concerns.models import Concern
from concerns.querysets import READ, ConcernQuerySet
from concerns.registry import SPAM
from concerns.views.desk_queue import MOST_FIRST, areas_of, rows_for, with_what_a_row_shows
from concerns.views.desk_spam import current_slow_down, suspected_by
from concerns.workflow import State
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.rights import allowed
from meetings.queries import of_staff
from meetings.querysets import READ as READ_MEETINGS
from meetings.registry import PLAN
from meetings.views.desk_list import desk_row
from portal.desk.registry import OPEN

LIST_SIZE = 10
MEETINGS = 4


@staff_page(OPEN)
@require_GET
def desk(request: StaffRequest) -> HttpResponse:
    """Each room's work, for those who may see that room."""
    context: dict[str, Any] = {}
    if allowed(request.user, READ, agency_id=request.agency.pk):
        context["casework"] = _casework(request)
    if allowed(request.user, READ_MEETINGS, agency_id=request.agency.pk):
        found = of_staff(request.user, request.agency, is_over=False, now=timezone.now())
        context["meetings"] = [desk_row(meeting) for meeting in found[:MEETINGS]]
        context["may_plan"] = allowed(request.user, PLAN, agency_id=request.agency.pk)
    return render(request, "desk/home.html", context)


def _casework(request: StaffRequest) -> dict[str, Any]:
    today = request.agency.day_of(timezone.now())
    readable: ConcernQuerySet = (
        Concern.objects.visible_to(request.user).filter(agency=request.agency).not_held()
    )
    mine_or_near = Q(owner=request.user) | Q(
        owner__isnull=True, area_id__in=areas_of(request.user, today)
    )
    # What waits for a first answer or is late comes before what is merely newest.
    first = readable.open().exclude(state=State.WAITING).filter(mine_or_near)
    calling, near = _calling(readable, mine_or_near)
    rows = with_what_a_row_shows(first.calls_for_no_help()).order_by(
        "acknowledge_by", "resolve_by", "id"
    )[:LIST_SIZE]
    others = with_what_a_row_shows(readable.open().calls_for_no_help()).newest_first()
    newest = [*calling, *others[:LIST_SIZE]][:LIST_SIZE]
    judges_spam = allowed(request.user, SPAM, agency_id=request.agency.pk)
    return {
        "suspected": suspected_by(request).count() if judges_spam else 0,
        "slowed": current_slow_down(request),
        "tiles": [_first_tile(len(calling)), *_tiles(request, readable)],
        "todo": rows_for([*near, *rows][:LIST_SIZE], today),
        "newest": rows_for(newest, today),
    }


def _calling(readable: ConcernQuerySet, mine_or_near: Q) -> tuple[list[Concern], list[Concern]]:
    """Calls for help that nobody has answered: those of all, as nobody may overlook them because
    they are another's, and those of this person among them. Theirs come first."""
    is_near = Case(When(mine_or_near, then=True), default=False, output_field=BooleanField())
    found = with_what_a_row_shows(readable.open().calls_for_help()).annotate(is_near=is_near)
    rows = list(found.order_by("-is_near", "-received_on", "-id")[: MOST_FIRST + 1])
    return rows, [row for row in rows if getattr(row, "is_near", False)]


def _first_tile(number: int) -> dict[str, Any]:
    return {
        "count": number if number <= MOST_FIRST else f"{MOST_FIRST}+",
        "label": _("to be read first"),
        "url": f"{reverse('desk_concerns')}?{urlencode({'show': 'first'})}",
    }


def _tiles(request: StaffRequest, readable: ConcernQuerySet) -> list[dict[str, Any]]:
    """Exact counts of open work in one query; its cost follows open work, not history."""
    today = request.agency.day_of(timezone.now())
    late = ~Q(state=State.WAITING) & (
        Q(state=State.RECEIVED, acknowledge_by__lt=today) | Q(resolve_by__lt=today)
    )
    counts = readable.open().aggregate(
        mine=Count("id", filter=Q(owner=request.user)),
        areas=Count("id", filter=Q(area_id__in=areas_of(request.user, today))),
        unowned=Count("id", filter=Q(owner__isnull=True)),
        waiting=Count("id", filter=Q(state=State.WAITING)),
        late=Count("id", filter=late),
    )
    labels = {
        "mine": _("open with you"),
        "areas": _("open in your areas"),
        "unowned": _("with nobody"),
        "waiting": _("waiting for someone"),
        "late": _("late"),
    }
    return [
        {
            "count": counts[name],
            "label": label,
            "url": f"{reverse('desk_concerns')}?{urlencode({'show': name})}",
        }
        for name, label in labels.items()
    ]
