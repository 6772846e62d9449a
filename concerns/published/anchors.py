"""The fixed places that stand for a point in public. Pure.

An anchor is one of a set that was there before any report, and many points share it. Nothing
random is added: noise averages out over many reports of one place, an anchor does not.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

# From a point (degrees) to the middle of the block that holds it, None where none does.
BlockAt = Callable[[float, float], tuple[float, float] | None]

STREET_METRES = 50.0
BLOCK_METRES = 500.0
METRES_PER_DEGREE = 111_320.0
DIGITS = 6

# From fine to coarse.
STREET, BLOCK, AREA = "street", "block", "area"
COARSENESS = {STREET: 0, BLOCK: 1, AREA: 2}


@dataclass(frozen=True)
class Anchor:
    """Where the public sees something; `lon` and `lat` (degrees, WGS84) are None for an area."""

    precision: str
    lon: float | None = None
    lat: float | None = None


def anchor_for(
    *,
    visibility: str,
    lon: float | None,
    lat: float | None,
    is_private: bool,
    block_at: BlockAt | None = None,
) -> Anchor | None:
    """Return the anchor that stands for a point, or None where the public sees no place.

    `visibility` is the category's: street, block, area, count or never. A private place (a home,
    private land) is never shown finer than its block. Without a point only an area can be shown.
    `block_at` knows the blocks of an agency with addresses; where too few live to make one, the
    area is shown. Without it a block is a cell of the 500 m grid.
    """
    if visibility not in COARSENESS:
        return None
    if lon is None or lat is None or visibility == AREA:
        return Anchor(AREA)
    if visibility == BLOCK or is_private:
        return _block(lon, lat, block_at)
    return Anchor(STREET, *nearest(lon, lat, metres=STREET_METRES))


def _block(lon: float, lat: float, block_at: BlockAt | None) -> Anchor:
    if block_at is None:
        return Anchor(BLOCK, *nearest(lon, lat, metres=BLOCK_METRES))
    middle = block_at(lon, lat)
    return Anchor(BLOCK, *middle) if middle else Anchor(AREA)


def nearest(lon: float, lat: float, *, metres: float) -> tuple[float, float]:
    """Return the nearest point of the grid whose lines lie `metres` apart.

    Rows are parallels; along each row the step in degrees follows from the row alone, so the
    grid is the same whichever point asks.
    """
    row_step = metres / METRES_PER_DEGREE
    row = round(lat / row_step) * row_step
    column_step = row_step / max(0.01, math.cos(math.radians(row)))
    column = round(lon / column_step) * column_step
    return round(column, DIGITS), round(row, DIGITS)
