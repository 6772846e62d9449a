"""A meeting and all that hangs on it link only to rows of one agency; the database refuses others."""

from django.db import migrations

MEETING = "meetings_meeting"
LINKS = [
    ("meetings_schedule", "schedule_of_its_agency", "meeting_id", MEETING),
    ("meetings_meetingarea", "meeting_area_row_of_its_agency", "meeting_id", MEETING),
    ("meetings_meetingarea", "meeting_is_for_area_of_its_agency", "area_id", "places_area"),
    ("meetings_joining", "way_in_of_its_agency", "meeting_id", MEETING),
    ("meetings_rsvp", "answer_of_its_agency", "meeting_id", MEETING),
    ("meetings_rsvp", "answer_contact_of_its_agency", "contact_id", "people_contact"),
]


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
    dependencies = [
        ("meetings", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [link(*row) for row in LINKS]
