"""Texts to begin a reply with, languages of replies, questions that lapse, and reasons."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import concerns.workflow
from engagement.migrating import CreateModels

LINKS = [
    ("concerns_replytemplate", "template_kind_of_its_agency", "category_id", "concerns_category"),
    ("concerns_languagetask", "language_task_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_replylanguage", "reply_language_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_asking", "asking_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_changereason", "reason_of_its_agency", "concern_id", "concerns_concern"),
]
REPLIES = [
    ("concerns_replylanguage", "language_of_a_reply_to_its_concern"),
    ("concerns_asking", "question_of_its_concern"),
]


def link(table: str, name: str, columns: str, target: str, there: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY ({columns}) REFERENCES {target} ({there})
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0020_teams_and_tags_stay_inside_the_agency"),
        ("places", "0005_house_numbers_raise_the_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ChangeReason",
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
                        ("entry_id", models.BigIntegerField(unique=True)),
                        ("text", models.CharField(max_length=300)),
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
                    ],
                ),
                migrations.CreateModel(
                    name="Asking",
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
                        ("remind_on", models.DateField()),
                        ("lapses_on", models.DateField()),
                        ("reminded_on", models.DateField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        (
                            "end",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("moved_on", "Answered, or the work went on"),
                                    ("lapsed", "Nobody answered in time"),
                                ],
                                default="",
                                max_length=10,
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
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="askings",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "reply",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="concerns.reply",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_on__isnull", True)),
                                fields=["lapses_on", "id"],
                                name="questions_that_lapse",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("ended_on__isnull", True), ("reminded_on__isnull", True)
                                ),
                                fields=["remind_on", "id"],
                                name="questions_to_remind_of",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on__isnull", True)),
                                fields=("concern",),
                                name="one_question_waits_for_an_answer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_on__isnull", True), ("end", "")),
                                    models.Q(
                                        models.Q(("ended_on__isnull", True), _negated=True),
                                        models.Q(("end", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_ended_question_says_how_it_ended",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LanguageTask",
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
                            "help",
                            models.CharField(
                                choices=[
                                    ("colleague", "A colleague who writes it"),
                                    ("interpreter", "The interpreter line"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("language", models.CharField(max_length=10)),
                        ("text", models.TextField(max_length=5000)),
                        ("asked_on", models.DateField()),
                        ("done_on", models.DateField(null=True)),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("written", "Written to the reporter"),
                                    ("told", "Told with an interpreter"),
                                    ("dropped", "Not needed any more"),
                                ],
                                default="",
                                max_length=10,
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
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "colleague",
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
                                related_name="language_tasks",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_on__isnull", True)),
                                fields=["agency", "asked_on", "id"],
                                name="language_tasks_by_day",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("done_on__isnull", True)),
                                fields=("concern",),
                                name="one_open_language_task_for_a_concern",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_on__isnull", True), ("result", "")),
                                    models.Q(
                                        models.Q(("done_on__isnull", True), _negated=True),
                                        models.Q(("result", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_finished_language_task_says_how_it_ended",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("help", "colleague"),
                                    ("colleague__isnull", True),
                                    _connector="OR",
                                ),
                                name="an_interpreter_is_no_colleague",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReplyLanguage",
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
                        ("language", models.CharField(max_length=10)),
                        (
                            "made_by",
                            models.CharField(
                                choices=[
                                    ("writer", "Written by staff in this language"),
                                    ("template", "A text that the agency keeps in this language"),
                                    ("machine", "Translated by a machine"),
                                    ("spoken", "Told by an interpreter"),
                                ],
                                max_length=10,
                            ),
                        ),
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
                            "reply",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="spoken",
                                to="concerns.reply",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("made_by", "machine"), _negated=True),
                                    models.Q(("original", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="what_a_machine_translated_is_kept_beside_it",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReplyTemplate",
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
                            "state",
                            models.CharField(
                                choices=[
                                    (concerns.workflow.State["RECEIVED"], "Received"),
                                    (concerns.workflow.State["ACCEPTED"], "Accepted"),
                                    (concerns.workflow.State["WORKING"], "Working"),
                                    (concerns.workflow.State["WAITING"], "Waiting"),
                                    (concerns.workflow.State["RESOLVED"], "Resolved"),
                                    (concerns.workflow.State["CLOSED"], "Closed"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "group",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("redirect", "Get help now"),
                                    ("safety", "Safety"),
                                    ("environment", "Streets and public places"),
                                    ("traffic", "Traffic and parking"),
                                    ("property", "Buildings and lots"),
                                    ("youth", "Schools and young people"),
                                    ("services", "People who need help"),
                                    ("engagement", "Ask the police for a service"),
                                    ("accountability", "About an officer"),
                                ],
                                default="",
                                max_length=20,
                                verbose_name="group of categories",
                            ),
                        ),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("text", models.TextField(max_length=5000, verbose_name="text")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="places.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="concerns.category",
                                verbose_name="category",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reply template",
                        "verbose_name_plural": "reply templates",
                        "ordering": ("agency", "id"),
                        "indexes": [
                            models.Index(
                                fields=["agency", "language", "state"],
                                name="reply_templates_in_use",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "state", "category", "group", "language", "name"),
                                name="a_reply_template_is_found_by_its_name",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("category__isnull", True), ("group", ""), _connector="OR"
                                ),
                                name="a_reply_template_is_for_a_category_or_for_a_group",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WrittenLanguage",
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
                        ("language", models.CharField(max_length=10)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
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
                                fields=("agency", "language", "user"),
                                name="a_written_language_is_said_once",
                            )
                        ],
                    },
                ),
            ]
        ),
        *(
            link(table, name, f"agency_id, {column}", target, "agency_id, id")
            for table, name, column, target in LINKS
        ),
        *(
            link(table, name, "concern_id, reply_id", "concerns_reply", "concern_id, id")
            for table, name in REPLIES
        ),
    ]
