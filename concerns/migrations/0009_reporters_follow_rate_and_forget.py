import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0008_what_asks_for_behavior_is_private"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="DelayReason",
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
                        ("text", models.TextField(max_length=5000)),
                        ("at", models.DateTimeField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "by_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="delay_reasons",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="PlaceCorrection",
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
                        ("at", models.DateTimeField()),
                        ("lon", models.FloatField(null=True)),
                        ("lat", models.FloatField(null=True)),
                        ("place_text", models.CharField(blank=True, max_length=200)),
                        (
                            "place_source",
                            models.CharField(
                                choices=[
                                    ("map", "Chosen on the map"),
                                    ("search", "Found by search"),
                                    ("list", "Chosen from the list"),
                                    ("words", "In words only"),
                                    ("import", "Taken over from another system"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("is_home", models.BooleanField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.area",
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="place_corrections",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="RatingMark",
                    fields=[
                        (
                            "concern",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="rating_mark",
                                serialize=False,
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RatingRelease",
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
                        ("released_on", models.DateField()),
                        ("reporters", models.PositiveSmallIntegerField()),
                        ("counts", models.JSONField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reporters__gte", 10)),
                                name="ratings_of_fewer_than_ten_stay_sealed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("officer", "Officer"),
                                    ("supervisor", "Supervisor"),
                                    ("dispatcher", "Dispatcher"),
                                    ("moderator", "Moderator"),
                                    ("custodian", "Records custodian"),
                                    ("organiser", "Organiser"),
                                    ("partner", "Partner"),
                                    ("agency_admin", "Agency administrator"),
                                    ("operator", "Installation operator"),
                                    ("reader", "Reader"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "by_user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="readings",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("on", "role"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "on", "by_user", "role"),
                                name="a_reading_is_written_once_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemovalRequest",
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
                        ("asked", models.TextField(max_length=5000)),
                        ("at", models.DateTimeField()),
                        ("answer", models.TextField(blank=True, max_length=5000)),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="removal_requests",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""),
                                        ("answered_at__isnull", True),
                                        ("answered_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_request_to_remove_words_is_answered_in_words_by_somebody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at__isnull", True)),
                                fields=("concern",),
                                name="one_open_request_to_remove_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WaitingRating",
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
                        (
                            "binding",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        ("sealed", models.BinaryField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Adoption",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("account_link", models.BinaryField(max_length=32)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="adoptions",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["account_link"], name="reports_adopted_by_an_account"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "account_link"),
                                name="an_account_adopts_a_report_once",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
