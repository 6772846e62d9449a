from django.db import migrations

# Every process keeps areas and streets in memory and trusts the revision on the agency's row.
# The database raises it, so that no way of writing can forget to. The number comes from a
# sequence because sequences do not roll back: a revision that was seen inside a transaction
# that failed is never given to other contents later.
FUNCTION = """
CREATE FUNCTION places_raise_{revision}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE places_agency
    SET {revision} = GREATEST({revision} + 1, nextval('places_revisions'))
    WHERE id IN (SELECT DISTINCT agency_id FROM changed);
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER {table}_{event}_raises_the_revision AFTER {event} ON {table}
REFERENCING {side} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION places_raise_{revision}()
"""
TABLES = {
    "places_area": "boundary_revision",
    "places_areaversion": "boundary_revision",
    "places_street": "street_revision",
    "places_corner": "street_revision",
}
EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def function(revision: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        FUNCTION.format(revision=revision), f"DROP FUNCTION places_raise_{revision}()"
    )


def trigger(table: str, event: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        TRIGGER.format(table=table, event=event, side=EVENTS[event], revision=TABLES[table]),
        f"DROP TRIGGER {table}_{event}_raises_the_revision ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("places", "0002_links_stay_inside_the_agency")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE places_revisions", "DROP SEQUENCE places_revisions"),
        function("boundary_revision"),
        function("street_revision"),
        *(trigger(table, event) for table in TABLES for event in EVENTS),
    ]
