from django.db import migrations


class Migration(migrations.Migration):
    """A version of an area can never name an area of another agency."""

    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE places_areaversion
            ADD CONSTRAINT version_belongs_to_an_area_of_its_agency
            FOREIGN KEY (agency_id, area_id) REFERENCES places_area (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
            """,
            "ALTER TABLE places_areaversion DROP CONSTRAINT version_belongs_to_an_area_of_its_agency",
        )
    ]
