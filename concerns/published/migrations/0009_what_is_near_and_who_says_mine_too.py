"""What is near and recent is found in one look; how many others say "mine too" is released."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0005_house_numbers_raise_the_revision"),
        ("published", "0008_agencies_have_the_usual_prevention_advice"),
    ]

    operations = [
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at_least", models.PositiveIntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.agency",
                    ),
                ),
                (
                    "public_concern",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="support",
                        to="published.publicconcern",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("at_least__gte", 10)),
                        name="fewer_than_ten_are_never_shown",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="publicconcern",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(models.F("anchor_lon"), models.F("anchor_lat"), function="point"),
                models.Func(
                    models.F("resolved_on"), template="daterange(NULL, %(expressions)s, '[]')"
                ),
                condition=models.Q(("anchor_lon__isnull", False)),
                name="published_near_and_recent",
            ),
        ),
        migrations.RunSQL(
            sql="""
                ALTER TABLE published_support ADD CONSTRAINT support_of_its_agency
                FOREIGN KEY (agency_id, public_concern_id)
                REFERENCES published_publicconcern (agency_id, id) DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE published_support DROP CONSTRAINT support_of_its_agency",
        ),
    ]
