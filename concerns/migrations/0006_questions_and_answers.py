"""Questions that administrators write, and what reporters answered."""

import django.db.models.deletion
from django.db import migrations, models

import engagement.places.wording
from engagement.migrating import CreateModels


def link(table: str, name: str, scope: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY ({scope}, {column}) REFERENCES {target} ({scope}, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0005_complaints_go_to_someone_else"),
        ("places", "0003_changes_raise_the_revision"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Answer",
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
                        ("code", models.CharField(max_length=40)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("choice", "One of several answers"),
                                    ("choices", "Any of several answers"),
                                    ("yes_no", "Yes or no"),
                                    ("text", "Free words"),
                                    ("number", "A number"),
                                    ("date", "A day"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("label", engagement.places.wording.TranslatedText(default=dict)),
                        (
                            "chosen",
                            engagement.places.wording.TranslatedText(blank=True, default=dict),
                        ),
                        ("typed", models.TextField(blank=True)),
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
                                related_name="answers",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "code"),
                                name="a_question_is_answered_once_in_a_concern",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GuidedDay",
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
                        ("reports", models.PositiveIntegerField(default=0)),
                        ("reminders", models.PositiveIntegerField(default=0)),
                        ("sent_anyway", models.PositiveIntegerField(default=0)),
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
                        "ordering": ("agency", "-on"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "on"),
                                name="guided_reports_are_counted_once_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
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
                            "code",
                            models.SlugField(
                                help_text="A short name of your own, such as still_there; never changed.",
                                max_length=40,
                                verbose_name="code",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("choice", "One of several answers"),
                                    ("choices", "Any of several answers"),
                                    ("yes_no", "Yes or no"),
                                    ("text", "Free words"),
                                    ("number", "A number"),
                                    ("date", "A day"),
                                ],
                                max_length=10,
                                verbose_name="how it is answered",
                            ),
                        ),
                        (
                            "label",
                            engagement.places.wording.TranslatedText(
                                default=dict, verbose_name="question"
                            ),
                        ),
                        (
                            "help",
                            engagement.places.wording.TranslatedText(
                                blank=True, default=dict, verbose_name="hint"
                            ),
                        ),
                        (
                            "choices",
                            engagement.places.wording.TranslatedText(
                                blank=True,
                                default=dict,
                                help_text="One on each line, and in the same order in every language.",
                                multiline=True,
                                verbose_name="answers to choose from",
                            ),
                        ),
                        (
                            "is_required",
                            models.BooleanField(
                                default=False,
                                help_text="Without an answer the report cannot be sent. Use it rarely.",
                                verbose_name="must be answered",
                            ),
                        ),
                        (
                            "reminds_of_looks",
                            models.BooleanField(
                                default=False,
                                help_text="When the words only say how somebody looks, the form reminds once that what a person did matters. The report can be sent all the same.",
                                verbose_name="asks for behavior",
                            ),
                        ),
                        (
                            "shown_for",
                            models.TextField(
                                blank=True,
                                help_text="One on each line, in English as listed there; for yes or no write yes or no. Empty: for any answer.",
                                verbose_name="and only for these answers",
                            ),
                        ),
                        (
                            "sort",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Lower numbers are asked first.",
                                verbose_name="order",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="concerns.category",
                                verbose_name="category",
                            ),
                        ),
                        (
                            "shown_when",
                            models.ForeignKey(
                                blank=True,
                                help_text="Another question of the same category that stands before it.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="concerns.question",
                                verbose_name="asked only after",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "question",
                        "verbose_name_plural": "questions",
                        "ordering": ("category", "sort", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("category", "code"),
                                name="a_question_code_is_used_once_in_a_category",
                            ),
                            models.UniqueConstraint(
                                fields=("category", "id"), name="a_question_belongs_to_one_category"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("shown_when__isnull", False),
                                    ("shown_for", ""),
                                    _connector="OR",
                                ),
                                name="answers_are_named_only_of_a_question_before",
                            ),
                        ],
                    },
                ),
            ]
        ),
        link(
            "concerns_question",
            "question_of_its_agency",
            "agency_id",
            "category_id",
            "concerns_category",
        ),
        link(
            "concerns_question",
            "question_follows_one_of_its_category",
            "category_id",
            "shown_when_id",
            "concerns_question",
        ),
        link(
            "concerns_answer", "answer_of_its_agency", "agency_id", "concern_id", "concerns_concern"
        ),
    ]
