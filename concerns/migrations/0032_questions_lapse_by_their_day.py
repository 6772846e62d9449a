"""What waits for an answer lapses by the day since when it waits; no table repeats that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("concerns", "0031_no_report_is_joined_in_a_circle")]

    operations = [
        migrations.DeleteModel(name="Asking"),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(("waiting_on", "reporter")),
                fields=["waiting_since", "id"],
                name="questions_that_lapse",
            ),
        ),
    ]
