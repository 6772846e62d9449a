"""The public page of a report that is joined with another: put aside whole, brought back whole."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from concerns.actions.casework import log
from concerns.actions.photos import doom
from concerns.models import Concern, ConcernPhoto, Merge
from concerns.published.models import (
    PublicConcern,
    PublicConcernArea,
    PublicMove,
    PublicPhoto,
    PublicUpdate,
    Support,
)
from concerns.wrong_doors import is_wrong_door
from engagement.audit.actors import Actor
from engagement.doors.pictures import store

# What hangs on a page and comes back with it; news that nobody was told yet does not.
HANGING: tuple[type[Model], ...] = (PublicConcernArea, PublicUpdate, Support, PublicPhoto)

Kept = dict[str, Any]
M = TypeVar("M", bound=Model)


def put_aside(concern: Concern, *, by: Actor, at: datetime) -> tuple[Kept | None, list[str]]:
    """Take the page of a locked concern out of all that the public reads; the caller saves it.

    Returns the page as JSON holds it, and the names of its photos, whose files stay.
    """
    public = concern.public
    if public is None:
        return None, []
    shown = ConcernPhoto.objects.filter(public__public_concern=public).order_by("pk")
    kept = {
        "page": _columns(public),
        "rows": {model.__name__: _rows(model, public) for model in HANGING},
        "photos": {str(photo.pk): photo.public_id for photo in shown},
    }
    concern.public = None
    Concern.objects.filter(pk=concern.pk).update(public=None)
    reference = public.reference
    public.delete()
    log("CONCERN_UNPUBLISHED", concern, by=by, at=at, payload={"public": reference})
    return kept, [str(row["name"]) for row in kept["rows"]["PublicPhoto"]]


def bring_back(concern: Concern, merge: Merge, *, by: Actor, at: datetime) -> None:
    """Publish again what was put aside, as it was; the caller saves `public`.

    Not where concerns of this kind are no longer shown to everyone, or where this one was marked
    as something else than a concern: then it is gone for good.
    """
    kept, names = merge.page_before, merge.kept_photos
    merge.page_before, merge.kept_photos = None, []
    merge.save(update_fields=["page_before", "kept_photos"])
    if kept is None:
        return
    if not comes_back(concern):
        doom(names)
        return
    PublicMove.objects.filter(reference=kept["page"]["reference"]).delete()
    page = _made(PublicConcern, kept["page"])
    page.state, page.outcome = concern.state, concern.outcome
    PublicConcern.objects.bulk_create([page])
    for model in HANGING:
        rows = [_made(model, row) for row in kept["rows"][model.__name__]]
        model._default_manager.bulk_create(rows)
    _show_photos_again(concern, kept["photos"])
    concern.public = PublicConcern.objects.get(pk=page.pk)
    payload: dict[str, str | int | bool | None] = {"public": concern.public.reference}
    log("CONCERN_PUBLISHED", concern, by=by, at=at, payload=payload)


def comes_back(concern: Concern) -> bool:
    """Whether the page of a joined concern would be shown again."""
    return concern.category.has_public_place and not is_wrong_door(concern)


def lead_here(concern: Concern) -> None:
    """Let the addresses of pages whose concerns were joined with this one lead to its page, or
    nowhere while it has none."""
    merges = Merge.objects.filter(
        survivor=concern, undone_at__isnull=True, page_before__isnull=False
    ).order_by("pk")
    pages = [merge.page_before for merge in merges if merge.page_before is not None]
    references = [str(page["page"]["reference"]) for page in pages]
    if not references:
        return
    PublicMove.objects.filter(reference__in=references).delete()
    public = concern.public
    if public is None:
        return
    PublicMove.objects.bulk_create(
        PublicMove(agency_id=concern.agency_id, reference=reference, public_concern=public)
        for reference in references
    )


def _show_photos_again(concern: Concern, photos: dict[str, int]) -> None:
    for photo in ConcernPhoto.objects.filter(concern=concern, pk__in=map(int, photos)):
        photo.public_id = photos[str(photo.pk)]
        photo.save(update_fields=["public"])
    for lost in PublicPhoto.objects.filter(pk__in=photos.values()):
        if not store.exists(lost.name):
            lost.delete()


def _rows(model: type[Model], public: PublicConcern) -> list[Kept]:
    rows = model._default_manager.filter(public_concern=public).order_by("pk")
    return [_columns(row) for row in rows]


def _columns(row: Model) -> Kept:
    """The stored columns of a row as JSON holds them."""
    fields = [field for field in row._meta.concrete_fields if not field.generated]
    return {
        field.attname: None if field.value_from_object(row) is None else field.value_to_string(row)
        for field in fields
    }


def _made(model: type[M], kept: Kept) -> M:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(
        **{
            name: None if held is None else fields[name].to_python(held)
            for name, held in kept.items()
        }
    )
