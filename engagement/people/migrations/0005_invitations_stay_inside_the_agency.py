"""An invitation names only areas and addresses of its own agency; the database refuses others."""

from django.db import migrations

LINKS = [
    ("people_invitation", "invitation_contact_inside_agency", "contact_id", "people_contact"),
    ("people_invitationarea", "invited_area_inside_agency", "area_id", "places_area"),
    ("people_invitationarea", "area_of_its_invitation", "invitation_id", "people_invitation"),
    ("people_agencychief", "chief_contact_inside_agency", "contact_id", "people_contact"),
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
    dependencies = [("people", "0004_people_come_and_leave")]

    operations = [link(*row) for row in LINKS]
