"""A signed-in resident's own answers to meetings, found by a keyed hash of the account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement.doors.access import signed_in_page
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency
from meetings import links, queries
from meetings.actions.answering import account_links
from meetings.views.shown import facts_of, party_words

MOST = 50


@signed_in_page
@require_safe
def my_meetings(request: PortalRequest) -> HttpResponse:
    """Meetings that are still ahead and were answered while signed in, soonest first."""
    user_id = request.user.pk
    assert user_id is not None
    keys = [
        key
        for agency_id in Agency.objects.order_by("id").values_list("id", flat=True)
        for key in account_links(user_id, agency_id=agency_id)
    ]
    found = queries.linked_to(keys, now=timezone.now())[:MOST]
    rows = [
        {
            **facts_of(request, rsvp.meeting),
            "rsvp": rsvp,
            "party": party_words(rsvp.party_size),
            "url": address(request, "meeting_answer", links.token_for(rsvp)),
        }
        for rsvp in found
    ]
    context = {"rows": rows, "list_url": address(request, "meetings")}
    return render(request, "meetings/my.html", context)
