"""Keep the map's counters true: add up what the triggers wrote down, or count all anew."""

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from concerns.published import grid
from concerns.published.models import MapCount

# Two sweeps at once would each add what the other took.
LOCK = 7_301
MOST_CHANGES = 20_000
GRID: dict[str, Any] = {
    "zooms": list(grid.KEPT),
    "finest": grid.FINEST,
    "cell": grid.CELL,
    "east": grid.EAST,
    "north": grid.NORTH,
    "per_degree": grid.PER_DEGREE,
}
FOLD = """
WITH taken AS (
    DELETE FROM published_mapchange WHERE id IN (
        SELECT id FROM published_mapchange ORDER BY id LIMIT %(most)s
    ) RETURNING agency_id, dimension, x, y, lon, lat, number, public_id
), added AS (
    INSERT INTO published_mapcount AS kept (
        agency_id, dimension, zoom, x, y, number, lon_sum, lat_sum, id_sum
    )
    SELECT agency_id, dimension, zoom, cell.x, cell.y, SUM(number), SUM(number * lon::bigint),
        SUM(number * lat::bigint), SUM(number * public_id)
    FROM taken CROSS JOIN unnest(%(zooms)s) AS zoom
    CROSS JOIN LATERAL (SELECT x >> (%(finest)s - zoom) AS x, y >> (%(finest)s - zoom) AS y) AS cell
    GROUP BY agency_id, dimension, zoom, cell.x, cell.y
    ON CONFLICT (agency_id, dimension, zoom, x, y) DO UPDATE SET
        number = kept.number + EXCLUDED.number,
        lon_sum = kept.lon_sum + EXCLUDED.lon_sum,
        lat_sum = kept.lat_sum + EXCLUDED.lat_sum,
        id_sum = kept.id_sum + EXCLUDED.id_sum
    RETURNING id, number
) SELECT (SELECT COUNT(*) FROM taken), ARRAY(SELECT id FROM added WHERE number = 0)"""
# From the rows themselves, in one go: the first count of an older database, or a doubt.
ANEW = """
INSERT INTO published_mapcount (
    agency_id, dimension, zoom, x, y, number, lon_sum, lat_sum, id_sum
)
SELECT agency_id, dimension, zoom, cell.x, cell.y, COUNT(*), SUM(lon), SUM(lat), SUM(id)
FROM (
    SELECT placed.id, placed.agency_id, lon, lat, (lon + %(east)s) / %(cell)s AS x,
        (lat + %(north)s) / %(cell)s AS y, dimension
    FROM (
        SELECT id, agency_id, category_code, state,
            round(anchor_lon * %(per_degree)s)::int AS lon,
            round(anchor_lat * %(per_degree)s)::int AS lat
        FROM published_publicconcern WHERE anchor_lon IS NOT NULL
    ) AS placed CROSS JOIN LATERAL (
        SELECT unnest(published_dimensions(category_code, state))
        UNION ALL
        SELECT 'area:' || held.area_id FROM published_publicconcernarea AS held
        WHERE held.public_concern_id = placed.id
    ) AS named (dimension)
) AS placed CROSS JOIN unnest(%(zooms)s) AS zoom
CROSS JOIN LATERAL (SELECT x >> (%(finest)s - zoom) AS x, y >> (%(finest)s - zoom) AS y) AS cell
GROUP BY agency_id, dimension, zoom, cell.x, cell.y"""


def fold() -> int:
    """Add the oldest changes to the counters; returns how many, at most MOST_CHANGES.

    Returns 0 while another sweep is at it. A reader sees each change exactly once, before,
    during and after.
    """
    return fold_by(FOLD, {**GRID, "most": MOST_CHANGES}, lock=LOCK, counters=MapCount)


def fold_by(statement: str, parameters: dict[str, Any], *, lock: int, counters: type[Model]) -> int:
    """Run a statement that moves changes into counters; it returns how many it took, and the ids
    of counters that are 0 now, which are deleted. Returns 0 while another sweep holds the lock."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(statement, parameters)
        taken, emptied = cursor.fetchone()
        if emptied:
            counters._default_manager.filter(pk__in=emptied).delete()
        return int(taken)


def count_anew(connection: BaseDatabaseWrapper) -> None:
    """Replace all counters by a count of the rows; publishing waits meanwhile."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            "LOCK TABLE published_publicconcern, published_publicconcernarea IN SHARE MODE"
        )
        cursor.execute("DELETE FROM published_mapchange")
        cursor.execute("DELETE FROM published_mapcount")
        cursor.execute(ANEW, GRID)
