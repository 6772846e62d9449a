"""Work is handed on to organisations outside, and what they answer is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagement.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0027_open_work_is_counted_by_triggers"),
        ("groups", "0002_links_stay_inside_the_agency"),
        ("places", "0005_house_numbers_raise_the_revision"),
        ("published", "0012_what_waits_says_for_whom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="concernphoto",
            name="by_party",
            field=models.CharField(
                choices=[
                    ("staff", "The police"),
                    ("reporter", "The reporter"),
                    ("clock", "This site, by time"),
                    ("partner", "Who it was handed to"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="statuschange",
            name="by_party",
            field=models.CharField(
                choices=[
                    ("staff", "The police"),
                    ("reporter", "The reporter"),
                    ("clock", "This site, by time"),
                    ("partner", "Who it was handed to"),
                ],
                max_length=10,
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="Handoff",
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
                        ("reference", models.CharField(max_length=16, unique=True)),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("account", "In their own account here"),
                                    ("link", "By a link in a mail, without an account"),
                                    ("mail", "By a mail that they answer"),
                                    ("open311", "By Open311, from server to server"),
                                    ("form", "By a form on their own site"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("brief", models.TextField(max_length=2000)),
                        ("asked", models.TextField(max_length=2000)),
                        (
                            "precision",
                            models.CharField(
                                choices=[
                                    ("street", "Near this place on the street"),
                                    ("block", "Somewhere in this block"),
                                    ("area", "Somewhere in this area"),
                                    ("none", "No place"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("place_label", models.CharField(blank=True, default="", max_length=200)),
                        ("lon", models.FloatField(null=True)),
                        ("lat", models.FloatField(null=True)),
                        ("due_on", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("offered", "Offered"),
                                    ("accepted", "Taken on"),
                                    ("done", "Finished"),
                                    ("given_back", "Given back"),
                                    ("lapsed", "Not answered in time"),
                                    ("withdrawn", "Taken back by us"),
                                ],
                                default="offered",
                                max_length=12,
                            ),
                        ),
                        ("number", models.CharField(blank=True, default="", max_length=64)),
                        ("status", models.CharField(blank=True, default="", max_length=200)),
                        ("sent_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("reminded_on", models.DateField(null=True)),
                        ("mailings", models.PositiveSmallIntegerField(default=1)),
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
                                related_name="handoffs",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handoffs",
                                to="groups.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["accepted", "offered"])),
                                fields=["due_on", "id"],
                                name="handoffs_under_way_by_day",
                            ),
                            models.Index(
                                condition=models.Q(("state", "lapsed")),
                                fields=["agency", "id"],
                                name="handoffs_that_lapsed",
                            ),
                            models.Index(
                                fields=["organisation", "-id"], name="handoffs_of_an_organisation"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_handoff_belongs_to_one_agency"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("lat__isnull", False),
                                        ("lon__isnull", False),
                                        ("precision__in", ["street", "block"]),
                                    ),
                                    models.Q(
                                        ("lat__isnull", True),
                                        ("lon__isnull", True),
                                        ("precision__in", ["area", "none"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_handoff_has_an_anchor_unless_it_shows_an_area_or_nothing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", True),
                                        ("state__in", ["accepted", "offered"]),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("state__in", ["accepted", "offered"]), _negated=True
                                        ),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_handoff_says_when_it_ended_exactly_when_it_has",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandoffEntry",
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
                            "said",
                            models.CharField(
                                choices=[
                                    ("accepted", "Accepted it"),
                                    ("answered", "Answered"),
                                    ("done", "Said that it is done"),
                                    ("given_back", "Gave it back"),
                                    ("numbered", "Told their number or status"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("account", "with their account"),
                                    ("link", "with the link that they were sent"),
                                    ("mail", "by mail, unverified"),
                                    ("server", "from their server"),
                                    ("staff", "typed in by the police"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("text", models.TextField(blank=True, default="", max_length=5000)),
                        ("at", models.DateTimeField()),
                        ("digest", models.BinaryField(max_length=32, null=True)),
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
                            "handoff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to="concerns.handoff",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("handoff", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"),
                                name="a_handoff_entry_belongs_to_one_agency",
                            ),
                            models.UniqueConstraint(
                                fields=("handoff", "digest"), name="the_same_mail_is_one_answer"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandoffLink",
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
                            "use",
                            models.CharField(
                                choices=[
                                    ("page", "Opens the page"),
                                    ("reply", "Takes an answer by mail"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("digest", models.BinaryField(max_length=32, unique=True)),
                        ("expires_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "handoff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="concerns.handoff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_handoff_link_belongs_to_one_agency"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutsideRequest",
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
                        ("service_code", models.CharField(max_length=80)),
                        ("service_name", models.CharField(max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "About to be filed"),
                                    ("sending", "Being filed"),
                                    ("unsure", "The line broke: it may have been filed or not"),
                                    ("numberless", "Filed; their number comes later"),
                                    ("filed", "Filed"),
                                    ("refused", "Their server refused it"),
                                    ("closed", "Closed there"),
                                ],
                                default="waiting",
                                max_length=12,
                            ),
                        ),
                        ("token", models.CharField(blank=True, default="", max_length=120)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("looks", models.PositiveSmallIntegerField(default=0)),
                        ("last_code", models.CharField(blank=True, default="", max_length=20)),
                        ("try_at", models.DateTimeField(null=True)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "handoff",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outside_request",
                                to="concerns.handoff",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("try_at__isnull", False)),
                                fields=["try_at"],
                                name="outside_requests_to_ask_about",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("try_at__isnull", True),
                                    (
                                        "state__in",
                                        ["filed", "numberless", "sending", "unsure", "waiting"],
                                    ),
                                    _connector="OR",
                                ),
                                name="only_an_outside_request_that_is_asked_about_has_a_next_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutsideService",
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
                        ("code", models.CharField(max_length=80)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="services",
                                to="groups.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("organisation", "name", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "code"),
                                name="an_outside_service_is_listed_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Referral",
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
                        ("to_name", models.CharField(max_length=120)),
                        ("with_contact", models.BooleanField(default=False)),
                        ("words", models.TextField(max_length=5000)),
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
                            "arrived",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="came_from",
                                to="concerns.concern",
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
                                related_name="referrals",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("concern", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("to_name", ""), _negated=True),
                                name="a_referral_says_to_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnedPhoto",
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
                        ("width", models.PositiveSmallIntegerField()),
                        ("height", models.PositiveSmallIntegerField()),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="concerns.handoffentry",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("entry", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="SharedPhoto",
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
                            "handoff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shared_photos",
                                to="concerns.handoff",
                            ),
                        ),
                        (
                            "photo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="published.publicphoto",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("handoff", "photo"), name="a_handoff_shares_a_photo_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactConsent",
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
                        ("asked_on", models.DateField()),
                        ("is_given", models.BooleanField(null=True)),
                        ("answered_on", models.DateField(null=True)),
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
                                related_name="contact_consents",
                                to="concerns.concern",
                            ),
                        ),
                        (
                            "to_agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("concern", "to_agency"),
                                name="a_reporter_is_asked_once_for_an_agency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_on__isnull", True), ("is_given__isnull", True)
                                    ),
                                    models.Q(
                                        ("answered_on__isnull", False), ("is_given__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_consent_says_when_it_was_answered_exactly_when_it_is",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
