from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("concerns", "0042_a_form_of_a_word_is_asked_for_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkrow",
            name="given_to",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="given_to_team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to="concerns.team",
            ),
        ),
        migrations.AlterField(
            model_name="concernroute",
            name="cause",
            field=models.CharField(
                choices=[
                    ("received", "It came in."),
                    ("category", "Its category was corrected."),
                    ("place", "Its place was corrected."),
                    ("imported", "It was taken over from another system."),
                ],
                max_length=10,
            ),
        ),
        # The team of a row is one of the agency of its step.
        migrations.RunSQL(
            sql="""
                ALTER TABLE concerns_bulkrow ADD CONSTRAINT team_of_a_row_of_its_agency
                FOREIGN KEY (agency_id, given_to_team_id) REFERENCES concerns_team (agency_id, id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE concerns_bulkrow DROP CONSTRAINT team_of_a_row_of_its_agency",
        ),
    ]
