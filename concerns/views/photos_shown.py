"""Photos on private pages: their addresses, and the answer that such an address gets.

No photo lies at an address of its own. The reporter's page carries signed addresses that end with
it; staff ask below the case, with the rights of the case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core import signing
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from concerns.forms.follow import PASS_SECONDS
from concerns.models import Concern, ConcernPhoto, Reply
from concerns.models.photos import MOST_PHOTOS
from concerns.workflow import State
from engagement.doors.addresses import address
from engagement.doors.pictures.store import PictureIsGone, read

SALT = "concerns.photo"


@dataclass(frozen=True)
class ShownPhoto:
    """What a template needs of one photo; sizes in pixels."""

    photo: ConcernPhoto
    url: str
    show_url: str
    number: int
    of: int


def show_photos(
    concern: Concern,
    replies: Iterable[Reply],
    url_of: Callable[[ConcernPhoto], str],
    show_url_of: Callable[[ConcernPhoto], str] = lambda photo: "",
) -> int:
    """Give the concern and each reply their `shown_photos`; one query. The replies may be another
    concern's: words about a part are read on the page of the whole.

    Returns how many more the report itself can take.
    """
    replies = list(replies)
    elsewhere = [reply.pk for reply in replies if reply.concern_id != concern.pk]
    wanted = Q(concern=concern) | Q(reply__in=elsewhere) if elsewhere else Q(concern=concern)
    found: dict[int | None, list[ConcernPhoto]] = {}
    for photo in ConcernPhoto.objects.filter(wanted).order_by("position", "id"):
        found.setdefault(photo.reply_id, []).append(photo)
    concern.shown_photos = _shown(found.get(None, []), url_of, show_url_of)  # type: ignore[attr-defined]
    for reply in replies:
        reply.shown_photos = _shown(found.get(reply.pk, []), url_of, show_url_of)  # type: ignore[attr-defined]
    return MOST_PHOTOS - len(found.get(None, []))


def photo_room(request: HttpRequest, concern: Concern, replies: Iterable[Reply]) -> int:
    """Show the reporter their photos; returns how many more their report can take."""
    room = show_photos(concern, replies, lambda photo: reporters_address(request, photo))
    return 0 if concern.state == State.CLOSED else room


def show_on_desk(concern: Concern, replies: Iterable[Reply], *, may_show: bool) -> None:
    """Show staff the photos; with a way to the public page for whoever may publish."""
    show_photos(
        concern,
        replies,
        lambda photo: desk_address(photo, concern),
        lambda photo: desk_address(photo, concern, to_show=True) if may_show else "",
    )


def reporters_address(request: HttpRequest, photo: ConcernPhoto) -> str:
    """An address of this one photo that is over with the page it stands on."""
    signed = signing.TimestampSigner(salt=SALT).sign(photo.name.replace("/", "."))
    return address(request, "track_photo", signed)


def photo_of_address(signed: str) -> ConcernPhoto:
    """The photo that `reporters_address` was made for. Raises Http404."""
    try:
        name = signing.TimestampSigner(salt=SALT).unsign(signed, max_age=PASS_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    photo = ConcernPhoto.objects.filter(name=name.replace(".", "/")).first()
    if photo is None:
        raise Http404
    return photo


def desk_address(photo: ConcernPhoto, concern: Concern, *, to_show: bool = False) -> str:
    name = "desk_concern_photo_show" if to_show else "desk_concern_photo"
    return reverse(name, args=[concern.staff_reference, key_of(photo.name)])


def key_of(name: str) -> str:
    """The random part of a file's name."""
    return name.rpartition("/")[2]


def picture_answer(name: str, *, agency_id: int) -> HttpResponse:
    """The picture, to be shown and kept nowhere. Raises Http404 when it is gone."""
    try:
        jpeg = read(name, agency_id=agency_id)
    except PictureIsGone:
        raise Http404 from None
    answer = HttpResponse(jpeg, content_type="image/jpeg")
    answer["Content-Disposition"] = "inline"
    return answer


def _shown(
    photos: list[ConcernPhoto],
    url_of: Callable[[ConcernPhoto], str],
    show_url_of: Callable[[ConcernPhoto], str],
) -> list[ShownPhoto]:
    return [
        ShownPhoto(photo, url_of(photo), show_url_of(photo), number, len(photos))
        for number, photo in enumerate(photos, start=1)
    ]
