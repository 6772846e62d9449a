"""Whether nearly the same words came before, without keeping any of them.

A text leaves eight numbers in the cache that never writes to disk, for a day: digests, under a key
that lives there too, of a sample of its words. Texts that share nine words of ten share five of
the eight on average, those that share half of their words hardly one (min-wise hashing, Broder
1997); who holds neither key nor text learns nothing from them.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable

from django.core.cache import cache

from engagement.doors.throttle import counted

DAY = 24 * 60 * 60
# So often may nearly the same words come to one agency in a day; neighbors tell of one thing.
USUAL = 5
# "Graffiti again" is what many say; so often may so few words come.
USUAL_FOR_FEW_WORDS, FEW_WORDS = 25, 4
BANDS, ROWS, SLICE = 8, 4, 4
# Of eight samples, so many must have come before: one alone also falls together by chance.
BANDS_ALIKE = 3
KEY = "likeness:key"

_WORD = re.compile(r"[^\W\d_]+")


def came_often(text: str, *, agency_id: int) -> bool:
    """Count these words for the agency; True once nearly the same came too often today."""
    words = plain_words(text)
    usual = USUAL if len(words) >= FEW_WORDS else USUAL_FOR_FEW_WORDS
    counts = [
        counted(f"likeness:{agency_id}:{band}:{digest}", seconds=DAY)
        for band, digest in enumerate(samples(words, key=_key()))
    ]
    return sum(count > usual for count in counts) >= BANDS_ALIKE


def plain_words(text: str) -> frozenset[str]:
    """The text's words without order, capitals, accents, digits and signs."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(
        _WORD.findall("".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    )


def samples(words: Iterable[str], *, key: bytes) -> list[str]:
    """Eight digests; each is of the words that four random orders put first."""
    digests = [_places(word, key) for word in words] or [bytes(BANDS * ROWS * SLICE)]
    firsts = [
        min(digest[row * SLICE : (row + 1) * SLICE] for digest in digests)
        for row in range(BANDS * ROWS)
    ]
    bands = [b"".join(firsts[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS)]
    return [hashlib.blake2b(band, key=key, digest_size=12).hexdigest() for band in bands]


def _places(word: str, key: bytes) -> bytes:
    """Where each of the random orders puts the word."""
    halves = (hashlib.blake2b(word.encode(), key=key, person=half) for half in (b"1", b"2"))
    return b"".join(half.digest() for half in halves)


def _key() -> bytes:
    fresh = secrets.token_bytes(32)
    cache.add(KEY, fresh, timeout=2 * DAY)
    found = cache.get(KEY)
    return found if isinstance(found, bytes) else fresh
