"""From one case to the next of the queue that it was opened from."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse

from concerns.desk_search import Wanted
from concerns.desk_sorts import neighbours_of, sort_for
from concerns.desk_wanted import NoSuchFilter, WordsLost, wanted_of
from concerns.models import Concern
from concerns.views.desk_queue import wanted_rows
from engagement.doors.requests import StaffRequest

# What an address of a case takes along from the queue; any of the first says where it came from.
MARKS = ("show", "saved", "find")
REMEMBERED = timedelta(hours=12)
LONGEST = 2_000


def beside_in_queue(request: StaffRequest, concern: Concern) -> dict[str, Any]:
    """Context of the case page: where the case stands in its queue, or None when it was opened
    from elsewhere. One query; none without a queue, two for one that is a saved filter.

    A button of the page leads back to its bare address, so the queue is remembered for some
    hours under the person and the case; like every address it holds no searched words.
    """
    query = _query(request, concern)
    if query is None:
        return {"neighbours": None}
    try:
        wanted = wanted_of(query, user=request.user, agency=request.agency)
    except (WordsLost, NoSuchFilter):
        return {"neighbours": None}
    return {"neighbours": _links(request, concern, wanted, query)}


def _links(
    request: StaffRequest, concern: Concern, wanted: Wanted, query: QueryDict
) -> dict[str, str | None]:
    sort = sort_for(wanted, query.get("sort", ""))
    found = neighbours_of(concern, wanted_rows(request, wanted), sort)
    said = query.urlencode()

    def case_url(reference: str | None) -> str | None:
        return reference and f"{reverse('desk_concern', args=[reference])}?{said}"

    return {
        "before": case_url(found.before),
        "after": case_url(found.after),
        "queue": f"{reverse('desk_concerns')}?{said}",
    }


def _query(request: StaffRequest, concern: Concern) -> QueryDict | None:
    key = f"desk-queue:{request.user.pk}:{concern.pk}"
    if any(mark in request.GET for mark in MARKS):
        said = request.GET.urlencode()
        if len(said) <= LONGEST:
            cache.set(key, said, timeout=int(REMEMBERED.total_seconds()))
        return request.GET
    said = cache.get(key)
    return QueryDict(said) if isinstance(said, str) else None
