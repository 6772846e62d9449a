"""Keep the desk's numbers true: add up what the triggers wrote down, compare, count all anew."""

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from concerns.models import DeskCount
from concerns.published.counting import fold_by

LOCK = 7_302
MOST_CHANGES = 20_000
KEY = 'agency_id, area_ref, owner_ref, is_private, kind, "on"'
FOLD = """
WITH taken AS (
    DELETE FROM concerns_deskchange WHERE id IN (
        SELECT id FROM concerns_deskchange ORDER BY id LIMIT %(most)s
    ) RETURNING {key}, number
), added AS (
    INSERT INTO concerns_deskcount AS kept ({key}, number)
    SELECT {key}, SUM(number) FROM taken GROUP BY {key} HAVING SUM(number) <> 0
    ON CONFLICT ({key}) DO UPDATE SET number = kept.number + EXCLUDED.number
    RETURNING id, number
) SELECT (SELECT COUNT(*) FROM taken), ARRAY(SELECT id FROM added WHERE number = 0)"""
# From the rows themselves, by the very function that the triggers use.
TRUE = """
SELECT it.agency_id, facet.area_ref, facet.owner_ref, category.visibility = 'never' AS is_private,
    facet.kind, facet."on", COUNT(*)::int AS number
FROM concerns_concern AS it JOIN concerns_category AS category ON category.id = it.category_id
CROSS JOIN LATERAL concerns_desk_facets(
    it.area_id, it.owner_id, category.visibility = 'never', it.state, it.acknowledge_by,
    it.resolve_by, it.unanswered_since, it.danger
) AS facet
WHERE it.state IN ('received', 'accepted', 'working', 'waiting') AND NOT EXISTS (
    SELECT FROM concerns_suspicion AS held WHERE held.concern_id = it.id AND held.is_held
)
GROUP BY 1, 2, 3, 4, 5, 6"""
KEPT = """
SELECT {key}, SUM(number)::int AS number FROM (
    SELECT {key}, number FROM concerns_deskcount
    UNION ALL SELECT {key}, number FROM concerns_deskchange
) AS told GROUP BY {key} HAVING SUM(number) <> 0"""
# One statement has one view of all tables: writers may go on meanwhile.
DIFFERENT = """
SELECT COUNT(*) FROM (({true}) EXCEPT ({kept})) AS missing
UNION ALL SELECT COUNT(*) FROM (({kept}) EXCEPT ({true})) AS wrong"""
ANEW = "INSERT INTO concerns_deskcount ({key}, number) {true}"


def fold() -> int:
    """Add the oldest changes to the counters; returns how many, at most MOST_CHANGES.

    Returns 0 while another sweep is at it. A reader sees each change exactly once, before,
    during and after.
    """
    return fold_by(_sql(FOLD), {"most": MOST_CHANGES}, lock=LOCK, counters=DeskCount)


def differences() -> int:
    """Return how many numbers differ from the rows that they count, at one moment; 0 is right.

    Reads all open work once.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(_sql(DIFFERENT))
        return max(int(number) for (number,) in cursor.fetchall())


def count_anew(connection: BaseDatabaseWrapper) -> None:
    """Replace all numbers by a count of the rows; who changes a concern waits meanwhile."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            "LOCK TABLE concerns_category, concerns_concern, concerns_suspicion IN SHARE MODE"
        )
        cursor.execute("DELETE FROM concerns_deskchange")
        cursor.execute("DELETE FROM concerns_deskcount")
        cursor.execute(_sql(ANEW))


def _sql(text: str) -> str:
    return text.format(key=KEY, true=TRUE, kept=KEPT.format(key=KEY))
