"""How numbers of another system look, as an administrator writes it: `26-######`. Pure.

Not a regular expression: nobody at a desk reads those, and some of them take an hour to say no.
A mask becomes one of fixed length with at most three optional parts, so it always answers at once.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

MASK_LIMIT = 40
NUMBER_LIMIT = 40
MOST_MASKS = 5
MOST_OPTIONAL = 3
CLASSES = {"#": "[0-9]", "@": "[A-Z]", "*": "[A-Z0-9]"}
# What any number may hold where an agency has not said how its own look.
ANY_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./_-]{0,39}")


class BadMask(ValueError):
    """The mask cannot be read; `reason` is one of "too_long", "too_many", "parentheses",
    "no_sign", "sign"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def masks_in(text: str) -> list[str]:
    """Return the masks of a text, one on each line. Raises BadMask."""
    masks = [line.strip().upper() for line in text.splitlines() if line.strip()]
    if len(masks) > MOST_MASKS:
        raise BadMask("too_many")
    for mask in masks:
        _pattern(mask)
    return masks


def normalised_number(text: str) -> str:
    """Return a number as it is stored: capitals, single spaces, without invisible signs."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text[: NUMBER_LIMIT * 4])
    return " ".join(seen.upper().split())


def fits(number: str, masks: Iterable[str]) -> bool:
    """Tell whether a normalised number looks like one of the masks; without masks, like any."""
    if not number or len(number) > NUMBER_LIMIT:
        return False
    known = list(masks)
    if not known:
        return ANY_NUMBER.fullmatch(number) is not None
    return any(_pattern(mask).fullmatch(number) for mask in known)


@lru_cache(maxsize=256)
def _pattern(mask: str) -> re.Pattern[str]:
    if len(mask) > MASK_LIMIT:
        raise BadMask("too_long")
    if not set(mask) & set(CLASSES):
        raise BadMask("no_sign")
    parts, is_inside, optional = [], False, 0
    for sign in mask:
        if sign in "()":
            if (sign == "(") is is_inside:
                raise BadMask("parentheses")
            is_inside, optional = sign == "(", optional + (sign == "(")
            parts.append("(?:" if is_inside else ")?")
        elif not sign.isascii() or not sign.isprintable():
            raise BadMask("sign")
        else:
            parts.append(CLASSES.get(sign) or re.escape(sign))
    if is_inside or optional > MOST_OPTIONAL:
        raise BadMask("parentheses")
    return re.compile("".join(parts))
