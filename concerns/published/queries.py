"""What the public asks: the list, one page, and the map. Reads nothing but the projection."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, Value

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
# All that clusters need lies in the index of the newest, so that no row is read for them.
CLUSTERED = ("anchor_lon", "anchor_lat", "reference")
CELLS = """
SELECT AVG(anchor_lon), AVG(anchor_lat), COUNT(*), MAX(reference) FROM ({chosen}) AS newest
GROUP BY {x}, {y} ORDER BY COUNT(*) DESC, 1, 2 LIMIT %s"""


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


class Cell(NamedTuple):
    """Concerns that share a mark; `reference` is one of theirs, the only one where it is one."""

    lon: float
    lat: float
    number: int
    reference: str


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
    rows = PublicConcern.objects.filter(_inside(box, zoom), agency=agency)
    newest = _filtered(rows, wanted).order_by("-received_on", "-id")
    cells = _cells(newest.values(*CLUSTERED)[:MOST_CLUSTERED], zoom)
    singles = {cell.reference for cell in cells if cell.number == 1}
    known = {
        row.reference: row
        for row in PublicConcern.objects.filter(agency=agency, reference__in=singles)
        .only("reference", "state", "category_label")
        .order_by("id")
    }
    return [_mark(cell, known.get(cell.reference)) for cell in cells]


def _inside(box: Box, zoom: int) -> Q:
    """The condition that an anchor lies in the box, in the words of the index that serves it."""
    if zoom >= STREET_ZOOM:
        anchor = _point(F("anchor_lon"), F("anchor_lat"))
        corners = (
            _point(Value(box.west), Value(box.south)),
            _point(Value(box.east), Value(box.north)),
        )
        inside = Func(
            anchor,
            Func(*corners, function="box"),
            template="(%(expressions)s)",
            arg_joiner=" <@ ",
            output_field=BooleanField(),
        )
        return Q(inside)
    return Q(
        anchor_lon__gte=box.west,
        anchor_lon__lte=box.east,
        anchor_lat__gte=box.south,
        anchor_lat__lte=box.north,
    )


def _point(lon: F | Value, lat: F | Value) -> Func:
    return Func(lon, lat, function="point", output_field=FloatField())


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


def _cells(newest: QuerySet[PublicConcern, dict[str, Any]], zoom: int) -> list[Cell]:
    """Count the rows of `newest` by cell, most first; one statement that reads an index alone."""
    chosen, values = newest.query.sql_with_params()
    size = 0.0 if zoom >= STREET_ZOOM else 360.0 / 2 ** max(0, zoom) * CLUSTER_UNITS / 256.0
    place = "floor({0} / %s)" if size else "{0}"
    x, y = place.format("anchor_lon"), place.format("anchor_lat")
    statement = CELLS.format(chosen=chosen, x=x, y=y)
    sizes = [size, size] if size else []
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *sizes, MOST_MARKS])
        return [Cell(*row) for row in cursor.fetchall()]


def _mark(cell: Cell, single: PublicConcern | None) -> Mark:
    if single is None or cell.number != 1:
        return Mark(cell.lon, cell.lat, cell.number)
    return Mark(
        lon=cell.lon,
        lat=cell.lat,
        count=1,
        state=single.state,
        reference=single.reference,
        label=single.category_label,
    )
