"""What is public of a case: laid out, made to fit and taken away, inside other actions."""

from datetime import datetime

from concerns.actions.casework import log, save
from concerns.actions.page_keeping import lead_here
from concerns.actions.photos import hide_all
from concerns.actions.public_places import is_off_street, place_for
from concerns.models import Category, Concern
from concerns.published.anchors import COARSENESS
from concerns.published.labels import PublicPlace
from concerns.published.models import PublicConcern, PublicConcernArea
from concerns.subscriptions.models import What
from concerns.subscriptions.telling import tell
from concerns.workflow import State
from concerns.wrong_doors import is_wrong_door
from engagement.audit.actors import Actor
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import mint
from engagement.places.wording import Wording

PLACE_FIELDS = ("precision", "place_label", "anchor_lon", "anchor_lat")
KIND_FIELDS = ("category_code", "group", "category_label")


class CannotPublish(Exception):
    """`reason` is one of "private_kind", "not_accepted", "withdrawn", "wrong_door", "no_words",
    "too_long", "reporters_words", "not_published"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    if concern.public is not None or not needs_no_text(concern):
        return
    if is_asked or not is_wrong_door(concern):
        lay_out(
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
        _move_to(public, place_of_case(concern, is_private=True), gathered)
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
        place = place_of_case(concern, is_private=was_coarse or is_off_street(concern))
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


def lay_out(
    concern: Concern,
    summary: Wording,
    *,
    is_private: bool,
    by: Actor,
    at: datetime,
    writes: Together | None = None,
) -> PublicConcern:
    """Make the public side of a locked concern that has none; the caller saves `public`, and sends
    `writes` where these are given. Raises CannotPublish."""
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
    place = place_of_case(concern, is_private=is_private)
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


def needs_no_text(concern: Concern) -> bool:
    return concern.category.publishes_without_text and bool(concern.category.public_sentence)


def place_of_case(concern: Concern, *, is_private: bool) -> PublicPlace:
    """Return where the public sees a concern. Raises CannotPublish."""
    place = place_for(concern, is_private=is_private)
    if place is None:
        raise CannotPublish("private_kind")
    return place


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
