"""Numbers of open work, when somebody last looked, and who is away."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0025_words_and_messages_are_kept_by_the_database"),
        ("places", "0005_house_numbers_raise_the_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Absence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "stand_in",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "absence",
                        "verbose_name_plural": "absences",
                        "indexes": [
                            models.Index(fields=["agency", "until_on"], name="absences_not_over")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until_on__gte", models.F("from_on"))),
                                name="an_absence_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stand_in__isnull", True),
                                    models.Q(("stand_in", models.F("user")), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_stands_in_for_themselves",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("area_ref", models.BigIntegerField()),
                        ("owner_ref", models.BigIntegerField()),
                        ("is_private", models.BooleanField()),
                        ("kind", models.CharField(max_length=8)),
                        ("on", models.DateField(null=True)),
                        ("number", models.IntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["agency", "owner_ref", "area_ref"],
                                name="changes_of_open_work",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("area_ref", models.BigIntegerField()),
                        ("owner_ref", models.BigIntegerField()),
                        ("is_private", models.BooleanField()),
                        ("kind", models.CharField(max_length=8)),
                        ("on", models.DateField(null=True)),
                        ("number", models.IntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "agency",
                                    "owner_ref",
                                    "area_ref",
                                    "is_private",
                                    "kind",
                                    "on",
                                ),
                                name="one_count_of_open_work_of_a_kind",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskLook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("looked_at", models.DateTimeField()),
                        ("since", models.DateTimeField()),
                        ("keys_are_off", models.BooleanField(db_default=False, default=False)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "user"), name="one_look_per_person_and_agency"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
