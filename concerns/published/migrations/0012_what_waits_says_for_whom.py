"""A concern that waits for somebody outside says for whom and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("published", "0011_figures_are_released_and_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicconcern",
            name="waits_for",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="publicconcern",
            name="waits_until",
            field=models.DateField(null=True),
        ),
    ]
