"""Photos from the moment they are decoded to the moment nothing is left of them.

Files are written before the row commits and deleted after it; what a crash leaves in between, one
way or the other, `sweep` clears up.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Func

from concerns import notices
from concerns.actions.casework import CannotMove, locked, log, party_of
from concerns.models import Concern, ConcernPhoto, DoomedFile, Merge, Reply, ReturnedPhoto
from concerns.models.photos import MOST_PHOTOS
from concerns.published.models import PublicConcern, PublicPhoto
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.doors.pictures import store
from engagement.doors.pictures.decoding import Picture
from engagement.keys.hashes import keyed_hash
from engagement.keys.moments import floor_to_hour
from engagement.keys.purposes import Purpose
from engagement.keys.store import KeyMissing
from engagement.places.models import Agency

logger = logging.getLogger(__name__)

# Files wait for their row for seconds; this many days are looked through for those left over.
LOOKED_BACK = timedelta(days=3)
BATCH = 500


class CannotAddPhotos(CannotMove):
    """The concern is closed."""


@dataclass(frozen=True)
class Kept:
    """A picture whose file is written and whose row is not."""

    name: str
    width: int
    height: int
    digest: bytes


@contextmanager
def kept(pictures: Sequence[Picture], *, agency: Agency, now: datetime) -> Iterator[list[Kept]]:
    """Write the files for an action inside the block; those that it did not store go again.

    Fewer than were given when they could not be written: a full disk or a missing key must not
    cost anybody their report.
    """
    written: list[Kept] = []
    try:
        for picture in pictures:
            written.append(_keep(picture, agency, now))
    except (OSError, KeyMissing):
        logger.exception("not kept", extra={"event": "PHOTO_NOT_KEPT"})
    try:
        yield written
    finally:
        if written:
            _drop_unused([one.name for one in written])


def attach(
    concern: Concern,
    photos: Sequence[Kept],
    *,
    reply: Reply | None = None,
    by: Actor,
    at: datetime,
    writes: Together | None = None,
) -> list[ConcernPhoto]:
    """Store photos of a report or of one message, in the caller's transaction, up to six in all.

    Returns the new ones: what is there already is not stored twice. With `writes`, for a report or
    message that has none yet, they are gathered there.
    """
    if not photos:
        return []
    there = []
    if writes is None:
        mine = ConcernPhoto.objects.filter(concern=concern, reply=reply)
        there = list(mine.values_list("position", "digest"))
    known = {bytes(digest) for _, digest in there}
    fresh = list({one.digest: one for one in photos if one.digest not in known}.values())
    free = sorted(set(range(1, MOST_PHOTOS + 1)) - {position for position, _ in there})
    rows = [
        ConcernPhoto(
            agency_id=concern.agency_id,
            concern=concern,
            reply=reply,
            position=position,
            by_party=party_of(by),
            by_user_id=by.user_id,
            name=one.name,
            width=one.width,
            height=one.height,
            digest=one.digest,
            at=at,
        )
        for position, one in zip(free, fresh, strict=False)
    ]
    # The same form from two connections: the second finds the photos of the first.
    if writes is None:
        ConcernPhoto.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        writes.insert_all(rows, once=True)
    return rows


@transaction.atomic(durable=True)
def add(
    *,
    concern_id: int,
    photos: Sequence[Kept],
    reply_id: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Add photos to the report, or to one message of it; returns how many are new.

    Raises CannotAddPhotos.
    """
    concern = locked(concern_id)
    if concern.state == State.CLOSED:
        raise CannotAddPhotos(concern)
    reply = concern.replies.get(pk=reply_id) if reply_id is not None else None
    at = floor_to_hour(now)
    rows = attach(concern, photos, reply=reply, by=by, at=at)
    if rows:
        log("CONCERN_PHOTOS_ADDED", concern, by=by, at=at, payload={"number": len(rows)})
    if rows and reply is None and by.is_reporter:
        # With a message, the message itself was told.
        notices.reporter_wrote(concern, event=f"photos:{rows[0].name}", now=now)
    return len(rows)


