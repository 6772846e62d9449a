"""Rows of a step on many cases link only to cases and steps of one agency."""

from django.db import migrations

LINKS = [
    ("concerns_bulkrow", "row_of_a_step_of_its_agency", "run_id", "concerns_bulkrun"),
    ("concerns_bulkrow", "case_of_a_step_of_its_agency", "concern_id", "concerns_concern"),
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
    dependencies = [("concerns", "0032_one_step_is_done_on_many_cases")]

    operations = [link(*row) for row in LINKS]
