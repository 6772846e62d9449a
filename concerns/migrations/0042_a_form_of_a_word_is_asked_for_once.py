"""Ask for each form of a word once, so that the planner counts it once; and let it count anew what
the columns of the queue hold."""

from django.db import migrations

ONE_FORM_ONCE = """
CREATE OR REPLACE FUNCTION concern_word(word text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN numnode(plainto_tsquery('pg_catalog.english', word)) = 0
            OR numnode(plainto_tsquery('pg_catalog.spanish', word)) = 0
        THEN ''::tsquery
        ELSE (
            SELECT string_agg(DISTINCT form, ' | ')::tsquery
            FROM unnest(ARRAY[
                '(' || plainto_tsquery('pg_catalog.simple', word)::text || ')',
                '(' || plainto_tsquery('pg_catalog.english', word)::text || ')',
                '(' || plainto_tsquery('pg_catalog.spanish', word)::text || ')'
            ]) AS forms (form)
        )
    END
$$;
"""
EACH_FORM = """
CREATE OR REPLACE FUNCTION concern_word(word text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN numnode(plainto_tsquery('pg_catalog.english', word)) = 0
            OR numnode(plainto_tsquery('pg_catalog.spanish', word)) = 0
        THEN ''::tsquery
        ELSE plainto_tsquery('pg_catalog.simple', word)
            || plainto_tsquery('pg_catalog.english', word)
            || plainto_tsquery('pg_catalog.spanish', word)
    END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0041_results_of_steps_have_words_of_their_own")]

    operations = [
        migrations.RunSQL(ONE_FORM_ONCE, reverse_sql=EACH_FORM),
        migrations.RunSQL("ANALYZE concerns_concern", reverse_sql=migrations.RunSQL.noop),
    ]
