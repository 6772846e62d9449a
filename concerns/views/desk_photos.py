"""Photos of a case, for those who may read the case."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from concerns.querysets import READ
from concerns.views.desk_case import find
from concerns.views.photos_shown import picture_answer
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest


@staff_page(READ)
@require_safe
def photo(request: StaffRequest, reference: str, key: str) -> HttpResponse:
    """One photo, as it came and was made new; the same 404 for elsewhere, gone and never there."""
    concern = find(request, reference)
    for row in concern.photos.all():
        if row.name.endswith(f"/{key}"):
            return picture_answer(row.name, agency_id=row.agency_id)
    raise Http404
