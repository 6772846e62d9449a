"""Triggers write down every change of open work, whichever way a row came or went."""

from django.db import migrations

# How one open concern is counted: under its area and under any, under its owner and under any.
# Area and owner together only where somebody asks for both: nobody's, and private ones.
FACETS = """
CREATE FUNCTION concerns_desk_facets(
    area_id bigint, owner_id bigint, is_private boolean, state text, acknowledge_by date,
    resolve_by date, unanswered_since date, danger text
) RETURNS TABLE (area_ref bigint, owner_ref bigint, kind text, "on" date)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT areas.ref, owners.ref, kinds.kind, kinds."on"
    FROM (VALUES (-1::bigint), (COALESCE(area_id, 0))) AS areas (ref)
    CROSS JOIN (VALUES (-1::bigint), (COALESCE(owner_id, 0))) AS owners (ref)
    CROSS JOIN (
        SELECT 'clock' AS kind, CASE WHEN state = 'received'
            THEN LEAST(acknowledge_by, resolve_by) ELSE resolve_by END AS "on"
        WHERE state IN ('received', 'accepted', 'working')
        UNION ALL SELECT 'waiting', NULL WHERE state = 'waiting'
        UNION ALL SELECT 'message', unanswered_since
        WHERE unanswered_since IS NOT NULL
            AND state IN ('received', 'accepted', 'working', 'waiting')
        UNION ALL SELECT 'danger', NULL WHERE state = 'received' AND danger > ''
    ) AS kinds
    WHERE areas.ref = -1 OR owners.ref IN (-1, 0) OR is_private
$$;
"""
WRITE = """INSERT INTO concerns_deskchange (
        agency_id, area_ref, owner_ref, is_private, kind, "on", number
    )
    SELECT it.agency_id, facet.area_ref, facet.owner_ref, category.visibility = 'never',
        facet.kind, facet."on", SUM(it.step)"""
# What looks like spam and waits for a person stands in no queue, so it is counted in none.
COUNTED = """JOIN concerns_category AS category ON category.id = it.category_id
    CROSS JOIN LATERAL concerns_desk_facets(
        it.area_id, it.owner_id, category.visibility = 'never', it.state, it.acknowledge_by,
        it.resolve_by, it.unanswered_since, it.danger
    ) AS facet
    WHERE NOT EXISTS (
        SELECT FROM concerns_suspicion AS held WHERE held.concern_id = it.id AND held.is_held
    )
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(it.step) <> 0"""
COLUMNS = (
    "id, agency_id, category_id, area_id, owner_id, state, acknowledge_by, resolve_by, "
    "unanswered_since, danger"
)
OPEN = "state IN ('received', 'accepted', 'working', 'waiting')"

