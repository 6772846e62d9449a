"""The public role sees no draft, whatever a page asks for: the database leaves the rows out.

The role is named in the condition and not after TO, as it may not exist yet when tables are made.
The owner of the tables, who makes backups, is not bound by policies.
"""

from django.db import migrations

ANNOUNCED = "state <> 'draft'"
OF_ANNOUNCED = "EXISTS (SELECT 1 FROM meetings_meeting AS meeting WHERE meeting.id = meeting_id)"
CONDITIONS = {
    "meetings_meeting": ANNOUNCED,
    "meetings_meetingarea": OF_ANNOUNCED,
    "meetings_schedule": OF_ANNOUNCED,
}


def hide(table: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            CREATE POLICY drafts_stay_inside ON {table}
            USING (current_user <> 'common_ground_public' OR {condition})
            WITH CHECK (current_user <> 'common_ground_public')
        """,
        reverse_sql=f"""
            DROP POLICY drafts_stay_inside ON {table};
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_links_stay_inside_the_agency")]

    operations = [hide(table, condition) for table, condition in CONDITIONS.items()]
