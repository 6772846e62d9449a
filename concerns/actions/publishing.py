"""What the public may read: staff's own words, at an anchor, by the day."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from concerns import joiner_notices
from concerns.actions.casework import locked_as_seen, log, save
from concerns.actions.page_keeping import lead_here
from concerns.actions.photos import hide_all
from concerns.families import joined_with, whole_of
from concerns.models import Answer, Category, Concern, Joining, Reply
from concerns.models.casework import Direction
from concerns.published.anchors import COARSENESS, Anchor, anchor_for
from concerns.published.labels import PublicPlace, nearest_street, place_of
from concerns.published.models import (
    Precision,
    PublicConcern,
    PublicConcernArea,
    PublicUpdate,
)
from concerns.subscriptions.models import What
from concerns.subscriptions.telling import tell
from concerns.workflow import STATE_LABELS, Outcome, State
from concerns.wrong_doors import is_wrong_door
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import mint
from engagement.places.models import Area
from engagement.places.queries import AreaHit, areas_at, blocks_of
from engagement.places.wording import Wording

# So many words in a row that also stand in the report are taken for its reporter's own.
BORROWED_WORDS = 6
FEWEST_WORDS = 3
# Further than this from the middle of every street is taken for private land, until staff look.
STREET_REACH_METRES = 30.0
SUMMARY_LIMIT = 2000
PLACE_FIELDS = ("precision", "place_label", "anchor_lon", "anchor_lat")
KIND_FIELDS = ("category_code", "group", "category_label")


class CannotPublish(Exception):
    """`reason` is one of "private_kind", "not_accepted", "withdrawn", "wrong_door", "no_words",
    "too_long", "reporters_words", "not_published"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    if concern.public is not None or concern.state != State.RECEIVED or not _needs_no_text(concern):
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
        public = _publish(concern, summary, is_private=on_private_land, by=by, at=at)
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


def publish_if_it_needs_no_text(
    concern: Concern,
    *,
    by: Actor,
    at: datetime,
    writes: Together | None = None,
    is_asked: bool = False,
) -> None:
    """Publish a locked concern whose category appears with its own sentence; the caller saves it,
    and sends `writes` where these are given. With `is_asked` the caller knows already that it came
    to no wrong door.

    Nobody looked at the place yet, so one away from the street counts as private land.
    """
    if concern.public is not None or not _needs_no_text(concern):
        return
    if is_asked or not is_wrong_door(concern):
        _publish(
            concern,
            concern.category.public_sentence,
            is_private=is_off_street(concern),
            by=by,
            at=at,
            writes=writes,
        )


def fit_to_category(
    concern: Concern, *, before: Category, by: Actor, at: datetime, writes: Together | None = None
) -> None:
    """Make the public side of a locked concern fit its new category; the caller saves it, and
    sends `writes` where these are given.

    It goes where the new kind is not shown, or where it said no more than the old kind's
    sentence; it never becomes finer.
    """
    public, category = concern.public, concern.category
    if public is None:
        if concern.state != State.RECEIVED:
            publish_if_it_needs_no_text(concern, by=by, at=at, writes=writes)
        return
    had_sentence = public.summary == before.public_sentence
    if not category.has_public_place or (had_sentence and not category.public_sentence):
        delete_public_side(concern, by=by, at=at)
        return
    gathered = writes or Together()
    if COARSENESS[category.visibility] > COARSENESS[public.precision]:
        _move_to(public, _place(concern, is_private=True), gathered)
    _set_category(public, category)
    if had_sentence:
        public.summary = category.public_sentence
    gathered.change(public, *KIND_FIELDS, "summary")
    if writes is None:
        gathered.send()


