"""Photos that staff looked at and chose to show."""

import django.db.models.deletion
from django.db import migrations, models

import engagement.places.wording

LINK = "public_photo_of_its_agency"


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
        ("published", "0009_what_is_near_and_who_says_mine_too"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=43, unique=True)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("shows", engagement.places.wording.TranslatedText()),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="published.publicconcern",
                    ),
                ),
            ],
            options={
                "ordering": ("public_concern", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "id"), name="a_public_photo_belongs_to_one_agency"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            sql=f"""
                ALTER TABLE published_publicphoto ADD CONSTRAINT {LINK}
                FOREIGN KEY (agency_id, public_concern_id)
                REFERENCES published_publicconcern (agency_id, id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql=f"ALTER TABLE published_publicphoto DROP CONSTRAINT {LINK}",
        ),
    ]
