"""Who else says "mine too", for the desk: days and words, never a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, Window

from concerns.models import Concern, Joining

SHOWN = 50


@dataclass(frozen=True)
class Joiners:
    """`number` follow now; `rows` are the newest, those who left meanwhile included."""

    number: int
    rows: Sequence[Joining]


def joiners_of(concern: Concern) -> Joiners:
    """One query, also where nobody joined."""
    here = Window(Count("pk", filter=Q(left_on__isnull=True)), partition_by=F("concern_id"))
    rows = list(
        Joining.objects.filter(concern=concern)
        .only("joined_on", "left_on", "words", "language")
        .annotate(number=here)
        .order_by("-joined_on", "-pk")[:SHOWN]
    )
    return Joiners(number=rows[0].number if rows else 0, rows=rows)
