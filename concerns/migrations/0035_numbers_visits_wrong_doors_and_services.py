import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0035_moves_are_found_by_week"),
        ("people", "0007_phones_letters_and_wishes"),
        ("places", "0005_house_numbers_raise_the_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CallMapping",
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
                            "system",
                            models.CharField(
                                choices=[("cad", "CAD (calls)"), ("rms", "RMS (reports)")],
                                default="cad",
                                max_length=3,
                                verbose_name="the numbers are of",
                            ),
                        ),
                        (
                            "number_column",
                            models.CharField(max_length=80, verbose_name="column of the number"),
                        ),
                        (
                            "date_column",
                            models.CharField(max_length=80, verbose_name="column of the day"),
                        ),
                        (
                            "type_column",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="column of the kind"
                            ),
                        ),
                        (
                            "block_column",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="column of the block"
                            ),
                        ),
                        (
                            "disposition_column",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="column of the disposition"
                            ),
                        ),
                        (
                            "delimiter",
                            models.CharField(
                                choices=[(",", "Comma"), (";", "Semicolon"), ("\t", "Tab")],
                                default=",",
                                max_length=1,
                                verbose_name="between columns",
                            ),
                        ),
                        (
                            "encoding",
                            models.CharField(
                                choices=[("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")],
                                default="utf-8-sig",
                                max_length=10,
                                verbose_name="written in",
                            ),
                        ),
                        (
                            "kinds",
                            models.TextField(
                                blank=True,
                                max_length=4000,
                                verbose_name="kinds of call and of concern",
                            ),
                        ),
                        (
                            "agency",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="places.agency",
                                verbose_name="agency",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reading of the calls file",
                        "verbose_name_plural": "reading of the calls file",
                    },
                ),
                migrations.CreateModel(
                    name="EmptyHome",
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
                        (
                            "concern",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="empty_home",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OutsideCall",
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
                            "system",
                            models.CharField(
                                choices=[("cad", "CAD (calls)"), ("rms", "RMS (reports)")],
                                max_length=3,
                            ),
                        ),
                        ("number", models.CharField(max_length=40)),
                        ("kind", models.CharField(blank=True, max_length=80)),
                        ("on", models.DateField()),
                        ("block", models.CharField(blank=True, max_length=120)),
                        ("street", models.CharField(blank=True, max_length=60)),
                        ("disposition", models.CharField(blank=True, max_length=80)),
                        ("read_on", models.DateField()),
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
                        "indexes": [
                            models.Index(fields=["read_on"], name="outside_calls_by_age"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "system", "number"),
                                name="an_outside_call_is_kept_once",
                            ),
                            models.UniqueConstraint(
                                fields=("agency", "id"),
                                name="an_outside_call_belongs_to_one_agency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CallSuggestion",
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
                        ("is_refused", models.BooleanField(default=False)),
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
                                related_name="call_suggestions",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suggestions",
                                to="concerns.outsidecall",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "call"),
                                name="a_call_is_suggested_for_a_case_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutsideNumber",
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
                            "system",
                            models.CharField(
                                choices=[("cad", "CAD (calls)"), ("rms", "RMS (reports)")],
                                max_length=3,
                            ),
                        ),
                        ("number", models.CharField(max_length=40)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="numbers",
                                to="concerns.outsidecall",
                            ),
                        ),
                        (
                            "concern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outside_numbers",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "indexes": [
                            models.Index(
                                fields=["agency", "system", "number"],
                                name="cases_of_an_outside_number",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "system", "number"),
                                name="a_case_has_an_outside_number_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutsideSystems",
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
                            "cad_masks",
                            models.TextField(
                                blank=True, max_length=240, verbose_name="how CAD numbers look"
                            ),
                        ),
                        (
                            "cad_example",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="example of a CAD number"
                            ),
                        ),
                        (
                            "rms_masks",
                            models.TextField(
                                blank=True, max_length=240, verbose_name="how RMS numbers look"
                            ),
                        ),
                        (
                            "rms_example",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="example of an RMS number"
                            ),
                        ),
                        (
                            "copies_words",
                            models.BooleanField(
                                default=False, verbose_name="the reporter's words are copied"
                            ),
                        ),
                        (
                            "agency",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="places.agency",
                                verbose_name="agency",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "numbers of CAD and RMS",
                        "verbose_name_plural": "numbers of CAD and RMS",
                    },
                ),
                migrations.CreateModel(
                    name="SecuritySurvey",
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
                        ("done_on", models.DateField()),
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="survey",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ServiceRequest",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("patrol", "Extra patrol"),
                                    ("vacation", "Vacation check"),
                                    ("survey", "Security survey"),
                                    ("speaker", "Speaker"),
                                    ("roll_call", "Roll call at home"),
                                    ("coffee", "Coffee with a Cop"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("from_on", models.DateField(null=True)),
                        ("until_on", models.DateField(null=True)),
                        ("recheck_on", models.DateField(null=True)),
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
                                related_name="service",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["agency", "kind"], name="services_of_an_agency"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "vacation"), _negated=True),
                                    models.Q(("from_on__isnull", True), ("until_on__isnull", True)),
                                    _connector="OR",
                                ),
                                name="the_days_of_an_absence_are_kept_apart",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on__isnull", True),
                                    ("from_on__isnull", True),
                                    ("until_on__gte", models.F("from_on")),
                                    _connector="OR",
                                ),
                                name="a_service_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                        ("was_at", models.DateTimeField()),
                        ("line", models.CharField(blank=True, max_length=200)),
                        ("is_taken_back", models.BooleanField(default=False)),
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
                                related_name="visits",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_taken_back", False)),
                                fields=("concern", "by_user", "was_at"),
                                name="an_officer_is_somewhere_once_an_hour",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WrongDoor",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("danger", "Danger now"),
                                    ("abuse", "Child or adult abuse"),
                                    ("crime", "Crime to report"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("marked_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("handled", "Handed to who acts on it"),
                                    ("mistake", "Marked by mistake"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("no_number_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "accepted_by",
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
                                related_name="wrong_doors",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "marked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ending", "")),
                                fields=["agency", "marked_at"],
                                name="open_marks",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_mark_belongs_to_one_agency"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ending", "")),
                                fields=("concern", "kind"),
                                name="a_case_has_an_open_mark_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(models.Q(("ending", "")), ("ended_at__isnull", True)),
                                    models.Q(
                                        models.Q(("ending", ""), _negated=True),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_mark_says_when_it_ended_exactly_when_it_did",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ending", "mistake"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_mark_is_called_off_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WrongDoorCall",
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
                        ("whom", models.CharField(max_length=120)),
                        ("number", models.CharField(blank=True, max_length=60)),
                        ("line", models.CharField(blank=True, max_length=200)),
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
                            "wrong_door",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="concerns.wrongdoor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("wrong_door", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="WrongDoorPage",
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
                        ("round", models.PositiveSmallIntegerField()),
                        ("is_on_duty", models.BooleanField()),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "wrong_door",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
                                to="concerns.wrongdoor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("wrong_door", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("wrong_door", "round", "user"),
                                name="nobody_is_paged_twice_in_a_round",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyShift",
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
                        ("from_at", models.DateTimeField()),
                        ("until_at", models.DateTimeField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.contact",
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
                        "ordering": ("agency", "from_at", "id"),
                        "indexes": [
                            models.Index(fields=["agency", "until_at"], name="shifts_by_their_end")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until_at__gt", models.F("from_at"))),
                                name="a_shift_ends_after_it_begins",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
