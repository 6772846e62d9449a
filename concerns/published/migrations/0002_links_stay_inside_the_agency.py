"""What is published links only to rows of its own agency; the database refuses others."""

from django.db import migrations

LINKS = [
    (
        "published_publicconcernarea",
        "public_area_row_of_its_agency",
        "public_concern_id",
        "published_publicconcern",
    ),
    ("published_publicconcernarea", "public_area_inside_its_agency", "area_id", "places_area"),
    (
        "published_publicupdate",
        "public_update_of_its_agency",
        "public_concern_id",
        "published_publicconcern",
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
    dependencies = [
        ("published", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [link(*row) for row in LINKS]
