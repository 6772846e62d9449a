"""Reports whose words call for help are marked, by phrases that each agency keeps."""

import django.db.models.deletion
from django.db import migrations, models

LINES = ("danger", "crisis", "child", "adult", "school", "domestic", "sexual", "crime_tip")


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0014_photos_of_reports_and_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="DangerPhrases",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("danger", "Danger now"),
                            ("crisis", "A crisis: suicide, overdose"),
                            ("child", "A child is harmed"),
                            ("adult", "An older or disabled adult is harmed"),
                            ("school", "A threat at a school"),
                            ("domestic", "Violence at home"),
                            ("sexual", "Sexual violence"),
                            ("crime_tip", "A tip about a crime"),
                        ],
                        max_length=12,
                        verbose_name="what it calls for",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "phrases",
                    models.TextField(blank=True, max_length=40000, verbose_name="phrases"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "list of danger phrases",
                "verbose_name_plural": "lists of danger phrases",
                "ordering": ("agency", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "line", "language"), name="one_list_of_phrases_for_a_line"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("line__in", LINES)),
                        name="danger_phrases_belong_to_a_known_line",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="concern",
            name="danger",
            field=models.CharField(db_default="", default="", editable=False, max_length=12),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(("danger__gt", ""), ("state", "received")),
                fields=["agency", "-received_on", "-id"],
                name="unread_danger_newest",
            ),
        ),
    ]
