"""Organisations and their people link only to rows of their own agency."""

from django.db import migrations

LINKS = [
    ("groups_organisation", "organisation_contact_of_its_agency", "contact_id", "people_contact"),
    (
        "groups_organisationmember",
        "organisation_member_of_its_agency",
        "organisation_id",
        "groups_organisation",
    ),
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
    dependencies = [("groups", "0001_organisations_take_work")]

    operations = [link(*row) for row in LINKS]
