"""How far the sealer is behind, as probes and figures ask it."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from engagement.audit.actors import ActorKind
from engagement.audit.models import Entry, SealMark

HOUR = timedelta(hours=1)
COUNTED_TO = 10_000


def unsealed() -> QuerySet[Entry]:
    """Entries that no link holds yet; the mark of the sealer spares a walk over all history."""
    mark = SealMark.objects.filter(pk=1).first()
    return Entry.objects.filter(xid__gte=mark.horizon if mark else 0, link__isnull=True)


def oldest_unsealed(now: datetime) -> timedelta | None:
    """How long the oldest entry has certainly waited for its link; None when none waits.

    What anyone but staff caused is kept to the hour: only what passed since that hour is certain.
    """
    first = unsealed().order_by("pk").values_list("at", "actor_kind").first()
    if first is None:
        return None
    at, kind = first
    waited: timedelta = now - at - (timedelta() if kind == ActorKind.STAFF else HOUR)
    return max(waited, timedelta())


def count_unsealed() -> int:
    """Exact up to COUNTED_TO."""
    return unsealed().values("pk")[:COUNTED_TO].count()
