"""Open concerns are looked at again when their agency's areas change, in order of their ids."""

import django.db.models.deletion
from django.db import migrations, models

OPEN = models.Q(("state__in", ["accepted", "received", "waiting", "working"]))


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0003_desk_pages_follow_an_index"),
        ("places", "0003_changes_raise_the_revision"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoundaryFollowing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision_done", models.PositiveBigIntegerField(default=0)),
                ("revision_under_way", models.PositiveBigIntegerField(default=0)),
                ("last_concern_id", models.BigIntegerField(default=0)),
                ("noticed_at", models.DateTimeField()),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.agency",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="concern", name="changed_hands_on", field=models.DateField(null=True)
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(fields=["agency", "id"], condition=OPEN, name="open_work_in_order"),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                fields=["agency", "-received_on", "-id"],
                condition=models.Q(*OPEN.children, ("changed_hands_on__isnull", False)),
                name="open_work_that_changed_hands",
            ),
        ),
    ]
