"""Short references that survive the telephone: Crockford base32 with a check symbol.

The check symbol makes the weighted sum of all symbols zero in the field GF(32). The weights are
distinct powers of a primitive element, so one wrong symbol and two swapped symbols always show.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST = 31  # the weights repeat after 31 symbols
GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212_]+")
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


class BadReference(ValueError):
    """The text is no reference of ours: wrong letters, wrong length or a failed check."""


def mint(*, length: int = 9) -> str:
    """`length` random symbols and one check symbol, for example "7K3M9QXT2C".

    At least one symbol is a letter, so that no reference is taken for a telephone number.
    """
    if not 1 <= length < LONGEST:
        raise ValueError(f"length must be 1 to {LONGEST - 1}")
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(length))
        reference = body + check_symbol(body)
        if not reference.isdigit():
            return reference


def normalise(text: str) -> str:
    """The reference as it is stored, from what a person typed. Raises BadReference."""
    symbols = canonical(text)
    if not 2 <= len(symbols) <= LONGEST:
        raise BadReference("a reference has 2 to 31 symbols")
    if _weighted_sum(symbols) != 0:
        raise BadReference("the check symbol does not fit")
    return symbols


def spaced(reference: str) -> str:
    """Groups of four joined by a dash, for reading aloud: "7K3M-9QXT-2C"."""
    return "-".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def canonical(text: str) -> str:
    """Upper case without gaps, O read as 0, I and L as 1. Raises BadReference on other letters."""
    if len(text) > 200:
        raise BadReference("this is too long to be a reference")
    symbols = GAPS.sub("", text).upper().translate(LOOKALIKES)
    if not symbols or any(symbol not in ALPHABET for symbol in symbols):
        raise BadReference("a reference has only digits and letters without I, L, O and U")
    return symbols


def check_symbol(body: str) -> str:
    """The symbol that, put behind `body`, makes the weighted sum zero (its own weight is 1)."""
    return ALPHABET[_weighted_sum(body + "0")]


def _weighted_sum(symbols: str) -> int:
    """Horner's rule with the primitive element x (the number 2): the last symbol weighs 1."""
    total = 0
    for symbol in symbols:
        total <<= 1
        if total & 0b100000:
            total ^= FIELD_POLYNOMIAL
        total ^= ALPHABET.index(symbol)
    return total
