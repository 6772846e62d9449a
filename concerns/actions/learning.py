"""Learn which words occur in cases, so that a mistyped word can be put right."""

from django.db import connection, transaction

from concerns.models.lexemes import LEXEME_LIMIT

BATCH = 500
MOST_BATCHES = 40
# Words are inserted in one order, so that two sweeps never wait for each other in a ring.
LEARN = """
WITH due AS (
    DELETE FROM concerns_wordsdue WHERE id IN (
        SELECT id FROM concerns_wordsdue ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) RETURNING concern_id
), learned AS (
    INSERT INTO concerns_lexeme (agency_id, word)
    SELECT DISTINCT concern.agency_id, held.lexeme
    FROM concerns_concern AS concern, unnest(concern.search) AS held
    WHERE concern.id IN (SELECT concern_id FROM due)
        AND 'A' = ANY (held.weights) AND held.lexeme ~ %(shape)s
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM due"""


def learn_words(*, limit: int = BATCH) -> int:
    """Learn the words of up to so many cases and return of how many; sweeps may run at once."""
    shape = f"^[[:alpha:]]{{4,{LEXEME_LIMIT}}}$"
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(LEARN, {"limit": limit, "shape": shape})
        return int(cursor.fetchone()[0])


def learn_all_words() -> None:
    """Go on while cases are due, for as long as a sweep may."""
    for _batch in range(MOST_BATCHES):
        if learn_words() < BATCH:
            return
