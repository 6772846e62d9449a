"""Triggers write down every change of what the map shows, whichever way a row came or went."""

from django.db import migrations

# A place as millionths of a degree, and as the finest cell; as concerns/published/grid.py has it.
PLACED = """
    ((round(anchor_lon * 1000000) + 180000000)::int / 2575) AS x,
    ((round(anchor_lat * 1000000) + 90000000)::int / 2575) AS y,
    round(anchor_lon * 1000000)::int AS lon,
    round(anchor_lat * 1000000)::int AS lat
"""
CHANGES = (
    "INSERT INTO published_mapchange (agency_id, dimension, x, y, lon, lat, number, public_id)"
)

FUNCTIONS = """
CREATE FUNCTION published_dimensions(category_code text, state text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ARRAY[
    'all',
    'kind:' || category_code,
    'progress:' || CASE WHEN state IN ('resolved', 'closed') THEN 'done' ELSE 'open' END
];

CREATE FUNCTION published_comes_and_goes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step smallint := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    {changes}
    SELECT agency_id, dimension, x, y, lon, lat, step, id
    FROM (SELECT id, agency_id, category_code, state, {placed} FROM changed
        WHERE anchor_lon IS NOT NULL) AS placed
    CROSS JOIN unnest(published_dimensions(category_code, state)) AS dimension;
    IF TG_OP = 'DELETE' THEN
        -- Areas that went first were counted out by their own trigger.
        {changes}
        SELECT placed.agency_id, 'area:' || held.area_id, x, y, lon, lat, -1, placed.id
        FROM (SELECT id, agency_id, {placed} FROM changed WHERE anchor_lon IS NOT NULL) AS placed
        JOIN published_publicconcernarea AS held ON held.public_concern_id = placed.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION published_is_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What is the same before and after cancels itself out.
    {changes}
    SELECT agency_id, dimension, x, y, lon, lat, SUM(step)::smallint, id
    FROM (
        SELECT id, agency_id, category_code, state, 1 AS step, {placed} FROM changed
        WHERE anchor_lon IS NOT NULL
        UNION ALL
        SELECT id, agency_id, category_code, state, -1, {placed} FROM before_it
        WHERE anchor_lon IS NOT NULL
    ) AS placed CROSS JOIN unnest(published_dimensions(category_code, state)) AS dimension
    GROUP BY agency_id, dimension, x, y, lon, lat, id HAVING SUM(step) <> 0;
    {changes}
    SELECT placed.agency_id, 'area:' || held.area_id, x, y, lon, lat, SUM(step)::smallint, placed.id
    FROM (
        SELECT id, agency_id, 1 AS step, {placed} FROM changed WHERE anchor_lon IS NOT NULL
        UNION ALL
        SELECT id, agency_id, -1, {placed} FROM before_it WHERE anchor_lon IS NOT NULL
    ) AS placed
    JOIN published_publicconcernarea AS held ON held.public_concern_id = placed.id
    GROUP BY placed.agency_id, held.area_id, x, y, lon, lat, placed.id HAVING SUM(step) <> 0;
    RETURN NULL;
END $$;

CREATE FUNCTION published_area_comes_and_goes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step smallint := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    {changes}
    SELECT placed.agency_id, 'area:' || changed.area_id, x, y, lon, lat, step, placed.id
    FROM changed JOIN (
        SELECT id, agency_id, {placed} FROM published_publicconcern WHERE anchor_lon IS NOT NULL
    ) AS placed ON placed.id = changed.public_concern_id;
    RETURN NULL;
END $$;
"""
FORGET = """
DROP FUNCTION published_area_comes_and_goes();
DROP FUNCTION published_is_changed();
DROP FUNCTION published_comes_and_goes();
DROP FUNCTION published_dimensions(text, text);
"""


def trigger(table: str, event: str, function: str, tables: str) -> migrations.RunSQL:
    name = f"{table}_is_counted_at_{event.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("published", "0004_the_map_is_counted_in_advance")]

    operations = [
        migrations.RunSQL(FUNCTIONS.format(changes=CHANGES, placed=PLACED), FORGET),
        trigger(
            "published_publicconcern",
            "INSERT",
            "published_comes_and_goes",
            "NEW TABLE AS changed",
        ),
        trigger(
            "published_publicconcern",
            "DELETE",
            "published_comes_and_goes",
            "OLD TABLE AS changed",
        ),
        trigger(
            "published_publicconcern",
            "UPDATE",
            "published_is_changed",
            "OLD TABLE AS before_it NEW TABLE AS changed",
        ),
        trigger(
            "published_publicconcernarea",
            "INSERT",
            "published_area_comes_and_goes",
            "NEW TABLE AS changed",
        ),
        trigger(
            "published_publicconcernarea",
            "DELETE",
            "published_area_comes_and_goes",
            "OLD TABLE AS changed",
        ),
    ]
