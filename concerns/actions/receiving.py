"""Answers by mail to what was handed on. A token lets somebody add an answer and read nothing.

Nothing is ever answered, so no mail can go in circles and no forged sender hears from us.
"""

import hashlib
import logging
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from concerns.actions import handoff_answers as answers
from concerns.actions.casework import BadWords
from concerns.actions.photos import kept
from concerns.handoff_tokens import token_digests
from concerns.models import Handoff, HandoffEntry, HandoffLink
from concerns.models.handoffs import LinkUse, SaidBy
from concerns.words import TEXT_LIMIT
from engagement.audit.actors import Actor
from engagement.doors.pictures.decoding import (
    SECONDS,
    UPLOAD_BYTES,
    CannotDecode,
    NotConfined,
    Picture,
    a_place,
    decode,
)
from engagement.keys.hashes import keyed_hash
from engagement.keys.purposes import Purpose
from engagement.outbox.incoming import MOST_BYTES, CannotRead, Incoming, read_mail

logger = logging.getLogger(__name__)

BY = Actor.token("handoff.mail")
MOST_PICTURES = 6
SECONDS_FOR_ALL = 30.0
# More answers than this to one hand-off are a flood.
MOST_ANSWERS = 50
# In the language of the portal's staff; a reader of the case sees that something is missing.
CUT = "[…]"


class Fate(StrEnum):
    """What became of a mail; each but KEPT leaves no trace of it."""

    KEPT = "kept"
    REPEATED = "repeated"
    AUTOMATIC = "automatic"
    NO_TOKEN = "no_token"  # noqa: S105 a word for what became of a mail
    ENDED = "ended"
    EMPTY = "empty"
    FLOOD = "flood"
    UNREADABLE = "unreadable"


def receive(raw: bytes, *, recipients: Sequence[str] = (), now: datetime) -> Fate:
    """Add what a mail says to the hand-off that its address names, as unverified.

    `recipients` are of the envelope; without them the mail's own headers are asked. Of a mail that
    is too large its words are kept. Never raises for what a mail holds.
    """
    is_cut = len(raw) > MOST_BYTES
    try:
        mail = read_mail(raw[:MOST_BYTES])
    except CannotRead:
        return Fate.UNREADABLE
    if mail.is_automatic:
        return Fate.AUTOMATIC
    link = _link(recipients or mail.recipients)
    if link is None:
        return Fate.NO_TOKEN
    handoff = _handoff(link, now)
    if handoff is None:
        return Fate.ENDED
    text = _fitting(mail.text, is_cut=is_cut)
    pictures = [] if is_cut else _decoded(mail.pictures)
    if not text and not pictures:
        return Fate.EMPTY
    return _keep(handoff, mail, text, pictures, now)


def _link(recipients: Iterable[str]) -> HandoffLink | None:
    for address in recipients:
        local = address.strip().strip("<>").rpartition("@")[0]
        digests = token_digests(local.rpartition("+")[2].casefold(), LinkUse.REPLY)
        found = HandoffLink.objects.filter(digest__in=digests).first() if digests else None
        if found is not None:
            return found
    return None


def _handoff(link: HandoffLink, now: datetime) -> Handoff | None:
    if link.revoked_at is not None or link.expires_at <= now:
        return None
    rows = Handoff.objects.shown_to_partners().answerable().select_related("agency")
    return rows.filter(pk=link.handoff_id, organisation__is_active=True).first()


def _fitting(text: str, *, is_cut: bool) -> str:
    """Nobody can be asked for a shorter mail, so the end is left out and marked."""
    if len(text) > TEXT_LIMIT:
        text, is_cut = text[: TEXT_LIMIT - len(CUT) - 1], True
    return f"{text} {CUT}".strip() if is_cut and text else text


def _decoded(contents: Sequence[bytes]) -> list[Picture]:
    """The pictures that can be read, each made anew in a child process."""
    found: list[Picture] = []
    ends = time.monotonic() + SECONDS_FOR_ALL
    try:
        with a_place():
            for content in contents[:MOST_PICTURES]:
                picture = _one(content, seconds=min(SECONDS, ends - time.monotonic()))
                found += [picture] if picture is not None else []
    except CannotDecode:
        # No place was free in time; the words arrive without the pictures.
        return found
    return found


def _one(content: bytes, *, seconds: float) -> Picture | None:
    if not content or len(content) > UPLOAD_BYTES or seconds <= 0:
        return None
    with tempfile.TemporaryFile() as file:
        file.write(content)
        try:
            return decode(file, seconds=seconds)
        except CannotDecode:
            return None
        except (NotConfined, OSError):
            logger.exception("no decoder", extra={"event": "PHOTO_NOT_DECODED"})
            return None


def _keep(
    handoff: Handoff, mail: Incoming, text: str, pictures: Sequence[Picture], now: datetime
) -> Fate:
    digest = _digest(handoff, mail, text)
    before = HandoffEntry.objects.filter(handoff=handoff, way=SaidBy.MAIL)
    if before.filter(digest=digest).exists():
        return Fate.REPEATED
    if before.count() >= MOST_ANSWERS:
        return Fate.FLOOD
    with kept(pictures, agency=handoff.agency, now=now) as written:
        try:
            answers.answer(
                handoff_id=handoff.pk,
                text=text,
                way=SaidBy.MAIL,
                photos=tuple(written),
                digest=digest,
                by=BY,
                now=now,
            )
        except answers.SaidBefore:
            return Fate.REPEATED
        except (answers.CannotAnswer, BadWords):
            return Fate.ENDED
    return Fate.KEPT


def _digest(handoff: Handoff, mail: Incoming, text: str) -> bytes:
    """Mail servers deliver again when they are not sure; the same mail is one answer."""
    parts = hashlib.sha256()
    for part in (mail.message_id.encode(), text.encode(), *mail.pictures):
        parts.update(hashlib.sha256(part).digest())
    return keyed_hash(
        Purpose.SUBMISSION, f"{handoff.reference}:{parts.hexdigest()}", agency_id=handoff.agency_id
    )