def fit_to_place(concern: Concern, *, by: Actor, at: datetime) -> None:
    """Lay what is public of a locked concern where staff say that it is; the caller saves it.

    What stood on its block, or coarser, because of private land never becomes a place on the
    street by it. What its kind does not show goes.
    """
    public = concern.public
    if public is None:
        return
    was_coarse = COARSENESS[public.precision] > COARSENESS.get(concern.category.visibility, 0)
    try:
        place = _place(concern, is_private=was_coarse or is_off_street(concern))
    except CannotPublish:
        delete_public_side(concern, by=by, at=at)
    else:
        gathered = Together()
        _move_to(public, place, gathered)
        gathered.send()


def fit_all_to(category: Category, *, before: Category, by: Actor, now: datetime) -> int:
    """Make everything published under a category fit its new rules, in the caller's transaction.

    Returns how many concerns had a public side.
    """
    shown = (
        Concern.objects.select_related("agency", "public")
        .select_for_update(of=("self",))
        .filter(category=category, public__isnull=False)
        .order_by("pk")
    )
    number = 0
    for concern in shown.iterator(chunk_size=500):
        concern.category = category
        fit_to_category(concern, before=before, by=by, at=floor_to_hour(now))
        save(concern, "public")
        number += 1
    return number


def delete_public_side(concern: Concern, *, by: Actor, at: datetime) -> None:
    """Delete what is public about a locked concern, if anything; the caller saves `public`."""
    public = concern.public
    if public is None:
        return
    reference = public.reference
    hide_all(public)
    concern.public = None
    Concern.objects.filter(pk=concern.pk).update(public=None)
    public.delete()
    log("CONCERN_UNPUBLISHED", concern, by=by, at=at, payload={"public": reference})


def borrows(words: str, report: str) -> bool:
    """Tell whether `words` repeat six words in a row of what a reporter wrote, or all of it where
    that is shorter. Fewer than three words are anybody's."""
    said, wrote = _spoken(words), _spoken(report)
    length = min(BORROWED_WORDS, len(wrote))
    if length < FEWEST_WORDS:
        return False
    runs = {tuple(wrote[start : start + length]) for start in range(len(wrote) - length + 1)}
    return any(
        tuple(said[start : start + length]) in runs for start in range(len(said) - length + 1)
    )


