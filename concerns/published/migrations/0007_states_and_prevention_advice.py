import django.db.models.deletion
from django.db import migrations, models

import engagement.places.wording


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0003_changes_raise_the_revision"),
        ("published", "0006_the_published_are_counted_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Prevention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category_code",
                    models.SlugField(
                        help_text="As its category has it: graffiti.",
                        max_length=40,
                        verbose_name="code of the category",
                    ),
                ),
                (
                    "advice",
                    engagement.places.wording.TranslatedText(
                        default=dict,
                        help_text="What neighbors can do so that it does not happen again.",
                        verbose_name="advice",
                    ),
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
                "verbose_name": "prevention advice",
                "verbose_name_plural": "prevention advice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "category_code"),
                        name="a_kind_has_one_advice_in_an_agency",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="publicconcern",
            index=models.Index(
                fields=["agency", "state", "-received_on", "-id"], name="published_in_a_state"
            ),
        ),
    ]
