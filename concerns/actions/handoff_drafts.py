"""A hand-off before it leaves: what its reader would get, and why that may not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from concerns.actions.borrowed_words import borrows, residents_words
from concerns.actions.public_places import areas_of_point, is_off_street
from concerns.models import Concern, ConcernPhoto, OutsideService, WrongDoor
from concerns.models.handoffs import BRIEF_LIMIT, Precision
from concerns.published.anchors import AREA, BLOCK, COARSENESS, Anchor, anchor_for
from concerns.published.labels import LONGEST, nearest_street, place_of
from concerns.published.models import PublicPhoto
from concerns.words import TooLong, clean_words
from concerns.workflow import State, WaitingOn
from engagement.groups.models import Organisation, OrganisationMember, TakesBy
from engagement.groups.queries import offered_at
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.queries import blocks_of
from engagement.places.wording import Wording

FARTHEST_DAYS = 366


class CannotHandOn(Exception):
    """`reason` is one of "private_kind", "danger", "not_open", "no_words", "too_long",
    "reporters_words", "too_fine", "no_such_photo", "past_due", "no_organisation", "nobody_there",
    "no_service"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Draft:
    """What staff chose. `photo_ids` are photos of the concern that have a public copy."""

    organisation_id: int
    brief: str
    asked: str
    precision: str
    due_on: date
    photo_ids: Sequence[int] = ()
    service_code: str = ""


@dataclass(frozen=True)
class Place:
    precision: str
    label: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Document:
    """Every word, the only place and all the photos that its reader would get."""

    organisation: Organisation
    kind: Wording
    brief: str
    asked: str
    place: Place
    due_on: date
    photos: Sequence[PublicPhoto]
    service: OutsideService | None


def why_not_at_all(concern: Concern) -> str:
    """The reason why nobody outside may get anything of it now, or ""."""
    if concern.category.is_private:
        return "private_kind"
    if concern.danger:
        return "danger"
    waits_elsewhere = concern.state == State.WAITING and concern.waiting_on != WaitingOn.PARTNER
    return "not_open" if waits_elsewhere or not concern.is_open else ""


def _why_not_now(concern: Concern) -> str:
    """The same where another table must be asked: what came to the wrong door goes to nobody."""
    is_marked = WrongDoor.objects.hiding().filter(concern=concern).exists()
    return "danger" if is_marked else ""


def document_of(concern: Concern, draft: Draft, *, now: datetime) -> Document:
    """Say what would leave, and change nothing. Raises CannotHandOn."""
    reason = why_not_at_all(concern) or _why_not_now(concern)
    if reason:
        raise CannotHandOn(reason)
    if draft.due_on < concern.agency.day_of(now):
        raise CannotHandOn("past_due")
    organisation = _organisation(concern, draft, now)
    brief, asked = _own_words(concern, draft.brief, draft.asked)
    return Document(
        organisation=organisation,
        kind=concern.category.label,
        brief=brief,
        asked=asked,
        place=_place(concern, draft.precision),
        due_on=draft.due_on,
        photos=_photos(concern, draft.photo_ids),
        service=_service(organisation, draft.service_code),
    )


def precisions_of(concern: Concern) -> list[Precision]:
    """How finely an outsider may learn its place, finest first: never finer than the public."""
    finest = _finest(concern)
    fitting = [
        Precision(name)
        for name, coarseness in COARSENESS.items()
        if coarseness >= finest and (name == AREA or concern.lon is not None)
    ]
    return [*fitting, Precision.NONE]


def shareable_photos(concern: Concern) -> list[ConcernPhoto]:
    """Those of which staff made a public copy, covered where it had to be. One query, none where
    nothing of it is public."""
    if concern.public_id is None:
        return []
    rows = ConcernPhoto.objects.filter(concern=concern, public__isnull=False)
    return list(rows.select_related("public").order_by("id"))


def _organisation(concern: Concern, draft: Draft, now: datetime) -> Organisation:
    partners = staff_holding(roles=[Role.PARTNER], agency=concern.agency, now=now)
    at_work = OrganisationMember.objects.filter(
        organisation=OuterRef("pk"), user_id__in=partners.order_by().values("pk")
    )
    offered = offered_at(concern.agency).annotate(has_partner=Exists(at_work))
    found = offered.filter(pk=draft.organisation_id).first()
    if found is None:
        raise CannotHandOn("no_organisation")
    if found.takes_by in (TakesBy.LINK, TakesBy.MAIL) and found.contact_id is None:
        raise CannotHandOn("nobody_there")
    if found.takes_by == TakesBy.ACCOUNT and not found.has_partner:
        raise CannotHandOn("nobody_there")
    return found


def _own_words(concern: Concern, *texts: str) -> list[str]:
    """The texts made safe to store; none repeats what a resident wrote."""
    told = [_cleaned(text) for text in texts]
    corrected = concern.place_corrections.order_by("id").values("place_text")
    written = [concern.place_text, *residents_words(concern, corrected)]
    if any(borrows(words, said) for words in told for said in written):
        raise CannotHandOn("reporters_words")
    return told


def _cleaned(text: str) -> str:
    try:
        words = clean_words(text, limit=BRIEF_LIMIT)
    except TooLong:
        raise CannotHandOn("too_long") from None
    if not words:
        raise CannotHandOn("no_words")
    return words


def _finest(concern: Concern) -> int:
    coarseness = [COARSENESS.get(concern.category.visibility, COARSENESS[AREA])]
    if concern.public is not None:
        coarseness.append(COARSENESS[concern.public.precision])
    if concern.is_home or is_off_street(concern):
        coarseness.append(COARSENESS[BLOCK])
    return max(coarseness)


def _place(concern: Concern, precision: str) -> Place:
    if precision not in precisions_of(concern):
        raise CannotHandOn("too_fine")
    if precision == Precision.NONE:
        return Place(Precision.NONE)
    blocks = blocks_of(concern.agency)
    anchor = anchor_for(
        visibility=precision,
        lon=concern.lon,
        lat=concern.lat,
        is_private=False,
        block_at=blocks.anchor if blocks else None,
    ) or Anchor(AREA)
    found = place_of(anchor, agency=concern.agency, areas_of_point=areas_of_point(concern))
    return Place(anchor.precision, _findable(concern, anchor, found.label), anchor.lon, anchor.lat)


def _findable(concern: Concern, anchor: Anchor, label: str) -> str:
    """A block is told with the street at its anchor, or nobody could go there. That is read off
    the anchor alone, so it says nothing of the point."""
    if anchor.precision != BLOCK or anchor.lon is None or anchor.lat is None:
        return label
    street = nearest_street(agency=concern.agency, lon=anchor.lon, lat=anchor.lat)
    return f"{street[0]}, {label}"[:LONGEST] if street else label


def _photos(concern: Concern, photo_ids: Sequence[int]) -> list[PublicPhoto]:
    wanted = set(photo_ids)
    if not wanted:
        return []
    found = [photo for photo in shareable_photos(concern) if photo.pk in wanted]
    if len(found) != len(wanted):
        raise CannotHandOn("no_such_photo")
    return [photo.public for photo in found if photo.public is not None]


def _service(organisation: Organisation, code: str) -> OutsideService | None:
    if organisation.takes_by != TakesBy.OPEN311:
        return None
    found = OutsideService.objects.filter(organisation=organisation, code=code).first()
    if found is None:
        raise CannotHandOn("no_service")
    return found
