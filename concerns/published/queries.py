"""What the public asks: the list, one page, and the map. Reads nothing but the projection."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Avg, Count, F, FloatField, Max, Q, QuerySet
from django.db.models.functions import Cast, Floor

from concerns.published.models import PublicConcern
from engagement.places.models import Agency
from engagement.places.wording import Wording

DONE = ("resolved", "closed")
MOST_MARKS = 500
# Clusters under a filter look at this many of the newest matches.
MOST_CLUSTERED = 20_000
STREET_ZOOM = 16
# A cluster is about this wide on the screen, of 256 units that the world takes at zoom 0.
CLUSTER_UNITS = 60.0


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


@dataclass(frozen=True)
class Box:
    """A map's box in degrees, WGS84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Mark:
    """One mark on the map: `count` concerns; the last three only where it stands for one."""

    lon: float
    lat: float
    count: int
    state: str = ""
    reference: str = ""
    label: Wording = field(default_factory=Wording)


def published(*, agency: Agency, wanted: Wanted | None = None) -> QuerySet[PublicConcern]:
    """Return what the agency published, newest first."""
    rows = PublicConcern.objects.filter(agency=agency).defer("search")
    return _filtered(rows, wanted or Wanted()).order_by("-received_on", "-id")


def published_one(*, agency: Agency, reference: str) -> PublicConcern | None:
    """Return one published concern with its updates loaded; two queries."""
    rows = PublicConcern.objects.filter(agency=agency, reference=reference).defer("search")
    return rows.prefetch_related("updates").first()


def map_marks(*, agency: Agency, wanted: Wanted, box: Box, zoom: int) -> list[Mark]:
    """Return at most 500 marks inside the box; two queries.

    Near the street each anchor is a mark, further out the anchors of a cell share one.
    """
    rows = _filtered(
        PublicConcern.objects.filter(
            agency=agency,
            anchor_lon__gte=box.west,
            anchor_lon__lte=box.east,
            anchor_lat__gte=box.south,
            anchor_lat__lte=box.north,
        ),
        wanted,
    )
    newest = rows.order_by("-received_on", "-id").values("pk")[:MOST_CLUSTERED]
    cells = _cells(PublicConcern.objects.filter(pk__in=newest), zoom)
    singles = {cell["reference"] for cell in cells if cell["number"] == 1}
    known = {
        row.reference: row
        for row in PublicConcern.objects.filter(agency=agency, reference__in=singles)
        .defer("search")
        .order_by("id")
    }
    return [_mark(cell, known.get(cell["reference"])) for cell in cells]


def _filtered(rows: QuerySet[PublicConcern], wanted: Wanted) -> QuerySet[PublicConcern]:
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


def _cells(rows: QuerySet[PublicConcern], zoom: int) -> list[dict[str, Any]]:
    if zoom >= STREET_ZOOM:
        grouped = rows.values(x=F("anchor_lon"), y=F("anchor_lat"))
    else:
        size = 360.0 / 2 ** max(0, zoom) * CLUSTER_UNITS / 256.0
        grouped = rows.values(
            x=Floor(Cast("anchor_lon", FloatField()) / size),
            y=Floor(Cast("anchor_lat", FloatField()) / size),
        )
    counted = grouped.annotate(
        number=Count("pk"),
        lon=Avg("anchor_lon"),
        lat=Avg("anchor_lat"),
        reference=Max("reference"),
    )
    return [dict(cell) for cell in counted.order_by("-number", "x", "y")[:MOST_MARKS]]


def _mark(cell: dict[str, Any], single: PublicConcern | None) -> Mark:
    mark = Mark(lon=cell["lon"], lat=cell["lat"], count=cell["number"])
    if single is None or mark.count != 1:
        return mark
    return replace(
        mark, state=single.state, reference=single.reference, label=single.category_label
    )
