"""Photos of reports and of messages, and the files that must go."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels

CONCERN = "concerns_concern"
PHOTO = "concerns_concernphoto"
LINKS = [
    ("photo_of_its_agency", "agency_id, concern_id", CONCERN, "agency_id, id"),
    ("photo_of_a_reply_of_its_concern", "concern_id, reply_id", "concerns_reply", "concern_id, id"),
    (
        "public_copy_of_its_agency",
        "agency_id, public_id",
        "published_publicphoto",
        "agency_id, id",
    ),
]


def link(name: str, columns: str, target: str, target_columns: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {PHOTO} ADD CONSTRAINT {name}
            FOREIGN KEY ({columns}) REFERENCES {target} ({target_columns})
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {PHOTO} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0013_calls_and_relays_stay_inside_the_agency"),
        ("published", "0010_photos_that_staff_chose"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                fields=("concern", "id"), name="a_reply_belongs_to_one_concern"
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="DoomedFile",
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
                        ("name", models.CharField(max_length=43, unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="ConcernPhoto",
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
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "by_party",
                            models.CharField(
                                choices=[
                                    ("staff", "The police"),
                                    ("reporter", "The reporter"),
                                    ("clock", "This site, by time"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=43, unique=True)),
                        ("width", models.PositiveSmallIntegerField()),
                        ("height", models.PositiveSmallIntegerField()),
                        ("digest", models.BinaryField(max_length=32)),
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
                                related_name="photos",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "public",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="published.publicphoto",
                            ),
                        ),
                        (
                            "reply",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="concerns.reply",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("position__gte", 1), ("position__lte", 6)),
                                name="a_report_or_message_has_at_most_six_photos",
                            ),
                            models.UniqueConstraint(
                                fields=("concern", "reply", "position"),
                                name="a_report_or_message_numbers_its_photos",
                                nulls_distinct=False,
                            ),
                            models.UniqueConstraint(
                                fields=("concern", "reply", "digest"),
                                name="a_report_or_message_has_a_photo_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("by_party", "staff"),
                                    ("by_user__isnull", True),
                                    _connector="OR",
                                ),
                                name="only_staff_are_named_at_a_photo",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *[link(*row) for row in LINKS],
    ]
