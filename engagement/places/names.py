"""Street names as people type them, taken apart. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

DIRECTIONS = {
    "n": "n", "north": "n", "norte": "n",
    "s": "s", "south": "s", "so": "s", "sur": "s",
    "e": "e", "east": "e", "este": "e",
    "w": "w", "west": "w", "oeste": "w",
    "ne": "ne", "northeast": "ne", "nw": "nw", "northwest": "nw",
    "se": "se", "southeast": "se", "sw": "sw", "southwest": "sw",
    "nb": "n", "sb": "s", "eb": "e", "wb": "w",
}  # fmt: skip
# The commonest street suffixes (USPS Publication 28, appendix C1) and what people write for them.
_TYPES = {
    "aly": "alley ally", "ave": "avenue av aven avenida", "blvd": "boulevard boul boulv bl bulevar",
    "br": "bridge", "cir": "circle circ crcl", "ct": "court crt", "cts": "courts", "cv": "cove",
    "cres": "crescent", "dr": "drive driv drv", "expy": "expressway expy exp", "ext": "extension",
    "fwy": "freeway frwy", "hts": "heights", "hwy": "highway hiway hwy", "jct": "junction",
    "lndg": "landing", "ln": "lane", "loop": "loops", "mall": "", "mnr": "manor", "park": "",
    "pkwy": "parkway pky pkway parkwy", "pass": "", "path": "paths", "pike": "pikes",
    "pl": "place plz plaza", "pt": "point", "rdg": "ridge", "rd": "road carretera", "row": "",
    "run": "", "sq": "square sqr", "st": "street str strt calle", "ter": "terrace terr",
    "trce": "trace", "trl": "trail trls", "trwy": "throughway", "tpke": "turnpike", "vw": "view",
    "walk": "walks", "way": "wy", "xing": "crossing",
}  # fmt: skip
TYPES = {word: short for short, others in _TYPES.items() for word in (short, *others.split())}

_JOINTS = re.compile(r"\s*(?:&|/|@|\+|\\|,|;|\b(?:and|at|y|con|esq|esquina|x)\b)\s*")
_OPENINGS = re.compile(
    r"^(?:(?:the|near|by|on|in front of|the corner of|corner of|corner|intersection of|esquina de|"
    r"la esquina de|cruce de|cerca de)\s+)+"
)
_HOUSE = re.compile(
    r"^(\d{1,6})(?:-\d{1,6})?[a-z]?\s+(?:(?:blk|block|cuadra)\s+)?(?:(?:of|de)\s+)?(?=\S)"
)
# Straight, curly, grave and acute apostrophes, and full stops.
_WITHIN_WORDS = re.compile("['\u2019`\u00b4.]")
_ORDINAL_WORDS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
    "eleventh": "11th", "twelfth": "12th", "thirteenth": "13th", "fourteenth": "14th",
    "fifteenth": "15th", "sixteenth": "16th", "seventeenth": "17th", "eighteenth": "18th",
    "nineteenth": "19th", "twentieth": "20th",
}  # fmt: skip
_ABBREVIATED = {"mlk": "martin luther king", "jfk": "john f kennedy", "mt": "mount", "ft": "fort"}


class StreetName(NamedTuple):
    """A name without its direction and type: "S Grand Blvd" is core "grand", "s", "blvd"."""

    core: str
    direction: str
    kind: str


def plain(text: str) -> str:
    """Give the text in lower case, single-spaced, without accents; joints like "&" stay."""
    # Twice: taking letters apart can bring up capitals, and lowering them can join letters.
    decomposed = unicodedata.normalize("NFKD", text)
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    letters = _WITHIN_WORDS.sub("", letters)
    return " ".join(re.sub(r"[^\w\s&/@+\\,;-]", " ", letters).split())


def parts(name: str) -> StreetName:
    """Take a street name apart; what is left as core is never empty unless the name was.

    The last word is a type only when something stands before it, so that "Saint Louis" and
    "Park" stay names; "St" in front means Saint.
    """
    words = re.sub(r"[^\w]+", " ", plain(name)).split()
    direction = kind = ""
    if len(words) > 1 and words[0] in DIRECTIONS and not _is_only_a_type(words[1:]):
        direction = DIRECTIONS[words.pop(0)]
    if len(words) > 1 and words[-1] in DIRECTIONS:
        direction = direction or DIRECTIONS[words[-1]]
        words.pop()
    if len(words) > 1 and words[-1] in TYPES:
        kind = TYPES[words.pop()]
    if len(words) > 1 and words[0] == "st":
        words[0] = "saint"
    return StreetName(" ".join(_spelled_out(words)), direction, kind)


def key_of(name: StreetName) -> str:
    """One text for a street however it is spelled: "S Grand Blvd" and "South Grand" + "blvd"."""
    return "|".join(name)


def joined(text: str) -> list[str]:
    """Split what was typed at "&", "and", "at", "/" and the like into the streets that it joins."""
    opened = _OPENINGS.sub("", plain(text))
    return [piece for piece in (part.strip(" -") for part in _JOINTS.split(opened)) if piece]


def without_house_number(text: str) -> tuple[str, str]:
    """Give (house number or "", the rest): "3500 S Grand" and "3500 block of S Grand" alike.

    "4th St" and "39 St" begin with a name, not with a house number.
    """
    found = _HOUSE.match(text)
    if not found:
        return "", text
    rest = text[found.end() :]
    if all(word in TYPES for word in rest.split()):
        return "", text
    return found.group(1), rest


def _is_only_a_type(words: list[str]) -> bool:
    """ "West Ave" and "N St" are called West and N; "S Park Ave" is a Park Avenue."""
    return len(words) == 1 and words[0] in TYPES


def _spelled_out(words: list[str]) -> Iterator[str]:
    """Write "39" as 39th, "I-70" as Interstate 70 and "MLK" in full, as maps write them."""
    for place, word in enumerate(words):
        before_number = place + 1 < len(words) and words[place + 1].isdigit()
        if word == "i" and before_number:
            yield "interstate"
        else:
            yield _ABBREVIATED.get(word, _ordinal(word) if place == 0 else word)


def _ordinal(word: str) -> str:
    if word in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[word]
    if word.isdigit() and len(word) <= 3:
        return word + _ending(int(word))
    return word


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
