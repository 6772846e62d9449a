"""Nearly the same words are noticed; words that neighbors have in common are not."""

import random

import pytest
from django.core.cache import cache

from concerns import likeness

FLYER = (
    "Cheap roof repair in your neighborhood, call Tony today and save a lot of money before the "
    "winter storms arrive"
)


@pytest.fixture(autouse=True)
def _same_key() -> None:
    """The samples are of chance; here they are the same in each run."""
    cache.set(likeness.KEY, b"k" * 32)


@pytest.mark.parametrize(
    "other",
    [
        FLYER.upper(),
        FLYER + " 555 0100",
        FLYER.replace("Tony", "Tóny").replace(",", " -"),
        FLYER.replace("Cheap", "Good"),
        " ".join(reversed(FLYER.split())),
    ],
    ids=["capitals", "numbers", "accents and signs", "another word", "another order"],
)
def test_nearly_the_same_words_are_noticed(other: str) -> None:
    for _each in range(likeness.USUAL):
        assert not likeness.came_often(FLYER, agency_id=1)
    assert likeness.came_often(other, agency_id=1)


def test_other_words_and_other_agencies_are_not_counted_with_them() -> None:
    for _each in range(20):
        likeness.came_often(FLYER, agency_id=1)

    told = "A dark van has been parked on our street since Monday and people sit in it all night"
    assert not likeness.came_often(told, agency_id=1)
    assert not likeness.came_often(FLYER, agency_id=2)


def test_a_whole_street_may_say_graffiti_again() -> None:
    assert not any(likeness.came_often("Graffiti again", agency_id=1) for _each in range(20))


def test_words_that_share_half_are_told_apart() -> None:
    """Two hundred reports of one kind, each half of the same words, half of its own."""
    common = "somebody painted the wall of our house at night again and again"
    chance = random.Random(4)
    letters = "abcdefghijklmnop"
    own = [["".join(chance.sample(letters, 6)) for _word in range(11)] for _report in range(200)]
    suspected = [likeness.came_often(f"{common} {' '.join(words)}", agency_id=1) for words in own]
    assert sum(suspected) < 4


@pytest.mark.privacy
def test_the_cache_holds_no_word_of_it() -> None:
    words = "quetzal pangolin okapi axolotl"
    likeness.came_often(words, agency_id=1)
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    kept = b"".join(
        key + (client.get(key) or b"") for key in client.scan_iter(f"*{cache.key_prefix}*")
    )
    assert b"likeness" in kept
    assert not any(word.encode() in kept for word in words.split())


@pytest.mark.parametrize("text", ["", "12345 !!", "\0", "😀" * 50, "ي" * 5000, "a " * 2500])
def test_any_text_has_samples(text: str) -> None:
    assert len(likeness.samples(likeness.plain_words(text), key=b"k")) == likeness.BANDS
