"""What the map shows: counters for everything and for one filter, rows near the street.

Without a filter, or with kinds, or open or done, or an area alone, cells were counted before
anybody asked.
Any other filter looks at its newest matches, and says so.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, Q, Value

from concerns.published import grid
from concerns.published.models import PublicConcern
from concerns.published.queries import OPEN_OR_DONE, Wanted, filtered
from engagement.places.models import Agency
from engagement.places.wording import Wording, as_wording

MOST_MARKS = 500
# Under a filter that is not counted in advance, so many of the newest matches are looked at.
MOST_CLUSTERED = 20_000
# All that clusters need lies in the index of the newest, so that no row is read for them.
CLUSTERED = ("id", "anchor_lon", "anchor_lat")
COUNTED = """
SELECT SUM(lon_sum)::float8 / SUM(number) / %(per_degree)s AS lon,
    SUM(lat_sum)::float8 / SUM(number) / %(per_degree)s AS lat,
    SUM(number)::bigint AS number, SUM(id_sum)::bigint AS public_id, 0 AS looked_at
FROM (
    SELECT x >> %(shift)s AS x, y >> %(shift)s AS y, number, lon_sum, lat_sum, id_sum
    FROM published_mapcount
    WHERE agency_id = %(agency)s AND dimension = ANY(%(dimensions)s) AND zoom = %(kept)s
        AND x BETWEEN %(west)s AND %(east)s AND y BETWEEN %(south)s AND %(north)s
    UNION ALL
    SELECT x >> %(fresh_shift)s, y >> %(fresh_shift)s, number,
        number * lon::bigint, number * lat::bigint, number * public_id
    FROM published_mapchange
    WHERE agency_id = %(agency)s AND dimension = ANY(%(dimensions)s)
        AND x >> %(kept_shift)s BETWEEN %(west)s AND %(east)s
        AND y >> %(kept_shift)s BETWEEN %(south)s AND %(north)s
) AS cells
GROUP BY x, y HAVING SUM(number) > 0 ORDER BY 3 DESC, 1, 2 LIMIT %(most)s"""
# Each of up to 20,000 rows costs what is computed for it: SUM / COUNT less than AVG of floats, and
# one function for a cell less than arithmetic.
CLUSTERS = """
SELECT SUM(anchor_lon) / COUNT(*) AS lon, SUM(anchor_lat) / COUNT(*) AS lat, COUNT(*) AS number,
    MAX(id) AS public_id,
    (SUM(COUNT(*)) OVER ())::bigint AS looked_at
FROM ({chosen}) AS newest
GROUP BY {x}, {y} ORDER BY 3 DESC, 1, 2 LIMIT %s"""
# Near the street without a filter, written out, as it is asked at every step of whoever looks at
# their own street; the condition in the words of the index of anchors.
NEAR = """
SELECT id, anchor_lon, anchor_lat FROM published_publicconcern
WHERE agency_id = %s AND (point(anchor_lon, anchor_lat) <@ box(point(%s, %s), point(%s, %s)))
ORDER BY received_on DESC, id DESC LIMIT %s"""
# What is known of a concern that has its mark for itself.
NAMED = """
SELECT cell.*, public.state, public.reference, public.category_label::text
FROM ({cells}) AS cell
LEFT JOIN published_publicconcern AS public ON cell.number = 1 AND public.id = cell.public_id
ORDER BY cell.number DESC, cell.lon, cell.lat"""


@dataclass(frozen=True)
class Box:
    """A map's box in degrees, WGS84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on the map: `count` concerns; the last three only where it stands for one."""

    lon: float
    lat: float
    count: int
    state: str = ""
    reference: str = ""
    label: Wording = field(default_factory=Wording)


@dataclass(frozen=True)
class Marks:
    """`newest_of` is the number of newest matches that were looked at, where there are more."""

    marks: list[Mark]
    newest_of: int | None = None


