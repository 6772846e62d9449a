"""Ways, calls and organisations that relay link only to rows of their own agency."""

from django.db import migrations

LINKS = [
    ("concerns_contactwish", "contact_wish_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_contactwish", "relay_of_a_wish_of_its_agency", "relay_id", "concerns_relay"),
    ("concerns_relay", "relay_contact_of_its_agency", "contact_id", "people_contact"),
    ("concerns_calltask", "call_task_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_calltry", "call_try_of_its_agency", "task_id", "concerns_calltask"),
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
    dependencies = [("concerns", "0012_ways_to_be_reached")]

    operations = [link(*row) for row in LINKS]
