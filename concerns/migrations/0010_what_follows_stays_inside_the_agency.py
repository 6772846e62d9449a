"""What hangs on a concern since links only to a concern of its own agency."""

from django.db import migrations

CONCERN = "concerns_concern"
LINKS = [
    ("concerns_adoption", "adoption_of_its_agency", "concern_id", CONCERN),
    ("concerns_delayreason", "delay_reason_of_its_agency", "concern_id", CONCERN),
    ("concerns_placecorrection", "place_correction_of_its_agency", "concern_id", CONCERN),
    ("concerns_placecorrection", "former_area_of_its_agency", "area_id", "places_area"),
    ("concerns_ratingmark", "rating_mark_of_its_agency", "concern_id", CONCERN),
    ("concerns_reading", "reading_of_its_agency", "concern_id", CONCERN),
    ("concerns_removalrequest", "removal_request_of_its_agency", "concern_id", CONCERN),
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
    dependencies = [("concerns", "0009_reporters_follow_rate_and_forget")]

    operations = [link(*row) for row in LINKS]
