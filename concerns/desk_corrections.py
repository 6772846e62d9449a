"""Put mistyped words of a search right, by words of cases that the person may read."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import CharField, Value

from concerns.desk_words import terms_of
from concerns.models import Concern
from concerns.querysets import ConcernQuerySet
from engagement.people.models import User
from engagement.places.models import Agency

SHORTEST = 4
MOST_WORDS = 4
CANDIDATES = 6
# Nearest first; one letter wrong in a short word leaves few groups of three, so letters at the
# same distance are told apart by how long a word is.
NEAREST = """
SELECT typed.word, known.word FROM unnest(%(words)s::text[]) AS typed (word)
CROSS JOIN LATERAL (
    SELECT word FROM concerns_lexeme
    WHERE agency_id = %(agency)s::bigint AND word %% typed.word AND word <> typed.word
    ORDER BY similarity(word, typed.word) DESC, abs(length(word) - length(typed.word)), word
    LIMIT %(candidates)s
) AS known"""


@dataclass(frozen=True)
class Correction:
    """Words to search for instead, and which of the typed ones nobody wrote."""

    words: str
    unknown: tuple[str, ...]


def correction_of(words: str, *, user: User, agency: Agency) -> Correction | None:
    """Return better words for a search without hits; None when there are none. Two queries.

    Only words of cases that this person may read are offered: a word that occurs in private ones
    alone stays unsaid.
    """
    plain = _plain_words(words)
    if not plain:
        return None
    near = _nearest(plain, agency)
    readable = Concern.objects.visible_to(user).filter(agency=agency).not_held()
    there = _that_occur(readable, plain, near)
    better = {
        word: next(one for one in near[word] if one in there)
        for word in plain
        if word not in there and any(one in there for one in near.get(word, ()))
    }
    if not better:
        return None
    said = " ".join(better.get(part.casefold(), part) for part in words.split())
    return Correction(said, tuple(better))


def _plain_words(words: str) -> list[str]:
    """Words that can be mistyped: neither quoted nor unwanted, long enough, of letters."""
    found = [
        term.casefold()
        for term, is_phrase, is_unwanted in terms_of(words)
        if not is_phrase and not is_unwanted and len(term) >= SHORTEST and term.isalpha()
    ]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _nearest(words: list[str], agency: Agency) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"words": words, "agency": agency.pk, "candidates": CANDIDATES})
        for typed, known in cursor.fetchall():
            near.setdefault(typed, []).append(known)
    return near


def _that_occur(
    readable: ConcernQuerySet, words: list[str], near: dict[str, list[str]]
) -> set[str]:
    """Of typed words any form counts, of the offered ones only the word itself."""
    parts = [_marked(readable.matching(word), word) for word in words]
    offered = {one for known in near.values() for one in known}
    parts += [_marked(readable.with_the_word(word), word) for word in sorted(offered)]
    first, *others = parts
    found = first.union(*others, all=True).order_by("held") if others else first
    return {row["held"] for row in found}


def _marked(rows: ConcernQuerySet, word: str) -> Any:
    """At most one row, which says the word."""
    marked = rows.newest_first().annotate(held=Value(word, output_field=CharField()))
    return marked.values("held")[:1]
