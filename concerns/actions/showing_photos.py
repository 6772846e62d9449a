"""Photos for everyone: a copy that staff looked at, with what nobody may see painted over."""

import tempfile
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from concerns.actions.borrowed_words import borrows, residents_words
from concerns.actions.casework import locked_as_seen, log, save
from concerns.actions.photos import Kept, doom
from concerns.actions.public_side import CannotPublish
from concerns.models import Concern, ConcernPhoto
from concerns.published.models import PublicPhoto
from engagement.audit.actors import Actor
from engagement.doors.pictures import store
from engagement.doors.pictures.decoding import Box, Picture, a_place, decode
from engagement.keys.moments import floor_to_hour
from engagement.places.wording import Wording


def covered(photo: ConcernPhoto, boxes: Sequence[Box]) -> Picture:
    """A new picture of the photo with each box painted over in solid black.

    Raises decoding.CannotDecode, decoding.NotConfined, store.PictureIsGone.
    """
    jpeg = store.read(photo.name, agency_id=photo.agency_id)
    with tempfile.TemporaryFile() as file, a_place():
        file.write(jpeg)
        return decode(file, boxes=boxes)


@transaction.atomic(durable=True)
def show_photo(
    *,
    concern_id: int,
    photo_id: int,
    seen_version: int,
    copy: Kept,
    shows: Wording,
    by: Actor,
    now: datetime,
) -> PublicPhoto:
    """Show this copy of a photo on the concern's public page; a former copy goes at once.

    `shows` says in staff's words what can be seen. Raises StaleEdit, CannotPublish.
    """
    concern = locked_as_seen(concern_id, seen_version)
    photo = ConcernPhoto.objects.select_related("public").get(pk=photo_id, concern=concern)
    if concern.public is None or not concern.category.has_public_place:
        raise CannotPublish("not_published")
    _check_words(concern, shows)
    _take_down(photo)
    photo.public = PublicPhoto.objects.create(
        agency_id=concern.agency_id,
        public_concern=concern.public,
        name=copy.name,
        width=copy.width,
        height=copy.height,
        shows=shows,
    )
    photo.save(update_fields=["public"])
    save(concern)
    _log("CONCERN_PHOTO_PUBLISHED", photo, by=by, now=now)
    return photo.public


@transaction.atomic(durable=True)
def hide_photo(
    *, concern_id: int, photo_id: int, seen_version: int, by: Actor, now: datetime
) -> None:
    """Delete the public copy of a photo. Raises StaleEdit."""
    concern = locked_as_seen(concern_id, seen_version)
    photo = ConcernPhoto.objects.select_related("public").get(pk=photo_id, concern=concern)
    if photo.public is None:
        return
    _take_down(photo)
    save(concern)
    _log("CONCERN_PHOTO_UNPUBLISHED", photo, by=by, now=now)


def _take_down(photo: ConcernPhoto) -> None:
    if photo.public is None:
        return
    copy = photo.public
    photo.public = None
    photo.save(update_fields=["public"])
    copy.delete()
    doom([copy.name])


def _check_words(concern: Concern, shows: Wording) -> None:
    if not shows:
        raise CannotPublish("no_words")
    written = residents_words(concern)
    if any(borrows(text, said) for said in written for _language, text in shows):
        raise CannotPublish("reporters_words")


def _log(event: str, photo: ConcernPhoto, *, by: Actor, now: datetime) -> None:
    payload: dict[str, str | int | bool | None] = {"number": photo.position}
    log(event, photo.concern, by=by, at=floor_to_hour(now), payload=payload)
