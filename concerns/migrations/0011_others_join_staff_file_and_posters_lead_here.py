"""Others join a concern, staff file for people who call or write, and posters lead here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels

LINKS = [
    ("concerns_joining", "joining_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_joining", "joining_contact_of_its_agency", "contact_id", "people_contact"),
    ("concerns_filing", "filing_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_campaign", "campaign_area_of_its_agency", "area_id", "places_area"),
    ("concerns_campaignday", "campaign_day_of_its_agency", "campaign_id", "concerns_campaign"),
]


def link(table: str, name: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, {column}) REFERENCES {target} (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0010_what_follows_stays_inside_the_agency"),
        ("people", "0007_phones_letters_and_wishes"),
        ("places", "0005_house_numbers_raise_the_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="concern",
            name="channel",
            field=models.CharField(
                choices=[
                    ("web", "This site"),
                    ("phone", "Phone"),
                    ("in_person", "In person"),
                    ("letter", "Letter"),
                    ("email", "E-mail"),
                    ("import", "Taken over from another system"),
                ],
                default="web",
                max_length=10,
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="Campaign",
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
                        ("code", models.CharField(max_length=16, unique=True)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("begun_on", models.DateField()),
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_campaign_belongs_to_one_agency"
                            ),
                            models.UniqueConstraint(
                                fields=("agency", "name"),
                                name="a_campaign_is_named_once_in_an_agency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CampaignDay",
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
                        ("on", models.DateField()),
                        ("opened", models.PositiveIntegerField(default=0)),
                        ("sent", models.PositiveIntegerField(default=0)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="concerns.campaign",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("campaign", "on"), name="a_campaign_has_one_row_a_day"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Filing",
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
                        ("filed_on", models.DateField()),
                        (
                            "asked_by",
                            models.CharField(
                                choices=[
                                    ("person", "The person themselves"),
                                    ("relative", "A relative or friend, at the person's wish"),
                                    (
                                        "helper",
                                        "A caseworker or other helper, at the person's wish",
                                    ),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "agreed",
                            models.CharField(
                                choices=[
                                    ("aloud", "Said yes after it was read back"),
                                    ("signed", "Signed the paper form"),
                                    ("in_writing", "Asked for it in their own letter or mail"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("had_interpreter", models.BooleanField(default=False)),
                        ("on_paper_form", models.BooleanField(default=False)),
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="filing",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "filed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Joining",
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
                        ("tracking_code", models.CharField(max_length=16, unique=True)),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("anonymous", "Anonymous"),
                                    ("confidential", "Confidential"),
                                    ("signed_in", "Signed in"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10)),
                        ("account_link", models.BinaryField(max_length=32, null=True)),
                        ("words", models.TextField(blank=True, default="", max_length=5000)),
                        ("submission_digest", models.BinaryField(max_length=32, null=True)),
                        ("secret_digest", models.BinaryField(max_length=32, null=True)),
                        ("is_counted", models.BooleanField(default=True)),
                        ("joined_on", models.DateField()),
                        ("left_on", models.DateField(null=True)),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="joinings",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "contact",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="people.contact",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("left_on__isnull", True)),
                                fields=["concern"],
                                name="joiners_of_a_concern",
                            ),
                            models.Index(
                                condition=models.Q(("submission_digest__isnull", False)),
                                fields=["joined_on"],
                                name="joining_forms_still_remembered",
                            ),
                            models.Index(
                                condition=models.Q(("account_link__isnull", False)),
                                fields=["account_link"],
                                name="joinings_linked_to_an_account",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("submission_digest",),
                                name="a_form_joins_once_however_often_it_is_sent",
                            ),
                            models.UniqueConstraint(
                                fields=("concern", "account_link"),
                                name="an_account_joins_a_concern_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("left_on__isnull", True), ("secret_digest__isnull", False)
                                    ),
                                    models.Q(
                                        ("account_link__isnull", True),
                                        ("contact__isnull", True),
                                        ("left_on__isnull", False),
                                        ("secret_digest__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="who_left_a_concern_has_no_way_back_and_no_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("level", "anonymous"), _negated=True),
                                    models.Q(
                                        ("account_link__isnull", True), ("contact__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_anonymous_joiner_is_not_known",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *(link(*row) for row in LINKS),
    ]
