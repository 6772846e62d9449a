"""Which cases belong together: what was joined with what, and what is a part of what."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from concerns.models import Concern, Merge, Part, WordForAll

if TYPE_CHECKING:
    from concerns.querysets import ConcernQuerySet


def with_family(rows: "ConcernQuerySet") -> "ConcernQuerySet":
    """Concerns that know whether others were joined with them, with which they were joined and of
    which they are a part, so that nearly all cost no question more."""
    standing = Merge.objects.filter(undone_at__isnull=True)
    return rows.annotate(
        has_joined=Exists(standing.filter(survivor=OuterRef("pk"))),
        joined_with_id=Subquery(standing.filter(concern=OuterRef("pk")).values("survivor")[:1]),
        part_of_id=Subquery(Part.objects.filter(concern=OuterRef("pk")).values("of")[:1]),
    )


def merge_of(concern_id: int) -> Merge | None:
    """How the concern is joined with another now, if it is. One query."""
    return Merge.objects.filter(concern=concern_id, undone_at__isnull=True).first()


def survivor_of(concern: Concern) -> Concern | None:
    """The case that a joined one follows. One query, none where `with_family` says that it is
    not joined."""
    if getattr(concern, "joined_with_id", 0) is None:
        return None
    return (
        Concern.objects.select_related("agency", "category", "public", "owner")
        .defer("search", "text")
        .filter(joined__concern=concern.pk, joined__undone_at__isnull=True)
        .first()
    )


def whole_of(concern: Concern) -> Concern | None:
    """The report that a part was split from; costs as `survivor_of` does."""
    if getattr(concern, "part_of_id", 0) is None:
        return None
    rows = Concern.objects.select_related("agency", "category", "wish").defer("search", "text")
    return rows.filter(parts__concern=concern.pk).first()


def joined_with(concern: Concern) -> list[Concern]:
    """Every report that follows this case now, with its agency and the way to reach its reporter.

    One query; none where `with_family` says that there is none.
    """
    if not getattr(concern, "has_joined", True):
        return []
    rows = Concern.objects.select_related("agency", "wish").defer("search", "text")
    rows = rows.filter(merges__survivor=concern.pk, merges__undone_at__isnull=True)
    return list(with_family(rows).order_by("pk"))


def joined_ids(concern_ids: Iterable[int]) -> list[int]:
    """Ids of the reports that follow these cases, in order. One query."""
    standing = Merge.objects.filter(survivor__in=list(concern_ids), undone_at__isnull=True)
    return list(standing.order_by("concern_id").values_list("concern_id", flat=True))


def parts_of(concern: Concern) -> list[Concern]:
    """The cases that were split from a report, oldest first; one query."""
    rows = Concern.objects.select_related("category", "agency").defer("search")
    return list(rows.filter(part__of=concern.pk).annotate(at=F("part__at")).order_by("pk"))


def words_for(concern: Concern) -> QuerySet[WordForAll]:
    """What staff wrote to all who reported it, as the reporter of this one reads it: with their
    own case, or with the one that theirs was joined with since then. Oldest first."""
    followed = Q(
        concern__joined__concern=concern.pk,
        concern__joined__undone_at__isnull=True,
        at__gte=F("concern__joined__at"),
    )
    return WordForAll.objects.filter(Q(concern=concern.pk) | followed).order_by("id").distinct()
