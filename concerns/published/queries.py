"""What the public asks: the list and one page. Reads nothing but the projection."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from concerns.published.models import PublicConcern
from engagement.places.models import Agency

DONE = ("resolved", "closed")


@dataclass(frozen=True)
class Wanted:
    """What a visitor filters by; empty means everything. `progress` is "", "open" or "done";
    `since` and `until` are days of receipt, both included."""

    category: str = ""
    progress: str = ""
    area_id: int | None = None
    words: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


def published(*, agency: Agency, wanted: Wanted | None = None) -> QuerySet[PublicConcern]:
    """Return what the agency published, newest first."""
    rows = PublicConcern.objects.filter(agency=agency).defer("search")
    return filtered(rows, wanted or Wanted()).order_by("-received_on", "-id")


def published_one(*, agency: Agency, reference: str) -> PublicConcern | None:
    """Return one published concern with its updates loaded; two queries."""
    rows = PublicConcern.objects.filter(agency=agency, reference=reference).defer("search")
    return rows.prefetch_related("updates").first()


def filtered(rows: QuerySet[PublicConcern], wanted: Wanted) -> QuerySet[PublicConcern]:
    """Narrow `rows` to what a visitor wants."""
    chosen = Q()
    if wanted.category:
        chosen &= Q(category_code=wanted.category)
    if wanted.progress == "open":
        chosen &= ~Q(state__in=DONE)
    if wanted.progress == "done":
        chosen &= Q(state__in=DONE)
    if wanted.area_id is not None:
        chosen &= Q(areas__area_id=wanted.area_id)
    if wanted.since is not None:
        chosen &= Q(received_on__gte=wanted.since)
    if wanted.until is not None:
        chosen &= Q(received_on__lte=wanted.until)
    if wanted.words.strip():
        chosen &= Q(search=SearchQuery(wanted.words, config="simple", search_type="websearch"))
    return rows.filter(chosen)
