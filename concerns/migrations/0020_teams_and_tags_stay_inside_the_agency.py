"""Teams and tags link only to rows of one agency; open cases learn since when words wait."""

from django.db import migrations

LINKS = [
    ("concerns_concern", "concern_team_of_its_agency", "team_id", "concerns_team"),
    ("concerns_teammember", "team_member_of_its_agency", "team_id", "concerns_team"),
    ("concerns_concerntag", "tagged_case_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_concerntag", "tag_of_its_agency", "tag_id", "concerns_tag"),
]

# The day in UTC may be one later than the agency's, which harms nobody: it only sorts.
WAITING_WORDS = """
    UPDATE concerns_concern SET unanswered_since = newest.at::date
    FROM (
        SELECT DISTINCT ON (concern_id) concern_id, direction, at
        FROM concerns_reply ORDER BY concern_id, id DESC
    ) newest
    WHERE newest.concern_id = concerns_concern.id AND newest.direction = 'from_reporter'
        AND concerns_concern.state IN ('received', 'accepted', 'working', 'waiting')
"""


def link(table: str, name: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, {column}) REFERENCES {target} (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("concerns", "0019_work_is_shared_by_teams_and_found_by_tags")]

    operations = [
        *(link(*row) for row in LINKS),
        migrations.RunSQL(sql=WAITING_WORDS, reverse_sql=migrations.RunSQL.noop),
    ]
