"""A concern and all that hangs on it link only to rows of one agency; the database refuses others."""

from django.db import migrations

CONCERN = "concerns_concern"
LINKS = [
    (CONCERN, "concern_category_of_its_agency", "category_id", "concerns_category"),
    (CONCERN, "concern_area_of_its_agency", "area_id", "places_area"),
    (CONCERN, "concern_public_side_of_its_agency", "public_id", "published_publicconcern"),
    ("concerns_concernarea", "concern_area_row_of_its_agency", "concern_id", CONCERN),
    ("concerns_concernarea", "concern_lies_in_area_of_its_agency", "area_id", "places_area"),
    ("concerns_reporter", "reporter_of_its_agency", "concern_id", CONCERN),
    ("concerns_reporter", "reporter_contact_of_its_agency", "contact_id", "people_contact"),
    ("concerns_statuschange", "status_change_of_its_agency", "concern_id", CONCERN),
    ("concerns_reply", "reply_of_its_agency", "concern_id", CONCERN),
    ("concerns_note", "note_of_its_agency", "concern_id", CONCERN),
    ("concerns_accesslink", "access_link_of_its_agency", "concern_id", CONCERN),
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
        ("concerns", "0001_initial"),
        ("published", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [link(*row) for row in LINKS]
