"""Which kinds of concern an agency has published, for the filter of the list."""

import json

from django.db import connection

from concerns.published.models import PublicConcern
from engagement.places.models import Agency
from engagement.places.wording import as_wording

# One step of the index per kind: counting distinct values would read every row.
KINDS = """
WITH RECURSIVE kinds (code) AS (
    (SELECT category_code FROM {table} WHERE agency_id = %(agency)s
     ORDER BY category_code LIMIT 1)
    UNION ALL
    SELECT (SELECT category_code FROM {table}
            WHERE agency_id = %(agency)s AND category_code > kinds.code
            ORDER BY category_code LIMIT 1)
    FROM kinds WHERE kinds.code IS NOT NULL
)
SELECT kinds.code, (
    SELECT category_label::text FROM {table}
    WHERE agency_id = %(agency)s AND category_code = kinds.code
    ORDER BY received_on DESC, id DESC LIMIT 1
)
FROM kinds WHERE kinds.code IS NOT NULL
"""


def published_kinds(agency: Agency) -> list[tuple[str, str]]:
    """Code and name, in the active language and sorted by it, of every kind with a published
    concern. One query whose cost follows the number of kinds, not of concerns."""
    table = connection.ops.quote_name(PublicConcern._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(KINDS.format(table=table), {"agency": agency.pk})
        found = [(code, str(as_wording(json.loads(label)))) for code, label in cursor.fetchall()]
    return sorted(found, key=lambda kind: (kind[1], kind[0]))
