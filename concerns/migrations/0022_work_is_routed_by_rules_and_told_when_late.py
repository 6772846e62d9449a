"""Rules send work where it belongs; what is late for long is told; very late has its own day."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import concerns.routing
import concerns.workflow
from engagement.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0021_replies_have_templates_and_keep_the_language"),
        ("places", "0005_house_numbers_raise_the_revision"),
        ("published", "0011_figures_are_released_and_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ClockSettings",
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
                            "escalate_after",
                            models.PositiveSmallIntegerField(
                                default=3,
                                null=True,
                                verbose_name="business days after the deadline",
                            ),
                        ),
                        (
                            "agency",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clock settings",
                        "verbose_name_plural": "clock settings",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("escalate_after__isnull", True),
                                    models.Q(
                                        ("escalate_after__gte", 1), ("escalate_after__lte", 60)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_supervisor_is_told_one_to_sixty_days_after",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoutingRule",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("position", models.PositiveIntegerField()),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("from_hour", models.PositiveSmallIntegerField(null=True)),
                        ("until_hour", models.PositiveSmallIntegerField(null=True)),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "channels",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("web", "This site"),
                                        ("phone", "Phone"),
                                        ("in_person", "In person"),
                                        ("letter", "Letter"),
                                        ("email", "E-mail"),
                                        ("import", "Taken over from another system"),
                                    ],
                                    max_length=10,
                                ),
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "priorities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("low", "Low"),
                                        ("normal", "Normal"),
                                        ("high", "High"),
                                        ("urgent", "Urgent"),
                                    ],
                                    max_length=10,
                                ),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("answers", models.JSONField(default=list)),
                        (
                            "target",
                            models.CharField(
                                choices=[
                                    ("team", "A team"),
                                    ("person", "A person"),
                                    ("area", "The officer of the area"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "gives_priority",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("low", "Low"),
                                    ("normal", "Normal"),
                                    ("high", "High"),
                                    ("urgent", "Urgent"),
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
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="concerns.tag",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="concerns.team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "routing rule",
                        "verbose_name_plural": "routing rules",
                        "ordering": ("agency", "position", "id"),
                        "indexes": [
                            models.Index(
                                fields=["agency", "position", "id"], name="rules_in_order"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_rule_belongs_to_one_agency"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("person__isnull", True),
                                        ("target", concerns.routing.Target["TEAM"]),
                                        ("team__isnull", False),
                                    ),
                                    models.Q(
                                        ("person__isnull", False),
                                        ("target", concerns.routing.Target["PERSON"]),
                                        ("team__isnull", True),
                                    ),
                                    models.Q(
                                        ("person__isnull", True),
                                        ("target", concerns.routing.Target["AREA"]),
                                        ("team__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_rule_names_exactly_whom_it_sends_to",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("from_hour__isnull", True), ("until_hour__isnull", True)
                                    ),
                                    models.Q(
                                        ("from_hour__lt", 24),
                                        ("until_hour__lt", 24),
                                        models.Q(
                                            ("from_hour", models.F("until_hour")), _negated=True
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_rule_has_both_hours_of_a_day_or_none",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConcernRoute",
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
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("received", "It came in."),
                                    ("category", "Its category was corrected."),
                                    ("place", "Its place was corrected."),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("rule_name", models.CharField(blank=True, max_length=80)),
                        ("rule_version", models.PositiveIntegerField(null=True)),
                        ("skipped", models.JSONField(default=list)),
                        (
                            "absent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                related_name="routes",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="concerns.team",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="concerns.routingrule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "route of a concern",
                        "verbose_name_plural": "routes of concerns",
                        "indexes": [
                            models.Index(
                                fields=["agency", "rule", "-id"], name="concerns_sent_by_a_rule"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
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
                            "stage",
                            models.CharField(
                                choices=[
                                    ("unanswered", "Not answered in time"),
                                    ("unresolved", "Not resolved in time"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("told", models.PositiveSmallIntegerField(default=0)),
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
                                related_name="escalations",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "escalation",
                        "verbose_name_plural": "escalations",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "stage"),
                                name="a_supervisor_is_told_once_of_each_stage",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleArea",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.area",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="areas",
                                to="concerns.routingrule",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rule", "area"), name="a_rule_names_an_area_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleCategory",
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
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="concerns.category",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="categories",
                                to="concerns.routingrule",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rule", "category"), name="a_rule_names_a_kind_once"
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="concern",
            name="very_late_after",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="teammember",
            name="hears_of_new",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            concerns.workflow.State["ACCEPTED"],
                            concerns.workflow.State["RECEIVED"],
                            concerns.workflow.State["WAITING"],
                            concerns.workflow.State["WORKING"],
                        ],
                    ),
                    ("very_late_after__isnull", False),
                ),
                fields=["agency", "very_late_after", "id"],
                name="open_work_very_late",
            ),
        ),
    ]
