"""What a case page that is open learns without being loaded again: who is here, what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from concerns.models import Concern, Reply
from concerns.models.casework import Direction
from concerns.presence import seen_here
from concerns.querysets import READ
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest

LARGEST = 2**31


@dataclass(frozen=True)
class Here:
    """`others` have the case open. `url` asks again; it carries what the page shows so far."""

    others: list[str]
    url: str
    has_message: bool = False
    has_change: bool = False
    case_url: str = ""

    @property
    def is_new(self) -> bool:
        return self.has_message or self.has_change


def here_on(request: StaffRequest, concern: Concern, newest_reply: int) -> Here:
    """What a case page says when it is loaded; `newest_reply` is the number of the newest words
    of the reporter that it shows, 0 for none. No query."""
    return Here(
        others=seen_here(concern, request.user),
        url=_url(concern.staff_reference, concern.version, newest_reply),
    )


def newest_from_reporter(thread: Iterable[Reply]) -> int:
    """The number of the newest words of the reporter among these, 0 for none."""
    return max(
        (reply.pk for reply in thread if reply.direction == Direction.FROM_REPORTER), default=0
    )


@staff_page(READ)
@require_GET
def live(request: StaffRequest, reference: str) -> HttpResponse:
    """A piece of the page, asked for every few seconds. The same rights as the page itself; one
    query beside those of the door. It is no reading: what was reported is not in it."""
    written = Reply.objects.filter(
        concern=OuterRef("pk"), direction=Direction.FROM_REPORTER
    ).order_by("-id")
    rows = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    rows = rows.annotate(newest_reply=Subquery(written.values("pk")[:1]))
    concern: Any = get_object_or_404(
        rows.only("agency", "staff_reference", "version"), staff_reference=reference
    )
    seen, shown = _number(request, "seen"), _number(request, "reply")
    here = Here(
        others=seen_here(concern, request.user),
        url=_url(reference, seen, shown),
        has_message=(concern.newest_reply or 0) > shown,
        has_change=concern.version > seen,
        case_url=reverse("desk_concern", args=[concern.staff_reference]),
    )
    return render(request, "concerns/desk/here.html", {"here": here})


def _url(reference: str, seen: int, shown: int) -> str:
    address = reverse("desk_concern_live", args=[reference])
    return f"{address}?{urlencode({'seen': seen, 'reply': shown})}"


def _number(request: StaffRequest, name: str) -> int:
    value = request.GET.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 11 else 0
    return min(number, LARGEST)
