"""Words of notes, the newest message, and which words are still to be learned follow by
themselves; what belongs to saved filters stays inside the agency."""

from django.db import migrations

# As much of the newest notes as a search vector surely holds.
NOTES = """
CREATE FUNCTION keep_words_of_notes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.concern_id ELSE NEW.concern_id END;
BEGIN
    UPDATE concerns_concern
    SET note_words = note_words(left(coalesce((
        SELECT string_agg(note.text, ' ' ORDER BY note.id DESC)
        FROM concerns_note AS note WHERE note.concern_id = which
    ), ''), 100000))
    WHERE id = which;
    RETURN NULL;
END $$;
CREATE TRIGGER words_of_notes AFTER INSERT OR DELETE OR UPDATE OF text, concern_id
ON concerns_note FOR EACH ROW EXECUTE FUNCTION keep_words_of_notes();
"""
NO_NOTES = """
DROP TRIGGER words_of_notes ON concerns_note;
DROP FUNCTION keep_words_of_notes();
"""

MESSAGES = """
CREATE FUNCTION keep_last_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE concerns_concern SET last_message = NEW.id
    WHERE id = NEW.concern_id AND last_message < NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER last_message AFTER INSERT ON concerns_reply
FOR EACH ROW EXECUTE FUNCTION keep_last_message();
"""
NO_MESSAGES = """
DROP TRIGGER last_message ON concerns_reply;
DROP FUNCTION keep_last_message();
"""

# New words are learned by a sweep: two reports with the same new word, learned as they arrive,
# would wait for each other. A word that goes, because text was removed, is forgotten at once when
# no other case of the agency holds it.
LEARNING = """
CREATE FUNCTION note_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO concerns_wordsdue (agency_id, concern_id) SELECT agency_id, id FROM arrived;
    RETURN NULL;
END $$;
CREATE FUNCTION note_changed_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone text[] := tsvector_to_array(
        CASE WHEN TG_OP = 'DELETE' THEN OLD.search
        ELSE ts_delete(OLD.search, tsvector_to_array(NEW.search)) END
    );
BEGIN
    DELETE FROM concerns_lexeme AS known
    WHERE known.agency_id = OLD.agency_id AND known.word = ANY (gone) AND NOT EXISTS (
        SELECT FROM concerns_concern AS other
        WHERE other.agency_id = known.agency_id AND other.id <> OLD.id
            AND other.search @@ concern_exact_word(known.word)
    );
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO concerns_wordsdue (agency_id, concern_id) VALUES (NEW.agency_id, NEW.id);
    ELSE
        DELETE FROM concerns_wordsdue WHERE concern_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_words AFTER INSERT ON concerns_concern
REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION note_new_words();
CREATE TRIGGER changed_words AFTER UPDATE OF text, place_text, note_words ON concerns_concern
FOR EACH ROW WHEN (OLD.search IS DISTINCT FROM NEW.search)
EXECUTE FUNCTION note_changed_words();
CREATE TRIGGER gone_words AFTER DELETE ON concerns_concern
FOR EACH ROW EXECUTE FUNCTION note_changed_words();
"""
NO_LEARNING = """
DROP TRIGGER gone_words ON concerns_concern;
DROP TRIGGER changed_words ON concerns_concern;
DROP TRIGGER new_words ON concerns_concern;
DROP FUNCTION note_changed_words();
DROP FUNCTION note_new_words();
"""

# What stands already.
CATCH_UP = """
UPDATE concerns_concern AS concern SET last_message = said.newest
FROM (SELECT concern_id, max(id) AS newest FROM concerns_reply GROUP BY concern_id) AS said
WHERE said.concern_id = concern.id;
UPDATE concerns_concern AS concern SET note_words = note_words(left(noted.words, 100000))
FROM (
    SELECT concern_id, string_agg(text, ' ' ORDER BY id DESC) AS words
    FROM concerns_note GROUP BY concern_id
) AS noted WHERE noted.concern_id = concern.id;
INSERT INTO concerns_lexeme (agency_id, word)
SELECT DISTINCT concern.agency_id, held.lexeme
FROM concerns_concern AS concern, unnest(concern.search) AS held
WHERE 'A' = ANY (held.weights) AND held.lexeme ~ '^[[:alpha:]]{4,40}$'
ON CONFLICT DO NOTHING;
"""

LINKS = [
    ("concerns_savedfilter", "filter_of_a_team_of_its_agency", "team_id", "concerns_team"),
    ("concerns_filteruse", "use_of_a_filter_of_its_agency", "saved_id", "concerns_savedfilter"),
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
    dependencies = [("concerns", "0024_words_orders_and_filters_of_the_queue")]

    operations = [
        migrations.RunSQL(CATCH_UP, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(NOTES, reverse_sql=NO_NOTES),
        migrations.RunSQL(MESSAGES, reverse_sql=NO_MESSAGES),
        migrations.RunSQL(LEARNING, reverse_sql=NO_LEARNING),
        *[link(*row) for row in LINKS],
    ]
