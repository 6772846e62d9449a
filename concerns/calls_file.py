"""Reads one row of the nightly file of calls: a call or a reason comes out. Pure.

A reason names the column and never what stood in it: the file holds places and kinds of calls.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase

from concerns.number_masks import NUMBER_LIMIT, normalised_number

BIGGEST_FILE = 50 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_CELL = 400
KIND_LIMIT, BLOCK_LIMIT, STREET_LIMIT = 80, 120, 60
DAY_SHAPES = ("%m/%d/%Y", "%m/%d/%y", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y")
EARLIEST = date(1990, 1, 1)
# Signs with which a spreadsheet begins a formula; kept out here, so that no later page or file
# has to think of it.
FORMULA = "=+-@\t\r"
# What stands around the name of a street in a block: "3400 BLOCK OF S UTAH ST", "34XX Utah St".
AROUND = frozenset(
    (
        "block", "blk", "of", "the",
        "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west",
        "st", "street", "ave", "av", "avenue", "blvd", "boulevard", "rd", "road", "dr", "drive",
        "ln", "lane", "ct", "court", "pl", "place", "pkwy", "parkway", "ter", "terrace", "way",
        "cir", "circle", "hwy", "highway", "aly", "alley", "sq", "square",
    )
)  # fmt: skip
HOUSE = re.compile(r"\d+[x\d]*|x+")
LEADING_HOUSE = re.compile(r"\d+\b")


class BadRow(ValueError):
    """The row cannot be read; `column` is the field that is missing or wrong: "number", "date",
    "cells" or "long"."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True)
class Call:
    number: str
    on: date
    kind: str
    block: str
    street: str
    disposition: str


def read_call(values: Mapping[str, str], *, today: date) -> Call:
    """Turn the mapped cells of a row into a call. Raises BadRow."""
    number = normalised_number(values.get("number", ""))
    if not number or len(number) > NUMBER_LIMIT or number[0] in FORMULA:
        raise BadRow("number")
    on = read_day(values.get("date", ""))
    if on is None or not EARLIEST <= on <= today:
        raise BadRow("date")
    block = plain(values.get("block", ""), BLOCK_LIMIT)
    return Call(
        number=number,
        on=on,
        kind=plain(values.get("type", ""), KIND_LIMIT),
        block=hundred_block(block),
        street=street_of(block),
        disposition=plain(values.get("disposition", ""), KIND_LIMIT),
    )


def read_day(text: str) -> date | None:
    """The day of a cell, whatever time stands behind it; None when it is none."""
    word = (text.strip()[:LONGEST_CELL].replace("T", " ").split() or [""])[0]
    try:
        return date.fromisoformat(word)
    except ValueError:
        pass
    for shape in DAY_SHAPES:
        try:
            return datetime.strptime(word, shape).date()  # noqa: DTZ007 only its day is taken
        except ValueError:
            continue
    return None


def plain(text: str, limit: int) -> str:
    """One line without invisible signs, that no spreadsheet takes for a formula."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text[: limit * 4])
    return " ".join(seen.split()).lstrip(FORMULA + " ")[:limit]


def hundred_block(block: str) -> str:
    """The block without its house, as some exports give the exact number, which is not wanted
    here: "3412 Utah St" becomes "3400 Utah St"; "18th St" stays."""
    found = LEADING_HOUSE.match(block)
    if found is None:
        return block
    return f"{found.group()[:-2]}00{block[found.end() :]}"


def street_of(block: str) -> str:
    """The street of a block as it is compared: "3400 BLOCK S UTAH ST" is "utah"; "" for none."""
    words = re.findall(r"[^\W_]+", block.casefold())
    kept = [word for word in words if word not in AROUND and not HOUSE.fullmatch(word)]
    return " ".join(kept)[:STREET_LIMIT]


def category_of(kind: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    """The category code that a kind of call fits, "" when no pair does; None without any pairs,
    when the kind says nothing."""
    if not pairs:
        return None
    folded = kind.casefold()
    return next((code for pattern, code in pairs if fnmatchcase(folded, pattern)), "")
