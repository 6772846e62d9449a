"""A reporter's own photos: to look at for as long as the page is open, and to add more."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from concerns.actions.intake import Receipt
from concerns.models import Concern, ConcernPhoto
from concerns.models.photos import MOST_PHOTOS
from concerns.views.photos_shown import photo_of_address, picture_answer
from concerns.views.public_follow import follow_page
from concerns.views.taking_photos import add_sent, refused_photos
from engagement.doors.access import open_page
from engagement.doors.requests import PortalRequest


@open_page
@require_safe
def track_photo(request: PortalRequest, signed: str) -> HttpResponse:
    """One photo, by the address that its reporter's page carries for half an hour."""
    photo = photo_of_address(signed)
    return picture_answer(photo.name, agency_id=photo.agency_id)


def add_photos(request: PortalRequest, concern: Concern) -> HttpResponse:
    """Add photos to the report itself; the page then shows them, and what was refused."""
    number = add_sent(request, concern)
    if number:
        done = ngettext("The photo was added.", "%(number)s photos were added.", number)
        return follow_page(request, concern, said=done % {"number": number})
    if refused_photos(request):
        return follow_page(request, concern)
    return follow_page(request, concern, said=_("No new photo was added."))


def photos_on_receipt(request: PortalRequest, receipt: Receipt) -> dict[str, Any]:
    """What the receipt says of photos that were not taken, with room to add them again."""
    refused = refused_photos(request)
    if not refused:
        return {"refused_photos": [], "photo_room": 0}
    stored = ConcernPhoto.objects.filter(concern=receipt.concern, reply=None).count()
    return {"refused_photos": refused, "photo_room": MOST_PHOTOS - stored}
