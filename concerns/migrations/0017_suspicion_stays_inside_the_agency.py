"""Why a report is suspected belongs to the report's own agency; the database refuses others."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("concerns", "0016_suspected_reports_wait_for_a_person")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE concerns_suspicion ADD CONSTRAINT suspicion_of_its_agency
                FOREIGN KEY (agency_id, concern_id) REFERENCES concerns_concern (agency_id, id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE concerns_suspicion DROP CONSTRAINT suspicion_of_its_agency",
        )
    ]
