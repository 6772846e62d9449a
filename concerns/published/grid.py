"""The cells in which the map counts: squares in degrees, each four of the next finer zoom. Pure.

Places are whole millionths of a degree, so that sums never drift.
"""

from concerns.published.anchors import DIGITS

PER_DEGREE: int = 10**DIGITS
# Moved so that no place is negative: the database divides towards zero, not downwards.
EAST: int = 180 * PER_DEGREE
NORTH: int = 90 * PER_DEGREE
FINEST = 15
# About 60 of the 256 pixels that the world takes at zoom 0, at the finest zoom.
CELL = 2_575
# Kept in the database; the zooms between and below are added up from the next finer one.
KEPT = (11, 13, FINEST)
# From here on every anchor is a mark of its own.
STREET_ZOOM = FINEST + 1


def kept_for(zoom: int) -> int:
    """The kept zoom whose cells add up to those of `zoom`, which is below STREET_ZOOM."""
    return next(kept for kept in KEPT if kept >= zoom)


def column(lon: float, zoom: int) -> int:
    """Number of the cell, counted from west, that holds a longitude in degrees."""
    return ((round(lon * PER_DEGREE) + EAST) // CELL) // (1 << (FINEST - zoom))


def row(lat: float, zoom: int) -> int:
    """Number of the cell, counted from south, that holds a latitude in degrees."""
    return ((round(lat * PER_DEGREE) + NORTH) // CELL) // (1 << (FINEST - zoom))
