"""Give the columns of a day their names in the administration."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0017_suspicion_stays_inside_the_agency"),
        ("places", "0003_changes_raise_the_revision"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="guidedday",
            options={
                "ordering": ("agency", "-on"),
                "verbose_name": "day of reports about behavior",
                "verbose_name_plural": "days of reports about behavior",
            },
        ),
        migrations.AlterField(
            model_name="guidedday",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.agency",
                verbose_name="agency",
            ),
        ),
        migrations.AlterField(
            model_name="guidedday",
            name="on",
            field=models.DateField(verbose_name="day"),
        ),
        migrations.AlterField(
            model_name="guidedday",
            name="reminders",
            field=models.PositiveIntegerField(default=0, verbose_name="times reminded of behavior"),
        ),
        migrations.AlterField(
            model_name="guidedday",
            name="reports",
            field=models.PositiveIntegerField(
                default=0, verbose_name="reports that ask for behavior"
            ),
        ),
        migrations.AlterField(
            model_name="guidedday",
            name="sent_anyway",
            field=models.PositiveIntegerField(default=0, verbose_name="sent with looks alone"),
        ),
    ]
