"""Photos that come with a form: decoded before anything is stored, and told about when refused.

A photo that cannot be taken never stops the words around it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns.actions import following, photos
from concerns.actions.intake import Receipt, Report, submit
from concerns.models import Concern, Reply
from engagement.audit.actors import Actor
from engagement.doors.pictures.decoding import (
    SECONDS,
    CannotDecode,
    NotConfined,
    Picture,
    Trouble,
    a_place,
    decode,
)
from engagement.doors.pictures.uploads import Upload, uploads_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

# All photos of one form together; then whoever waits for the answer gets it.
SECONDS_FOR_ALL = 30.0
TOO_LARGE = _("It is larger than 15 MB.")
ONE_TOO_MANY = _("Six photos fit; this one was left out.")
NOT_KEPT = _("It could not be stored just now. Please add it again.")
CLOSED = _("The report is closed, so nothing can be added.")
REASONS = {
    Trouble.NOT_A_PHOTO: _("This is not a photo that we can read. JPEG, PNG, WebP and HEIC work."),
    Trouble.DAMAGED: _("It is damaged or incomplete."),
    Trouble.TOO_MANY_PIXELS: _("It has too many pixels. Make it smaller and add it again."),
    Trouble.SLOW: _("It took too long to read. Make it smaller and add it again."),
    Trouble.BUSY: _("There was no time to read it. Please add it again."),
}


@dataclass(frozen=True)
class Refused:
    """One photo that was not taken, by its sender's own name for it."""

    name: str
    why: "StrOrPromise"


@dataclass(frozen=True)
class Taken:
    """What came of the files of one form. `names` belong to `pictures`, one each."""

    pictures: Sequence[Picture]
    names: Sequence[str]
    refused: Sequence[Refused]

    def left_out(self, kept: int, why: "StrOrPromise" = NOT_KEPT) -> list[Refused]:
        """All that were refused, and those of the pictures beyond the first `kept`."""
        return [*self.refused, *(Refused(name, why) for name in self.names[kept:])]


def submit_with_photos(request: HttpRequest, report: Report) -> Receipt:
    """`intake.submit` with the photos of this form; a repeated form adds those still missing."""
    sent, by, now = taken(request), Actor.reporter(), timezone.now()
    with photos.kept(sent.pictures, agency=report.agency, now=now) as written:
        receipt = submit(report=replace(report, photos=tuple(written)), by=by, now=now)
        remember_refused(request, sent.left_out(len(written)))
        if receipt.is_repeat and written:
            try:
                photos.add(concern_id=receipt.concern.pk, photos=written, by=by, now=now)
            except photos.CannotAddPhotos:
                remember_refused(request, sent.left_out(0, CLOSED))
        elif len({one.digest for one in written}) == len(written):
            written.clear()  # a row names each of them now, so none has to be looked for
    return receipt


def answering(request: HttpRequest) -> Callable[..., Reply]:
    """`following.answer`, with the photos of this form at the message it wrote."""

    def answer(*, concern_id: int, text: str, by: Actor, now: datetime) -> Reply:
        reply = following.answer(concern_id=concern_id, text=text, by=by, now=now)
        add_sent(request, reply.concern, reply=reply)
        return reply

    return answer


def add_sent(request: HttpRequest, concern: Concern, *, reply: Reply | None = None) -> int:
    """Add the photos of this form to the report or to one message; returns how many are new."""
    sent, now = taken(request), timezone.now()
    with photos.kept(sent.pictures, agency=concern.agency, now=now) as written:
        remember_refused(request, sent.left_out(len(written)))
        if not written:
            return 0
        try:
            number = photos.add(
                concern_id=concern.pk,
                photos=written,
                reply_id=reply.pk if reply else None,
                by=Actor.reporter(),
                now=now,
            )
        except photos.CannotAddPhotos:
            remember_refused(request, sent.left_out(0, CLOSED))
            return 0
    return number


def taken(request: HttpRequest) -> Taken:
    """Decode the files of this form, each in a child of its own, within half a minute in all."""
    uploads = uploads_of(request)
    if not uploads:
        return Taken((), (), ())
    results: list[Picture | StrOrPromise]
    try:
        with a_place():
            ends = time.monotonic() + SECONDS_FOR_ALL
            results = [_one(upload, seconds=ends - time.monotonic()) for upload in uploads]
    except CannotDecode as full:
        results = [REASONS[full.trouble] for _upload in uploads]
    named = list(zip(uploads, results, strict=True))
    return Taken(
        pictures=[result for _, result in named if isinstance(result, Picture)],
        names=[upload.name for upload, result in named if isinstance(result, Picture)],
        refused=[
            Refused(upload.name, result)
            for upload, result in named
            if not isinstance(result, Picture)
        ],
    )


def remember_refused(request: HttpRequest, refused: list[Refused]) -> None:
    """For the page that answers this very form; nothing of it is stored."""
    request.refused_photos = refused  # type: ignore[attr-defined]


def refused_photos(request: HttpRequest) -> list[Refused]:
    """What `remember_refused` was told while this form was taken."""
    found: list[Refused] = getattr(request, "refused_photos", [])
    return found


def _one(upload: Upload, *, seconds: float) -> "Picture | StrOrPromise":
    if upload.file is None:
        return TOO_LARGE if upload.is_too_large else ONE_TOO_MANY
    if seconds <= 0:
        return REASONS[Trouble.BUSY]
    try:
        return decode(upload.file, seconds=min(seconds, SECONDS))
    except CannotDecode as refusal:
        return REASONS[refusal.trouble]
    except (NotConfined, OSError):
        logger.exception("no decoder", extra={"event": "PHOTO_NOT_DECODED"})
        return REASONS[Trouble.BUSY]
    finally:
        upload.file.close()
