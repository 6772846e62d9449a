"""What joins, splits and links cases stays inside the agency, and never runs in a circle."""

from django.db import migrations

LINKS = [
    ("concerns_merge", "merge_of_its_agency", "concern_id"),
    ("concerns_merge", "merge_into_its_agency", "into_id"),
    ("concerns_merge", "merge_survivor_of_its_agency", "survivor_id"),
    ("concerns_part", "part_of_its_agency", "concern_id"),
    ("concerns_part", "whole_of_its_agency", "of_id"),
    ("concerns_seealso", "link_from_its_agency", "low_id"),
    ("concerns_seealso", "link_to_its_agency", "high_id"),
    ("concerns_wordforall", "word_for_all_of_its_agency", "concern_id"),
]

# Whoever joins holds both rows, so nothing can be joined in between; this is the second net.
NO_CIRCLE = """
CREATE FUNCTION concerns_joined_in_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE up(id) AS (
            SELECT NEW.into_id
            UNION
            SELECT above.into_id FROM concerns_merge AS above
            JOIN up ON above.concern_id = up.id WHERE above.undone_at IS NULL
        ) SELECT 1 FROM up WHERE id = NEW.concern_id
    ) THEN
        RAISE EXCEPTION 'reports joined in a circle' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_report_is_never_joined_in_a_circle
AFTER INSERT OR UPDATE OF concern_id, into_id, undone_at ON concerns_merge
FOR EACH ROW WHEN (NEW.undone_at IS NULL) EXECUTE FUNCTION concerns_joined_in_no_circle();
"""


def link(table: str, name: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, {column}) REFERENCES concerns_concern (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("concerns", "0030_cases_are_joined_split_and_linked")]

    operations = [
        *(link(*row) for row in LINKS),
        migrations.RunSQL(
            sql=NO_CIRCLE,
            reverse_sql="""
                DROP TRIGGER a_report_is_never_joined_in_a_circle ON concerns_merge;
                DROP FUNCTION concerns_joined_in_no_circle();
            """,
        ),
    ]
