"""Photos that everyone may see: their copies, through the public database role."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from concerns.published.models import PublicConcern, PublicPhoto
from engagement.doors.access import public_page
from engagement.doors.addresses import address
from engagement.doors.pictures.store import PictureIsGone, read
from engagement.doors.requests import PortalRequest
from engagement.keys.references import BadReference, normalise


@public_page
@require_safe
def published_photo(request: PortalRequest, reference: str, key: str) -> HttpResponse:
    """One photo of a published concern; nowhere else, and no longer than staff show it."""
    try:
        concern = normalise(reference)
    except BadReference:
        raise Http404 from None
    shown = PublicPhoto.objects.filter(
        agency=request.agency, public_concern__reference=concern, name__endswith=f"/{key}"
    ).first()
    if shown is None:
        raise Http404
    try:
        jpeg = read(shown.name, agency_id=shown.agency_id)
    except PictureIsGone:
        raise Http404 from None
    answer = HttpResponse(jpeg, content_type="image/jpeg")
    answer["Content-Disposition"] = "inline"
    return answer


def photos_of(request: PortalRequest, concern: PublicConcern) -> list[dict[str, object]]:
    """What the page of a concern shows of its photos; one query."""
    return [
        {
            "url": address(
                request, "published_photo", concern.reference, photo.name.rpartition("/")[2]
            ),
            "photo": photo,
        }
        for photo in concern.photos.all()
    ]
