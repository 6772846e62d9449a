"""What the public asks: the list and one page. Reads nothing but the projection."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from concerns.published.models import PublicConcern, PublicMove
from engagement.places.models import Agency

OPEN_OR_DONE = ("open", "done")
DONE = ("resolved", "closed")
# Exact up to here; beyond, a number only costs time.
COUNTED_TO = 10_000


@dataclass(frozen=True)
class Wanted:
    """What a visitor filters by; empty means everything. `progress` is "", "open", "done" or a
    state; `since` and `until` are days of receipt, both included; `categories` are sorted."""

    categories: tuple[str, ...] = ()
    progress: str = ""
    area_id: int | None = None
    words: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True)
class Count:
    """`number` is exact unless `is_more`, which says that there are more than that."""

    number: int
    is_more: bool


def published(*, agency: Agency, wanted: Wanted | None = None) -> QuerySet[PublicConcern]:
    """Return what the agency published, newest first."""
    rows = PublicConcern.objects.filter(agency=agency).defer("search")
    return filtered(rows, wanted or Wanted()).order_by("-received_on", "-id")


def published_branches(*, agency: Agency, wanted: Wanted) -> list[QuerySet[PublicConcern]]:
    """The same, cut so that each part is read newest first by an index; they share no row.

    An index by kind gives the newest of one kind, and sorting all of several kinds would read
    them all. Words and areas lead to their rows by indexes of their own.
    """
    if len(wanted.categories) < 2 or wanted.words.strip() or wanted.area_id is not None:
        return [published(agency=agency, wanted=wanted)]
    rows = published(agency=agency, wanted=Wanted(**{**vars(wanted), "categories": ()}))
    return [rows.filter(category_code=code) for code in wanted.categories]


def published_count(*, agency: Agency, wanted: Wanted) -> Count:
    """How many fit, exact to 10,000; one query whose cost is bounded by that."""
    rows = PublicConcern.objects.filter(agency=agency)
    number = filtered(rows, wanted).order_by()[: COUNTED_TO + 1].count()
    return Count(min(number, COUNTED_TO), number > COUNTED_TO)


def published_one(*, agency: Agency, reference: str) -> PublicConcern | None:
    """Return one published concern with its updates loaded; two queries."""
    rows = PublicConcern.objects.filter(agency=agency, reference=reference).defer("search")
    return rows.select_related("support").prefetch_related("updates").first()


def moved_to(*, agency: Agency, reference: str) -> str:
    """The reference of the page that an address leads to since its concern was joined with
    another; empty for all other addresses. One query."""
    moved = PublicMove.objects.filter(agency=agency, reference=reference)
    return moved.values_list("public_concern__reference", flat=True).first() or ""


def filtered(rows: QuerySet[PublicConcern], wanted: Wanted) -> QuerySet[PublicConcern]:
    """Narrow `rows` to what a visitor wants."""
    chosen = _of_kinds(wanted.categories) & _in_progress(wanted.progress)
    if wanted.area_id is not None:
        chosen &= Q(areas__area_id=wanted.area_id)
    if wanted.since is not None:
        chosen &= Q(received_on__gte=wanted.since)
    if wanted.until is not None:
        chosen &= Q(received_on__lte=wanted.until)
    if wanted.words.strip():
        chosen &= Q(search=SearchQuery(wanted.words, config="simple", search_type="websearch"))
    return rows.filter(chosen)


def _of_kinds(codes: tuple[str, ...]) -> Q:
    if not codes:
        return Q()
    return Q(category_code=codes[0]) if len(codes) == 1 else Q(category_code__in=codes)


def _in_progress(progress: str) -> Q:
    if not progress:
        return Q()
    if progress == "open":
        return ~Q(state__in=DONE)
    return Q(state__in=DONE) if progress == "done" else Q(state=progress)
