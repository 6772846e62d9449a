"""A legal hold links only to a report of its own agency."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("concerns", "0044_reports_are_kept_under_a_legal_hold")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE concerns_legalhold ADD CONSTRAINT hold_of_its_agency
                FOREIGN KEY (agency_id, concern_id) REFERENCES concerns_concern (agency_id, id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE concerns_legalhold DROP CONSTRAINT hold_of_its_agency",
        ),
    ]
