"""Words that come as often as words do: a few all the time, most hardly ever."""

import json
from itertools import product

import numpy as np
import numpy.typing as npt

from concerns.actions.categories import usual_categories
from portal.benchmark.shape import TYPICAL_WORDS, VOCABULARY, WORD_EXPONENT
from portal.demonstration.stories import stories

ONSETS = ("b", "br", "c", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pl", "r", "s", "t", "tr")
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
ENDINGS = ("", "n", "r", "st")
SHORTEST, LONGEST = 6, 250


def real_words() -> list[str]:
    """Every word of the demonstration's stories and of the categories, most frequent first."""
    texts = [story.text for story in stories()] * 3
    texts += [json.dumps(row, ensure_ascii=False) for row in usual_categories()]
    counts: dict[str, int] = {}
    for text in texts:
        for word in "".join(c.lower() if c.isalpha() else " " for c in text).split():
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


def vocabulary() -> list[str]:
    """VOCABULARY words: real ones first, then pronounceable ones of two syllables."""
    syllables = [onset + vowel + end for onset, vowel, end in product(ONSETS, VOWELS, ENDINGS)]
    invented = (first + second for first, second in product(syllables, syllables))
    return list(dict.fromkeys([*real_words(), *(next(invented) for _ in range(VOCABULARY * 2))]))[
        :VOCABULARY
    ]


class Writer:
    """Writes texts; every one is drawn from the given source of chance."""

    def __init__(self, chance: np.random.Generator) -> None:
        self._chance = chance
        self._words = np.array(vocabulary(), dtype=object)
        weights = 1.0 / np.arange(1, len(self._words) + 1) ** WORD_EXPONENT
        self._steps = np.cumsum(weights / weights.sum())

    def texts(self, count: int) -> list[str]:
        lengths = self._chance.lognormal(np.log(TYPICAL_WORDS), 0.5, count)
        return self._texts(np.clip(lengths, SHORTEST, LONGEST).astype(int))

    def lines(self, count: int, words: int = 8) -> list[str]:
        return self._texts(np.full(count, words))

    def _texts(self, lengths: npt.NDArray[np.int64]) -> list[str]:
        places = np.searchsorted(self._steps, self._chance.random(int(lengths.sum())))
        drawn = self._words[np.minimum(places, len(self._words) - 1)]
        ends = np.cumsum(lengths)
        return [
            " ".join(drawn[end - length : end]).capitalize() + "."
            for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
        ]
