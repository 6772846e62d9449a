"""What the public may read: staff's own words, at an anchor, by the day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.functional import Promise

from concerns import joiner_notices
from concerns.actions.borrowed_words import borrows, residents_words
from concerns.actions.casework import locked_as_seen, log, save
from concerns.actions.public_places import fixed_place, is_off_street
from concerns.actions.public_side import (
    CannotPublish,
    delete_public_side,
    lay_out,
    needs_no_text,
    place_of_case,
)
from concerns.models import Concern
from concerns.published.models import Precision, PublicConcern, PublicUpdate
from concerns.subscriptions.models import What
from concerns.subscriptions.telling import tell
from concerns.workflow import STATE_LABELS, Outcome, State
from concerns.wrong_doors import is_wrong_door
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.wording import Wording

SUMMARY_LIMIT = 2000


@dataclass(frozen=True)
class PublicPreview:
    """Every word, the only place and the only day that the public would read."""

    category_label: Wording
    place_label: str
    precision: str
    precision_label: "str | Promise"
    lon: float | None
    lat: float | None
    received_on: date
    state: str
    state_label: "str | Promise"
    summary: Wording
    update: Wording | None


def preview(
    concern: Concern,
    *,
    summary: Wording,
    update: Wording | None = None,
    on_private_land: bool = False,
) -> PublicPreview:
    """Say what publishing would show, and change nothing. Raises CannotPublish."""
    # A summary that is public already was checked then; a reporter who quotes it later must not
    # make updates impossible.
    _check(concern, update or summary, None)
    return _shown(concern, summary, update, is_private=on_private_land)


def preview_of_accepting(concern: Concern) -> PublicPreview | None:
    """Say what accepting a received concern would show by itself, or None for nothing."""
    if concern.public is not None or concern.state != State.RECEIVED or not needs_no_text(concern):
        return None
    return _shown(
        concern, concern.category.public_sentence, None, is_private=is_off_street(concern)
    )


@transaction.atomic(durable=True)
def publish(
    *,
    concern_id: int,
    seen_version: int,
    summary: Wording,
    update: Wording | None = None,
    on_private_land: bool = False,
    by: Actor,
    now: datetime,
) -> PublicConcern:
    """Publish the concern with this summary, or give the published one a new summary.

    Its place is fixed the first time. Raises StaleEdit, CannotPublish.
    """
    concern = locked_as_seen(concern_id, seen_version)
    _check(concern, summary, update)
    at = floor_to_hour(now)
    public = concern.public
    if public is None:
        public = lay_out(concern, summary, is_private=on_private_land, by=by, at=at)
    else:
        public.summary = summary
        public.save(update_fields=["summary"])
        log("CONCERN_PUBLISHED", concern, by=by, at=at, payload={"public": public.reference})
    if update:
        _add_update(concern, public, update, by=by, at=at)
    save(concern, "public")
    return public


@transaction.atomic(durable=True)
def publish_update(
    *, concern_id: int, seen_version: int, text: Wording, by: Actor, now: datetime
) -> PublicUpdate:
    """Add an update to a published concern. Raises StaleEdit, CannotPublish."""
    concern = locked_as_seen(concern_id, seen_version)
    if concern.public is None:
        raise CannotPublish("not_published")
    _check(concern, text, None)
    at = floor_to_hour(now)
    written = _add_update(concern, concern.public, text, by=by, at=at)
    save(concern)
    return written


@transaction.atomic(durable=True)
def unpublish(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Delete the public page and its updates. Raises StaleEdit, CannotPublish."""
    concern = locked_as_seen(concern_id, seen_version)
    if concern.public is None:
        raise CannotPublish("not_published")
    delete_public_side(concern, by=by, at=floor_to_hour(now))
    save(concern, "public")
    return concern


def _check(concern: Concern, summary: Wording, update: Wording | None) -> None:
    if not concern.category.has_public_place:
        raise CannotPublish("private_kind")
    if concern.state == State.RECEIVED:
        raise CannotPublish("not_accepted")
    if concern.outcome == Outcome.WITHDRAWN:
        raise CannotPublish("withdrawn")
    if is_wrong_door(concern):
        raise CannotPublish("wrong_door")
    if not summary:
        raise CannotPublish("no_words")
    texts = [text for wording in (summary, update or Wording()) for _language, text in wording]
    if any(len(text) > SUMMARY_LIMIT for text in texts):
        raise CannotPublish("too_long")
    if any(borrows(text, written) for written in residents_words(concern) for text in texts):
        raise CannotPublish("reporters_words")


def _shown(
    concern: Concern, summary: Wording, update: Wording | None, *, is_private: bool
) -> PublicPreview:
    place = fixed_place(concern) or place_of_case(concern, is_private=is_private)
    return PublicPreview(
        category_label=concern.category.label,
        place_label=place.label,
        precision=place.anchor.precision,
        precision_label=Precision(place.anchor.precision).label,
        lon=place.anchor.lon,
        lat=place.anchor.lat,
        received_on=concern.received_on,
        state=concern.state,
        state_label=STATE_LABELS[State(concern.state)],
        summary=summary,
        update=update,
    )


def _add_update(
    concern: Concern, public: PublicConcern, text: Wording, *, by: Actor, at: datetime
) -> PublicUpdate:
    written = PublicUpdate.objects.create(
        agency_id=concern.agency_id,
        public_concern=public,
        published_on=concern.agency.day_of(at),
        text=text,
    )
    tell(public, What.UPDATE, agency=concern.agency, update=written, now=at)
    log("CONCERN_UPDATE_PUBLISHED", concern, by=by, at=at, payload={"public": public.reference})
    joiner_notices.news(concern, event=f"update:{written.pk}", now=at)
    return written
