"""Tags: put on a case, taken off it, and the list of an agency's tags kept tidy."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from concerns.actions.casework import CannotMove, locked_as_seen, log, save
from concerns.models import Concern, ConcernTag, Tag
from concerns.models.tags import NAME_LIMIT
from concerns.words import TooLong, clean_words
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency


class CannotTag(CannotMove):
    """The tag is of another agency or in use no more, or the case has it, or has it not."""


class CannotKeepTag(ValueError):
    """No name, one that is too long, one that another tag has, or a tag of another agency."""


@dataclass(frozen=True)
class Merged:
    """What came of joining one tag with another: on so many cases the other one took its place."""

    into: Tag
    cases: int


@transaction.atomic(durable=True)
def add_tag(
    *, concern_id: int, seen_version: int, name: str, by: Actor, now: datetime
) -> ConcernTag:
    """Put a tag on the case; a name that the agency has not used yet becomes a new tag.

    Raises StaleEdit, CannotTag, CannotKeepTag.
    """
    concern = locked_as_seen(concern_id, seen_version)
    tag = _known_or_new(concern.agency, name, by=by, now=now)
    return _put_on(concern, tag, by=by, at=floor_to_hour(now))


@transaction.atomic(durable=True)
def put_tag(
    *, concern_id: int, seen_version: int, tag_id: int, by: Actor, now: datetime
) -> ConcernTag:
    """Put a tag that the agency uses on the case. Raises StaleEdit, CannotTag."""
    concern = locked_as_seen(concern_id, seen_version)
    tag = Tag.objects.filter(agency_id=concern.agency_id, pk=tag_id).first()
    if tag is None:
        raise CannotTag(concern)
    return _put_on(concern, tag, by=by, at=floor_to_hour(now))


@transaction.atomic(durable=True)
def take_tag(
    *, concern_id: int, seen_version: int, tag_id: int, by: Actor, now: datetime
) -> Concern:
    """Take a tag off the case, in use or not. Raises StaleEdit, CannotTag."""
    concern = locked_as_seen(concern_id, seen_version)
    gone, _ = ConcernTag.objects.filter(concern=concern, tag_id=tag_id).delete()
    if not gone:
        raise CannotTag(concern)
    save(concern)
    log("CONCERN_UNTAGGED", concern, by=by, at=floor_to_hour(now), payload={"tag": tag_id})
    return concern


@transaction.atomic(durable=True)
def rename_tag(*, tag_id: int, agency: Agency, name: str, by: Actor, now: datetime) -> Tag:
    """Give a tag another name, on every case that has it. Raises CannotKeepTag."""
    tag = _locked(agency, tag_id)
    wanted = _clean(name)
    if _named(agency, wanted).exclude(pk=tag.pk).exists():
        raise CannotKeepTag(wanted)
    tag.name = wanted
    tag.save(update_fields=["name"])
    _log("TAG_RENAMED", tag, by=by, now=now)
    return tag


@transaction.atomic(durable=True)
def merge_tag(*, tag_id: int, into_id: int, agency: Agency, by: Actor, now: datetime) -> Merged:
    """Join a tag with another: cases that had the first have the second, and the first is
    retired. Raises CannotKeepTag."""
    first, second = sorted((tag_id, into_id))
    # The rows of both tags are held, so no case gets either of them meanwhile.
    held = {tag.pk: tag for tag in (_locked(agency, first), _locked(agency, second))}
    if tag_id == into_id or not held[into_id].is_active:
        raise CannotKeepTag(str(into_id))
    has_both = ConcernTag.objects.filter(tag_id=into_id).values("concern_id")
    here = ConcernTag.objects.filter(agency=agency, tag_id=tag_id)
    moved = here.exclude(concern_id__in=has_both).update(tag_id=into_id)
    here.delete()
    _use(held[tag_id], is_active=False)
    subject = Subject("tag", str(tag_id))
    told = {"into": into_id, "cases": moved}
    record("TAG_MERGED", by=by, subject=subject, agency_id=agency.pk, now=now, payload=told)
    return Merged(held[into_id], moved)


@transaction.atomic(durable=True)
def retire_tag(*, tag_id: int, agency: Agency, by: Actor, now: datetime) -> Tag:
    """Offer a tag no more; cases that have it keep it. Raises CannotKeepTag."""
    tag = _use(_locked(agency, tag_id), is_active=False)
    _log("TAG_RETIRED", tag, by=by, now=now)
    return tag


@transaction.atomic(durable=True)
def bring_back_tag(*, tag_id: int, agency: Agency, by: Actor, now: datetime) -> Tag:
    """Offer a retired tag again. Raises CannotKeepTag."""
    tag = _use(_locked(agency, tag_id), is_active=True)
    _log("TAG_BROUGHT_BACK", tag, by=by, now=now)
    return tag


def _put_on(concern: Concern, tag: Tag, *, by: Actor, at: datetime) -> ConcernTag:
    if not tag.is_active or ConcernTag.objects.filter(concern=concern, tag=tag).exists():
        raise CannotTag(concern)
    put = ConcernTag.objects.create(agency_id=concern.agency_id, concern=concern, tag=tag)
    save(concern)
    log("CONCERN_TAGGED", concern, by=by, at=at, payload={"tag": tag.pk})
    return put


def _known_or_new(agency: Agency, name: str, *, by: Actor, now: datetime) -> Tag:
    wanted = _clean(name)
    known = _named(agency, wanted).first()
    if known is not None:
        return known
    # Two officers may invent the same word at once: a violation would stand in the server's log.
    Tag.objects.bulk_create([Tag(agency=agency, name=wanted)], ignore_conflicts=True)
    tag = _named(agency, wanted).get()
    _log("TAG_MADE", tag, by=by, now=now)
    return tag


def _named(agency: Agency, name: str) -> QuerySet[Tag]:
    return Tag.objects.alias(low=Lower("name")).filter(agency=agency, low=name.lower())


def _clean(name: str) -> str:
    try:
        wanted = " ".join(clean_words(name, limit=NAME_LIMIT).split())
    except TooLong:
        wanted = ""
    if not wanted:
        raise CannotKeepTag(name)
    return wanted


def _locked(agency: Agency, tag_id: int) -> Tag:
    tag = Tag.objects.select_for_update().filter(agency=agency, pk=tag_id).first()
    if tag is None:
        raise CannotKeepTag(str(tag_id))
    return tag


def _use(tag: Tag, *, is_active: bool) -> Tag:
    tag.is_active = is_active
    tag.save(update_fields=["is_active"])
    return tag


def _log(event: str, tag: Tag, *, by: Actor, now: datetime) -> None:
    subject = Subject("tag", str(tag.pk))
    record(event, by=by, subject=subject, agency_id=tag.agency_id, now=now)