FUNCTIONS = """
CREATE FUNCTION concerns_desk_comes_and_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {write}
    FROM (
        SELECT {columns}, CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END AS step
        FROM changed WHERE {open}
    ) AS it {counted};
    RETURN NULL;
END $$;

CREATE FUNCTION concerns_desk_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What is the same before and after cancels itself out.
    {write}
    FROM (
        SELECT {columns}, 1 AS step FROM changed WHERE {open}
        UNION ALL
        SELECT {columns}, -1 FROM before_it WHERE {open}
    ) AS it {counted};
    RETURN NULL;
END $$;

CREATE FUNCTION concerns_desk_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was boolean := TG_OP <> 'INSERT' AND OLD.is_held;
    is_now boolean := TG_OP <> 'DELETE' AND NEW.is_held;
    its_id bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.concern_id ELSE NEW.concern_id END;
BEGIN
    IF was = is_now THEN
        RETURN NULL;
    END IF;
    -- Whoever changes the concern at this moment is counted first; the next statement sees it.
    PERFORM FROM concerns_concern WHERE id = its_id FOR NO KEY UPDATE;
    INSERT INTO concerns_deskchange (
        agency_id, area_ref, owner_ref, is_private, kind, "on", number
    )
    SELECT it.agency_id, facet.area_ref, facet.owner_ref, category.visibility = 'never',
        facet.kind, facet."on", CASE WHEN was THEN 1 ELSE -1 END
    FROM concerns_concern AS it JOIN concerns_category AS category ON category.id = it.category_id
    CROSS JOIN LATERAL concerns_desk_facets(
        it.area_id, it.owner_id, category.visibility = 'never', it.state, it.acknowledge_by,
        it.resolve_by, it.unanswered_since, it.danger
    ) AS facet
    WHERE it.id = its_id;
    RETURN NULL;
END $$;

CREATE FUNCTION concerns_desk_kind_turns_private() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Concerns under way elsewhere were counted by what the kind was before: they end first, and
    -- new ones wait. An administrator does this once in a while.
    LOCK TABLE concerns_concern, concerns_suspicion IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO concerns_deskchange (
        agency_id, area_ref, owner_ref, is_private, kind, "on", number
    )
    SELECT it.agency_id, facet.area_ref, facet.owner_ref, now_private.yes, facet.kind, facet."on",
        SUM(now_private.step)
    FROM concerns_concern AS it
    CROSS JOIN (
        VALUES (OLD.visibility = 'never', -1), (NEW.visibility = 'never', 1)
    ) AS now_private (yes, step)
    CROSS JOIN LATERAL concerns_desk_facets(
        it.area_id, it.owner_id, now_private.yes, it.state, it.acknowledge_by, it.resolve_by,
        it.unanswered_since, it.danger
    ) AS facet
    WHERE it.category_id = NEW.id AND it.{open} AND NOT EXISTS (
        SELECT FROM concerns_suspicion AS held WHERE held.concern_id = it.id AND held.is_held
    )
    GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;
"""
FORGET = """
DROP FUNCTION concerns_desk_kind_turns_private();
DROP FUNCTION concerns_desk_holds();
DROP FUNCTION concerns_desk_changes();
DROP FUNCTION concerns_desk_comes_and_goes();
DROP FUNCTION concerns_desk_facets(bigint, bigint, boolean, text, date, date, date, text);
"""
# An older database has open work already. No writer is about while it is migrated.
COUNT = """
INSERT INTO concerns_deskcount (agency_id, area_ref, owner_ref, is_private, kind, "on", number)
SELECT it.agency_id, facet.area_ref, facet.owner_ref, category.visibility = 'never', facet.kind,
    facet."on", SUM(it.step)
FROM (SELECT {columns}, 1 AS step FROM concerns_concern WHERE {open}) AS it {counted}
"""

PARTS = {"write": WRITE, "counted": COUNTED, "columns": COLUMNS, "open": OPEN}


def trigger(name: str, table: str, when: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {when}()", f"DROP TRIGGER {name} ON {table}"
    )


class Migration(migrations.Migration):
    dependencies = [("concerns", "0026_the_desk_is_counted_in_advance")]

    operations = [
        migrations.RunSQL(
            FACETS + FUNCTIONS.format(**PARTS),
            FORGET,
        ),
        *(
            trigger(
                f"concerns_concern_is_counted_at_{event.lower()}",
                "concerns_concern",
                f"{event} ON concerns_concern REFERENCING {tables} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {function}",
            )
            for event, tables, function in (
                ("INSERT", "NEW TABLE AS changed", "concerns_desk_comes_and_goes"),
                ("DELETE", "OLD TABLE AS changed", "concerns_desk_comes_and_goes"),
                (
                    "UPDATE",
                    "OLD TABLE AS before_it NEW TABLE AS changed",
                    "concerns_desk_changes",
                ),
            )
        ),
        trigger(
            "concerns_suspicion_is_counted",
            "concerns_suspicion",
            "INSERT OR UPDATE OR DELETE ON concerns_suspicion FOR EACH ROW "
            "EXECUTE FUNCTION concerns_desk_holds",
        ),
        trigger(
            "concerns_category_turns_private",
            "concerns_category",
            "UPDATE OF visibility ON concerns_category FOR EACH ROW "
            "WHEN ((OLD.visibility = 'never') <> (NEW.visibility = 'never')) "
            "EXECUTE FUNCTION concerns_desk_kind_turns_private",
        ),
        migrations.RunSQL(COUNT.format(**PARTS), migrations.RunSQL.noop),
    ]
