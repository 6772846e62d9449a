"""A grant or an assignment can name only areas of its own agency; the database refuses others."""

from django.db import migrations

LINKS = [
    ("people_grantarea", "grant_area_inside_agency", "area_id", "places_area"),
    ("people_grantarea", "grant_area_of_its_grant", "grant_id", "people_grant"),
    ("people_areaassignment", "assignment_inside_agency", "area_id", "places_area"),
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
    dependencies = [("people", "0001_initial")]

    operations = [link(*row) for row in LINKS]
