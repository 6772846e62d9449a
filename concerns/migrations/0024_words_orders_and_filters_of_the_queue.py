"""Staff search notes too, by stems; the queue has orders with indexes, and keeps filters."""

import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import concerns.workflow
from engagement.migrating import CreateModels

# How words become what is searched, and how what is typed becomes a question. Words as they were
# written carry weight A, so that a mistyped word is put right only by one that somebody wrote;
# stems carry none. These functions say the same for ever about the same words, as a column that
# is made of them must.
WORDS = """
CREATE FUNCTION concern_words(
    words text, place text, reference text, language text, notes tsvector
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(
            to_tsvector('pg_catalog.simple', words || ' ' || place || ' ' || reference), 'A'
        )
        || to_tsvector(
            CASE language
                WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
                ELSE 'pg_catalog.english'::regconfig
            END,
            words || ' ' || place
        )
        || notes
$$;
CREATE FUNCTION note_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.simple', words), 'A')
        || to_tsvector('pg_catalog.english', words)
        || to_tsvector('pg_catalog.spanish', words)
$$;
CREATE FUNCTION concern_word(word text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN numnode(plainto_tsquery('pg_catalog.english', word)) = 0
            OR numnode(plainto_tsquery('pg_catalog.spanish', word)) = 0
        THEN ''::tsquery
        ELSE plainto_tsquery('pg_catalog.simple', word)
            || plainto_tsquery('pg_catalog.english', word)
            || plainto_tsquery('pg_catalog.spanish', word)
    END
$$;
CREATE FUNCTION concern_phrase(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT phraseto_tsquery('pg_catalog.simple', words) $$;
CREATE FUNCTION concern_exact_word(word text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT to_tsquery('pg_catalog.simple', quote_literal(word) || ':A') $$;
"""
NO_WORDS = """
DROP FUNCTION concern_exact_word(text);
DROP FUNCTION concern_phrase(text);
DROP FUNCTION concern_word(text);
DROP FUNCTION note_words(text);
DROP FUNCTION concern_words(text, text, text, text, tsvector);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0023_rules_and_routes_stay_inside_the_agency"),
        ("places", "0005_house_numbers_raise_the_revision"),
        ("published", "0011_figures_are_released_and_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(sql=WORDS, reverse_sql=NO_WORDS),
        CreateModels(
            [
                migrations.CreateModel(
                    name="SavedFilter",
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
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("wanted", models.JSONField()),
                        ("sort", models.CharField(max_length=12)),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.agency",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="concerns.team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved filter",
                        "verbose_name_plural": "saved filters",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("team__isnull", False)),
                                fields=["agency", "team"],
                                name="filters_of_a_team",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("agency"),
                                models.F("made_by"),
                                django.db.models.functions.text.Lower("name"),
                                name="nobody_gives_two_filters_one_name",
                            ),
                            models.UniqueConstraint(
                                fields=("agency", "id"), name="a_saved_filter_belongs_to_one_agency"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FilterUse",
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
                        ("is_pinned", models.BooleanField(default=False)),
                        ("tell_at", models.PositiveSmallIntegerField(null=True)),
                        ("seen_id", models.BigIntegerField(default=0)),
                        ("told", models.PositiveIntegerField(default=0)),
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
                        (
                            "saved",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uses",
                                to="concerns.savedfilter",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("tell_at__isnull", False)),
                                fields=["id"],
                                name="filters_that_tell",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "saved"), name="a_filter_is_used_by_somebody_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tell_at__isnull", True), ("tell_at__gte", 1), _connector="OR"
                                ),
                                name="somebody_is_told_of_at_least_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lexeme",
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
                        ("word", models.CharField(max_length=40)),
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
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["agency", "word"],
                                name="words_alike_of_an_agency",
                                opclasses=["int8_ops", "gin_trgm_ops"],
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "word"), name="a_word_is_known_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QueueLook",
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
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=12), size=None
                            ),
                        ),
                        ("has_map", models.BooleanField(default=False)),
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
                                fields=("user", "agency"),
                                name="the_queue_looks_one_way_to_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WordsDue",
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
                            "concern",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="concerns.concern",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "words due",
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="concern",
            name="due_by",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        state="received",
                        then=django.db.models.functions.comparison.Coalesce(
                            django.db.models.functions.comparison.Least(
                                "acknowledge_by", "resolve_by"
                            ),
                            datetime.date(9999, 12, 31),
                        ),
                    ),
                    models.When(
                        state__in=["accepted", "working"],
                        then=django.db.models.functions.comparison.Coalesce(
                            "resolve_by", datetime.date(9999, 12, 31)
                        ),
                    ),
                    default=datetime.date(9999, 12, 31),
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="last_message",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="concern",
            name="note_words",
            field=django.contrib.postgres.search.SearchVectorField(
                db_default=models.Value(""), default="", editable=False
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="urgency",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(priority="urgent", then=3),
                    models.When(priority="high", then=2),
                    models.When(priority="normal", then=1),
                    default=0,
                ),
                output_field=models.SmallIntegerField(),
            ),
        ),
        migrations.RemoveIndex(model_name="concern", name="concern_words_of_an_agency"),
        migrations.RemoveField(model_name="concern", name="search"),
        migrations.AddField(
            model_name="concern",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "text",
                    "place_text",
                    "staff_reference",
                    "language",
                    "note_words",
                    function="concern_words",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["agency", "search"], name="concern_words_of_an_agency"
            ),
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
                    )
                ),
                fields=["agency", "due_by", "id"],
                name="open_work_by_due_day",
            ),
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
                    )
                ),
                fields=["agency", "-urgency", "-received_on", "-id"],
                name="open_work_most_urgent",
            ),
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
                    )
                ),
                fields=["agency", "-last_message", "-id"],
                name="open_work_last_message",
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["owner", "-received_on", "-id"],
                name="concerns_of_an_officer",
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                fields=["agency", "language", "-received_on", "-id"], name="concerns_in_a_language"
            ),
        ),
    ]
