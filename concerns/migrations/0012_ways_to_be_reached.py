import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0011_others_join_staff_file_and_posters_lead_here"),
        ("people", "0007_phones_letters_and_wishes"),
        ("places", "0005_house_numbers_raise_the_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CallTask",
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
                            "way",
                            models.CharField(
                                choices=[("phone", "Call"), ("letter", "Letter")], max_length=10
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("reply", "A reply waits"),
                                    ("resolved", "The result waits"),
                                    ("question", "A question waits"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("due_on", models.DateField()),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("done_on", models.DateField(null=True)),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("reached", "Reached"),
                                    ("left_word", "Left word, as they allow"),
                                    ("no_answer", "No answer"),
                                    ("wrong_number", "Wrong number"),
                                    ("posted", "Posted"),
                                ],
                                default="",
                                max_length=15,
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
                                related_name="call_tasks",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_on__isnull", True)),
                                fields=["agency", "due_on", "id"],
                                name="open_calls_by_day",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_call_task_belongs_to_one_agency"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("done_on__isnull", True)),
                                fields=("concern",),
                                name="one_open_call_for_a_concern",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done_on__isnull", True),
                                    models.Q(("result", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_finished_call_says_how_it_went",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CallTry",
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
                            "result",
                            models.CharField(
                                choices=[
                                    ("reached", "Reached"),
                                    ("left_word", "Left word, as they allow"),
                                    ("no_answer", "No answer"),
                                    ("wrong_number", "Wrong number"),
                                    ("posted", "Posted"),
                                ],
                                max_length=15,
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
                            "by_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="call_tries",
                                to="concerns.calltask",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "call tries",
                        "ordering": ("task", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="OfferedWays",
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
                        ("by_email", models.BooleanField(default=True, verbose_name="by e-mail")),
                        (
                            "by_text",
                            models.BooleanField(default=True, verbose_name="by text message"),
                        ),
                        (
                            "by_phone",
                            models.BooleanField(default=True, verbose_name="by phone call"),
                        ),
                        ("by_letter", models.BooleanField(default=True, verbose_name="by letter")),
                        (
                            "by_relay",
                            models.BooleanField(
                                default=True, verbose_name="through an organisation"
                            ),
                        ),
                        (
                            "phone_region",
                            models.CharField(
                                default="US", max_length=2, verbose_name="country of phone numbers"
                            ),
                        ),
                        (
                            "envelope_sender",
                            models.TextField(
                                blank=True, max_length=300, verbose_name="sender on the envelope"
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
                        "verbose_name": "ways to reach reporters",
                        "verbose_name_plural": "ways to reach reporters",
                    },
                ),
                migrations.CreateModel(
                    name="Relay",
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
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("church", "Church or congregation"),
                                    ("clinic", "Clinic"),
                                    ("association", "Neighborhood association"),
                                    ("shelter", "Shelter or victim service"),
                                    ("school", "School"),
                                    ("other", "Other"),
                                ],
                                default="other",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True, verbose_name="offered on the report form"
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="places.agency",
                                verbose_name="agency",
                            ),
                        ),
                        (
                            "contact",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="people.contact",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "organisation that relays",
                        "verbose_name_plural": "organisations that relay",
                        "ordering": ["agency", "name", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_relay_belongs_to_one_agency"
                            ),
                            models.UniqueConstraint(
                                fields=("agency", "name"),
                                name="a_relay_is_listed_once",
                                violation_error_message="This organisation is on the list already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="a_relay_has_a_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactWish",
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
                            "way",
                            models.CharField(
                                choices=[
                                    ("email", "E-mail"),
                                    ("text", "Text message"),
                                    ("phone", "Phone call"),
                                    ("letter", "Letter"),
                                    ("relay", "Through someone I trust"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("in_the_morning", models.BooleanField(default=False)),
                        ("in_the_afternoon", models.BooleanField(default=False)),
                        ("in_the_evening", models.BooleanField(default=False)),
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
                                related_name="wish",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "relay",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="concerns.relay",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("relay__isnull", False), ("way", "relay")),
                                    models.Q(
                                        models.Q(("way", "relay"), _negated=True),
                                        ("relay__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_relay_is_named_exactly_when_it_is_the_way",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