def map_marks(*, agency: Agency, wanted: Wanted, box: Box, zoom: int) -> Marks:
    """Return at most 500 marks inside the box; one query.

    Near the street each anchor is a mark; further out the anchors of a cell share one, and a
    cell that the box cuts is counted whole.
    """
    dimensions = dimensions_of(wanted)
    if zoom < grid.STREET_ZOOM and dimensions:
        return _marks(COUNTED, _counted(agency, dimensions, box, zoom))
    chosen, values = _chosen(agency, wanted, box, zoom)
    x, y = _cell_of(zoom)
    return _marks(CLUSTERS.format(chosen=chosen, x=x, y=y), [*values, MOST_MARKS])


def dimensions_of(wanted: Wanted) -> list[str]:
    """The names under which the matches were counted in advance, each match under one of them;
    none if they were not."""
    if wanted.is_everything:
        return ["all"]
    if wanted == replace(Wanted(), categories=wanted.categories):
        return [f"kind:{code}" for code in wanted.categories]
    if wanted.progress in OPEN_OR_DONE and wanted == replace(Wanted(), progress=wanted.progress):
        return [f"progress:{wanted.progress}"]
    if wanted == replace(Wanted(), area_id=wanted.area_id):
        return [f"area:{wanted.area_id}"]
    return []


def _counted(agency: Agency, dimensions: list[str], box: Box, zoom: int) -> dict[str, Any]:
    """What COUNTED asks for."""
    kept = grid.kept_for(zoom)
    return {
        "agency": agency.pk,
        "dimensions": dimensions,
        "per_degree": grid.PER_DEGREE,
        "most": MOST_MARKS,
        "kept": kept,
        "shift": kept - zoom,
        "fresh_shift": grid.FINEST - zoom,
        "kept_shift": grid.FINEST - kept,
        # Whole cells of the asked zoom, so that a mark does not change while the map is moved.
        "west": grid.column(box.west, zoom) << (kept - zoom),
        "east": ((grid.column(box.east, zoom) + 1) << (kept - zoom)) - 1,
        "south": grid.row(box.south, zoom) << (kept - zoom),
        "north": ((grid.row(box.north, zoom) + 1) << (kept - zoom)) - 1,
    }


def _chosen(agency: Agency, wanted: Wanted, box: Box, zoom: int) -> tuple[str, Sequence[Any]]:
    """The statement that gives the newest matches inside the box, and its values."""
    if wanted.is_everything and zoom >= grid.STREET_ZOOM:
        return NEAR, [agency.pk, box.west, box.south, box.east, box.north, MOST_CLUSTERED]
    rows = PublicConcern.objects.filter(_inside(box, zoom), agency=agency)
    newest = filtered(rows, wanted).order_by("-received_on", "-id")
    chosen, values = newest.values(*CLUSTERED)[:MOST_CLUSTERED].query.sql_with_params()
    return chosen, values


def _cell_of(zoom: int) -> tuple[str, str]:
    """What the rows of one mark have in common, as SQL."""
    if zoom >= grid.STREET_ZOOM:
        return "anchor_lon", "anchor_lat"
    size = grid.CELL / grid.PER_DEGREE * 2 ** (grid.FINEST - zoom)
    across, down = math.ceil(360 / size), math.ceil(180 / size)
    return (
        f"width_bucket(anchor_lon, -180, {across * size - 180}, {across})",
        f"width_bucket(anchor_lat, -90, {down * size - 90}, {down})",
    )


def _marks(cells: str, values: Mapping[str, Any] | Sequence[Any]) -> Marks:
    """The marks of a statement that gives cells, with what is known of single concerns."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED.format(cells=cells), values)
        rows = cursor.fetchall()
    # Hundreds of marks have the labels of a few kinds.
    written = {row[7] for row in rows if row[7] is not None}
    labels = {label: as_wording(json.loads(label)) for label in written}
    marks = [
        Mark(lon, lat, number)
        if reference is None
        else Mark(lon, lat, number, state, reference, labels[label])
        for lon, lat, number, _public_id, _looked_at, state, reference, label in rows
    ]
    looked_at = rows[0][4] if rows else 0
    return Marks(marks, looked_at if looked_at >= MOST_CLUSTERED else None)


def _inside(box: Box, zoom: int) -> Q:
    """The condition that an anchor lies in the box, in the words of the index that serves it."""
    if zoom >= grid.STREET_ZOOM:
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
