"""Reasons for delay and answers to wishes say their language; a part says that it is one; what of
somebody's work was done since a moment is found along an index."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Greatest

import concerns.workflow

MADE_BY = [
    ("writer", "Written by staff in this language"),
    ("template", "A text that the agency keeps in this language"),
    ("machine", "Translated by a machine"),
    ("spoken", "Told by an interpreter"),
]
USES = [
    ("reply", "An answer in the conversation"),
    ("delay", "Why it is late"),
    ("removal", "The answer to the wish to have words removed"),
]
CAUSES = [
    ("received", "It came in."),
    ("category", "Its category was corrected."),
    ("place", "Its place was corrected."),
    ("imported", "It was taken over from another system."),
    ("part", "It is a part of another report."),
]


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0045_holds_stay_inside_the_agency"),
        ("places", "0005_house_numbers_raise_the_revision"),
    ]

    operations = [
        migrations.CreateModel(
            name="BesideLanguage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("made_by", models.CharField(choices=MADE_BY, max_length=10)),
                ("original", models.TextField(blank=True, default="", max_length=5000)),
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
                        related_name="+",
                        to="concerns.concern",
                    ),
                ),
                (
                    "delay",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spoken",
                        to="concerns.delayreason",
                    ),
                ),
                (
                    "removal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spoken",
                        to="concerns.removalrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(delay__isnull=True, removal__isnull=False)
                        | models.Q(delay__isnull=False, removal__isnull=True),
                        name="a_language_is_said_of_one_delay_or_one_removal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_by", "machine"), _negated=True)
                        | models.Q(("original", ""), _negated=True),
                        name="what_a_machine_said_beside_is_kept_as_written",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="languagetask",
            name="use",
            field=models.CharField(choices=USES, default="reply", max_length=10),
        ),
        migrations.AlterField(
            model_name="concernroute",
            name="cause",
            field=models.CharField(choices=CAUSES, max_length=10),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                models.F("owner"),
                Greatest("resolved_at", "closed_at"),
                condition=models.Q(
                    (
                        "state__in",
                        [concerns.workflow.State["CLOSED"], concerns.workflow.State["RESOLVED"]],
                    ),
                    ("owner__isnull", False),
                ),
                name="done_work_of_an_officer",
            ),
        ),
        migrations.RunSQL(
            sql="""
                ALTER TABLE concerns_besidelanguage ADD CONSTRAINT words_beside_of_its_agency
                FOREIGN KEY (agency_id, concern_id) REFERENCES concerns_concern (agency_id, id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE concerns_besidelanguage "
            "DROP CONSTRAINT words_beside_of_its_agency",
        ),
    ]
