"""References by the hundred thousand: valid, all different, and the same for the same seed."""

import numpy as np
import numpy.typing as npt

from engagement.keys.references import ALPHABET, FIELD_POLYNOMIAL

SYMBOLS = 9
BITS = 5 * SYMBOLS
LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
# Odd numbers, so that counting times one of them meets every value once before it repeats.
STRIDES = (22_541_398_757_377, 30_101_999_204_741, 11_903_742_016_823)

Numbers = npt.NDArray[np.int64]


def references(first: int, count: int, *, series: int, seed: int) -> list[str]:
    """`count` references from number `first` on, shaped like those of keys.references.mint."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    mixed = (numbers * np.uint64(STRIDES[series]) + np.uint64(seed * 7_919)) % np.uint64(1 << BITS)
    body = np.stack(
        [(mixed >> np.uint64(5 * place)) & np.uint64(31) for place in range(SYMBOLS)], axis=1
    ).astype(np.int64)
    symbols = np.concatenate([body, _check_symbols(body)[:, None]], axis=1)
    return [row.tobytes().decode("ascii") for row in LETTERS[symbols]]


def _check_symbols(
    body: "np.ndarray[tuple[int, int], np.dtype[np.int64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    total = np.zeros(len(body), dtype=np.int64)
    for column in [*body.T, np.zeros(len(body), dtype=np.int64)]:
        total <<= 1
        total ^= np.where(total & 0b100000, FIELD_POLYNOMIAL, 0)
        total ^= column
    return total
