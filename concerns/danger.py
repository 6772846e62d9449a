"""Words that mean somebody should call now: found on this machine, by a list, the same each time.

Pure. `static/js/danger.js` finds the same phrases in the same words while somebody types.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Where help comes from, the most pressing first.
LINES = (
    "danger",
    "crisis",
    "child",
    "adult",
    "school",
    "domestic",
    "sexual",
    "crime_tip",
)
# A gap in a phrase stands for so many words at most.
GAP = 3
# Enough for "no one has been"; a "no" further away speaks of something else.
DENIAL_REACH = 4

Choices = frozenset[str]
# One word with the ways to read it, in a clause of such words.
Clause = list[tuple[str, ...]]
ANY: Choices = frozenset("*")
UNSEEN = ("Mn", "Me", "Cf")

_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4\u02bc]")
_CLAUSE_ENDS = re.compile('[.,;:!?()\u00a1\u00bf\u2026\u2014\u2013"\u201c\u201d\u00ab\u00bb]+')
_WORD = re.compile(r"[^\W_]+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_DENIALS = frozenset(
    _WORD.findall(
        "no not nobody none never without isnt arent wasnt werent hasnt havent hadnt dont doesnt "
        "didnt aint nadie nunca jamas sin ningun ninguna ninguno ni tampoco"
    )
)
# Words that may stand between a "no" and what it denies. Any other word ends its reach: in
# "I am not safe he has a gun" the gun is not denied.
_LINKS = frozenset(
    _WORD.findall(
        "one is was are were be been being has have had got getting get gets a an the any there "
        "hay hubo habia esta estan estaba estaban fue fueron ha han sido es son un una unos unas "
        "el la los las lo se me le les tiene tienen tenia"
    )
)


@dataclass(frozen=True)
class Phrase:
    """One phrase of a line as an administrator wrote it.

    `he/she hit me` stands for either word, `has * gun` for up to three words more, and `strangl*`
    for every word that begins so.
    """

    line: str
    text: str


@dataclass(frozen=True)
class Match:
    line: str
    phrase: str


def found(text: str, phrases: Iterable[Phrase]) -> tuple[Match, ...]:
    """Give the phrases that stand in the text, the most pressing line first.

    Accents, capitals, apostrophes and letters held down do not matter; words are whole words.
    What is plainly denied ("nobody is hurt") does not count.
    """
    read = Reading(text)
    matches = [Match(phrase.line, phrase.text) for phrase in phrases if read.says(phrase.text)]
    return tuple(sorted(matches, key=lambda match: LINES.index(match.line)))


def lines_of(matches: Iterable[Match]) -> list[str]:
    """Lines by urgency, each once."""
    met = {match.line for match in matches}
    return [line for line in LINES if line in met]


def plain(text: str) -> str:
    """Without capitals, accents, apostrophes and invisible signs; typographic forms as letters."""
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.lower()))
    return "".join(sign for sign in bare if unicodedata.category(sign) not in UNSEEN)


def clauses_of(text: str) -> Iterator[list[str]]:
    """The words between two ends of a clause; a line end alone ends none."""
    for clause in _CLAUSE_ENDS.split(plain(text)):
        words = _WORD.findall(clause)
        if words:
            yield words


@lru_cache(maxsize=10_000)
def elements_of(phrase: str) -> tuple[Choices, ...]:
    """One element for each word of the phrase: what may stand there, ANY for a gap.

    It begins and ends with a word; a phrase without any word gives nothing.
    """
    parts = [frozenset(filter(None, map(_choice, part.split("/")))) for part in phrase.split()]
    elements = [part for part in parts if part]
    while elements and elements[0] == ANY:
        elements.pop(0)
    while elements and elements[-1] == ANY:
        elements.pop()
    return tuple(elements)


def _choice(word: str) -> str:
    bare = "".join(_WORD.findall(plain(word)))
    return bare + "*" if word.strip().endswith("*") else bare


def _forms(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Each word, and where a letter was held down also with that letter twice and once."""
    return [
        (word, _LONG_RUN.sub(r"\1\1", word), _LONG_RUN.sub(r"\1", word))
        if _LONG_RUN.search(word)
        else (word,)
        for word in words
    ]


class Reading:
    """A text taken apart once, to look for many phrases."""

    def __init__(self, text: str) -> None:
        self._clauses = [_forms(clause) for clause in clauses_of(text)]
        self._places: dict[str, list[tuple[int, int]]] = {}
        for number, clause in enumerate(self._clauses):
            for at, forms in enumerate(clause):
                for form in forms:
                    self._places.setdefault(form, []).append((number, at))

    def says(self, phrase: str) -> bool:
        """Whether the phrase stands somewhere undenied."""
        elements = elements_of(phrase)
        return bool(elements) and any(
            _matches(self._clauses[number], at, elements)
            and not _is_denied(self._clauses[number], at)
            for number, at in self._starts(elements[0])
        )

    def _starts(self, choices: Choices) -> Iterator[tuple[int, int]]:
        """Where the first word of a phrase stands."""
        for choice in choices:
            if choice.endswith("*"):
                for form, places in self._places.items():
                    if form.startswith(choice[:-1]):
                        yield from places
            else:
                yield from self._places.get(choice, ())


def _matches(clause: Clause, at: int, elements: Sequence[Choices]) -> bool:
    if not elements:
        return True
    head, rest = elements[0], elements[1:]
    if head == ANY:
        return any(_matches(clause, at + more, rest) for more in range(GAP + 1))
    return at < len(clause) and _fits(clause[at], head) and _matches(clause, at + 1, rest)


def _fits(forms: tuple[str, ...], choices: Choices) -> bool:
    return any(
        form.startswith(choice[:-1]) if choice.endswith("*") else form == choice
        for form in forms
        for choice in choices
    )


def _is_denied(clause: Clause, start: int) -> bool:
    """Whether a "no" stands before the phrase, with nothing but small words between."""
    for forms in reversed(clause[max(0, start - DENIAL_REACH) : start]):
        if forms[0] in _DENIALS:
            return True
        if forms[0] not in _LINKS:
            return False
    return False