def destroy(concern: Concern) -> int:
    """Destroy every photo of a concern, its public copies too, in the caller's transaction.

    The files go when it commits. Returns how many photos there were.
    """
    rows = list(ConcernPhoto.objects.filter(concern=concern).select_related("public"))
    shown = [row.public for row in rows if row.public is not None]
    ConcernPhoto.objects.filter(pk__in=[row.pk for row in rows]).delete()
    PublicPhoto.objects.filter(pk__in=[copy.pk for copy in shown]).delete()
    kept = Merge.objects.filter(concern=concern).exclude(kept_photos=[])
    aside = [name for merge in kept for name in merge.kept_photos]
    doom([row.name for row in rows] + [copy.name for copy in shown] + aside)
    return len(rows)


def hide_all(public: PublicConcern) -> None:
    """Let the public copies of a concern that stops being public go with it, in the caller's
    transaction."""
    doom(list(PublicPhoto.objects.filter(public_concern=public).values_list("name", flat=True)))


def doom(names: Iterable[str]) -> None:
    """Let these files go with the caller's transaction: at once when it commits, and by the sweep
    should that not happen."""
    doomed = list(names)
    if doomed:
        DoomedFile.objects.bulk_create(
            [DoomedFile(name=name) for name in doomed], ignore_conflicts=True
        )
        transaction.on_commit(lambda: _delete_doomed(doomed))


def sweep(*, now: datetime) -> int:
    """Delete files that should be gone and files that no row names; returns how many.

    The others lose what their times still tell. A file is looked at only when it is an hour old,
    so one that waits for its row is safe.
    """
    doomed = list(DoomedFile.objects.order_by("pk").values_list("name", flat=True)[:BATCH])
    _delete_doomed(doomed)
    number = len(doomed) + store.delete_drafts(now=now)
    since = (now - LOOKED_BACK).date()
    settled: list[str] = []
    for names in store.settled_names(since=since, now=now):
        unused = _drop_unused(names)
        number += len(unused)
        settled += set(names) - set(unused)
    store.blur(settled, now=now)
    return number


def without_file() -> Iterator[ConcernPhoto | PublicPhoto | ReturnedPhoto]:
    """Every photo whose file is not there."""
    for rows in (
        ConcernPhoto.objects.order_by("pk"),
        PublicPhoto.objects.order_by("pk"),
        ReturnedPhoto.objects.order_by("pk"),
    ):
        for row in rows.iterator(chunk_size=BATCH):
            if not store.exists(row.name):
                yield row


def _keep(picture: Picture, agency: Agency, now: datetime) -> Kept:
    return Kept(
        name=store.write(picture.jpeg, agency_id=agency.pk, now=now),
        width=picture.width,
        height=picture.height,
        # Keyed: whoever holds a copy of a photo must not find by it who sent it.
        digest=keyed_hash(Purpose.SUBMISSION, picture.jpeg, agency_id=agency.pk),
    )


def _drop_unused(names: Sequence[str]) -> list[str]:
    """Delete the files among these that no row names; one query."""
    # Of a page that comes back should its report be taken out of the one that it was joined with.
    kept = Merge.objects.filter(kept_photos__overlap=list(names)).values_list(
        Func("kept_photos", function="unnest", output_field=CharField())
    )
    public = PublicPhoto.objects.filter(name__in=names).values_list("name")
    returned = ReturnedPhoto.objects.filter(name__in=names).values_list("name")
    shown = ConcernPhoto.objects.filter(name__in=names).values_list("name")
    everywhere = shown.order_by().union(public.order_by(), returned.order_by(), kept.order_by())
    used = {name for (name,) in everywhere.order_by("name")}
    unused = [name for name in names if name not in used]
    for name in unused:
        store.delete(name)
    return unused


def _delete_doomed(names: Sequence[str]) -> None:
    for name in names:
        store.delete(name)
    DoomedFile.objects.filter(name__in=names).delete()
