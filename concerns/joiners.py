"""Who else says "mine too", for the desk: days and words, never a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window

from concerns.models import Concern, Joining

if TYPE_CHECKING:
    from concerns.querysets import ConcernQuerySet

SHOWN = 50


@dataclass(frozen=True)
class Joiners:
    """`number` follow now; `rows` are the newest, those who left meanwhile included."""

    number: int = 0
    rows: Sequence[Joining] = ()


def with_joiners(rows: "ConcernQuerySet") -> QuerySet[Concern]:
    """Concerns that know whether anybody joined, so that nearly all cost no question more."""
    return rows.annotate(has_joiners=Exists(Joining.objects.filter(concern=OuterRef("pk"))))


def joiners_of(concern: Concern) -> Joiners:
    """One query; none where `with_joiners` said that nobody joined."""
    if not getattr(concern, "has_joiners", True):
        return Joiners()
    here = Window(Count("pk", filter=Q(left_on__isnull=True)), partition_by=F("concern_id"))
    rows = list(
        Joining.objects.filter(concern=concern)
        .only("joined_on", "left_on", "words", "language")
        .annotate(number=here)
        .order_by("-joined_on", "-pk")[:SHOWN]
    )
    return Joiners(number=rows[0].number if rows else 0, rows=rows)
