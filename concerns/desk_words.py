"""Words that staff search by, as one question to the database. Pure: nothing is asked here.

A case is found by words as they were written and by their stems, English and Spanish, so that
"walls" finds "wall" and "paredes" finds "pared". Which language a word is of nobody needs to say:
each is asked for as written and in both languages. Words that are in nearly every text, such as
"the" or "que", are left out, in the SQL function `concern_word`.
"""

import re

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BigIntegerField, BooleanField, F, Func, Value
from django.db.models.functions import Cast

WORDS_LIMIT = 200
MOST_TERMS = 12

_TERM = re.compile(r'(-?)"([^"]*)"|(\S+)')
_HAS_LETTER = re.compile(r"\w")


class _All(Func):
    arg_joiner = " && "
    template = "(%(expressions)s)"
    output_field = SearchQueryField()


class _Holds(Func):
    """`vector @@ query`, a condition; the query is made of constants, so that it can be planned."""

    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Term(Func):
    output_field = SearchQueryField()

    def __init__(self, words: str, *, is_phrase: bool, is_unwanted: bool) -> None:
        super().__init__(
            Value(words),
            function="concern_phrase" if is_phrase else "concern_word",
            template=("(!! " if is_unwanted else "(") + "%(function)s(%(expressions)s))",
        )


def terms_of(words: str) -> list[tuple[str, bool, bool]]:
    """Return (term, is a phrase, is unwanted): "quoted words" stand together, -word must not
    appear. At most 12."""
    found = []
    for minus, phrase, word in _TERM.findall(words[:WORDS_LIMIT]):
        is_phrase = not word
        is_unwanted = minus == "-" or word.startswith("-")
        term = phrase if is_phrase else word.lstrip("-")
        if _HAS_LETTER.search(term):
            found.append((term, is_phrase, is_unwanted))
    return found[:MOST_TERMS]


def holds(words: str) -> Func | None:
    """Return the condition that a case has these words; None when there is nothing to look for."""
    terms = [
        _Term(term, is_phrase=is_phrase, is_unwanted=is_unwanted)
        for term, is_phrase, is_unwanted in terms_of(words)
    ]
    return _Holds(F("search"), _All(*terms)) if terms else None


def holds_exactly(word: str) -> Func:
    """Return the condition that somebody wrote just this word in a case, not only its stem."""
    exactly = Func(Value(word), function="concern_exact_word", output_field=SearchQueryField())
    return _Holds(F("search"), exactly)


def wide(number: int) -> Cast:
    """A row number as the index of words compares it: a plain one is taken for a smaller type,
    and the index would then be read for all agencies."""
    return Cast(Value(number), BigIntegerField())