def _spoken(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


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


def residents_words(concern: Concern, *besides: QuerySet[Any, Any]) -> list[str]:
    """All that its reporter and those who joined wrote, and whose reports were joined with it; the
    public reads none of it as it is. A part tells what its whole report told. `besides` are other
    texts that are read in the same query."""
    own = whole_of(concern) or concern
    here = [own.pk, *(joined.pk for joined in joined_with(concern))]
    reports = Concern.objects.filter(pk__in=here).order_by("pk").values("text")
    replies = Reply.objects.filter(concern__in=here, direction=Direction.FROM_REPORTER)
    asked = Answer.objects.filter(concern__in=here).order_by("id").values("typed")
    said = Joining.objects.filter(concern__in=here).order_by("id").values("words")
    lists = Concern.objects.filter(pk=own.pk).values_list(
        ArraySubquery(reports),
        ArraySubquery(replies.order_by("id").values("text")),
        ArraySubquery(asked),
        ArraySubquery(said),
        *(ArraySubquery(texts) for texts in besides),
    )
    return [words for texts in lists.get() for words in texts]


def _needs_no_text(concern: Concern) -> bool:
    return concern.category.publishes_without_text and bool(concern.category.public_sentence)


def _shown(
    concern: Concern, summary: Wording, update: Wording | None, *, is_private: bool
) -> PublicPreview:
    place = _fixed_place(concern) or _place(concern, is_private=is_private)
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


def _publish(
    concern: Concern,
    summary: Wording,
    *,
    is_private: bool,
    by: Actor,
    at: datetime,
    writes: Together | None = None,
) -> PublicConcern:
    gathered = writes or Together()
    public = PublicConcern(
        agency_id=concern.agency_id,
        reference=mint(),
        state=concern.state,
        outcome=concern.outcome,
        summary=summary,
        published_on=concern.agency.day_of(at),
        received_on=concern.received_on,
        resolved_on=concern.agency.day_of(concern.resolved_at) if concern.resolved_at else None,
    )
    _set_category(public, concern.category)
    place = _place(concern, is_private=is_private)
    _set_place(public, place)
    gathered.insert(public)
    gathered.insert_all(_areas(public, place))
    concern.public = public
    tell(public, What.CONCERN, agency=concern.agency, now=at, writes=gathered)
    payload: dict[str, str | int | bool | None] = {"public": public.reference}
    log("CONCERN_PUBLISHED", concern, by=by, at=at, payload=payload, writes=gathered)
    has_joined = getattr(concern, "has_joined", True)
    if writes is None or has_joined:
        gathered.send()
    if has_joined:
        lead_here(concern)
    return public


def _set_category(public: PublicConcern, category: Category) -> None:
    public.category_code, public.group = category.code, category.group
    public.category_label = category.label


def _set_place(public: PublicConcern, place: PublicPlace) -> None:
    public.precision, public.place_label = place.anchor.precision, place.label
    public.anchor_lon, public.anchor_lat = place.anchor.lon, place.anchor.lat


def _areas(public: PublicConcern, place: PublicPlace) -> list[PublicConcernArea]:
    return [
        PublicConcernArea(agency_id=public.agency_id, public_concern=public, area_id=area_id)
        for area_id in place.area_ids
    ]


def _move_to(public: PublicConcern, place: PublicPlace, writes: Together) -> None:
    """Give what is public already another place, with the areas of that place."""
    _set_place(public, place)
    writes.change(public, *PLACE_FIELDS)
    # Those of both places stay: in one statement none could go and come back.
    writes.delete(public.areas.exclude(area_id__in=place.area_ids))
    writes.insert_all(_areas(public, place), once=True)


def place_of_draft(draft: Concern) -> PublicPlace | None:
    """The place that the public would see at most of a report that is not stored yet.

    None where the public sees no place; `draft` has a point, its agency and its category.
    """
    try:
        return _place(draft, is_private=is_off_street(draft))
    except CannotPublish:
        return None


def _fixed_place(concern: Concern) -> PublicPlace | None:
    public = concern.public
    if public is None:
        return None
    return PublicPlace(
        anchor=Anchor(public.precision, public.anchor_lon, public.anchor_lat),
        label=public.place_label,
        area_ids=(),
    )


def _place(concern: Concern, *, is_private: bool) -> PublicPlace:
    blocks = blocks_of(concern.agency)
    anchor = anchor_for(
        visibility=concern.category.visibility,
        lon=concern.lon,
        lat=concern.lat,
        is_private=is_private or concern.is_home,
        block_at=blocks.anchor if blocks else None,
    )
    if anchor is None:
        raise CannotPublish("private_kind")
    return place_of(anchor, agency=concern.agency, areas_of_point=areas_of_point(concern))


def areas_of_point(concern: Concern) -> dict[str, AreaHit]:
    """Return the areas of a concern by layer: of its point, else those stored with it."""
    if concern.lon is not None and concern.lat is not None:
        return areas_at(agency=concern.agency, lon=concern.lon, lat=concern.lat)
    stored = Area.objects.filter(pk__in=concern.areas.values("area_id")).order_by("id")
    return {
        area.layer: AreaHit(area.pk, area.layer, area.code, area.name, area.slug) for area in stored
    }


def is_off_street(concern: Concern) -> bool:
    """Whether its point lies so far from every street that it is taken for private land."""
    if concern.lon is None or concern.lat is None:
        return False
    street = nearest_street(agency=concern.agency, lon=concern.lon, lat=concern.lat)
    if street is None:
        # An agency without street lines cannot tell; one with them has none near here.
        return concern.agency.street_revision > 0
    return street[1] > STREET_REACH_METRES


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
