"""An address leads only to a page of its own agency; the database refuses others."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("published", "0013_moved_pages_lead_on")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE published_publicmove ADD CONSTRAINT moved_page_of_its_agency
                FOREIGN KEY (agency_id, public_concern_id)
                REFERENCES published_publicconcern (agency_id, id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE published_publicmove DROP CONSTRAINT moved_page_of_its_agency",
        )
    ]
