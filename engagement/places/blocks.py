"""Cutting a city into cells that hold enough addresses to hide one among them. Pure.

A place shown as "the block" must stand for many homes, and always by the same point. Cells come
from halving fixed squares at their middles, never at the addresses themselves: which houses there
are decides only how far the halving goes.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely

from engagement.places.index import Bounds

# Fewer house numbers than this hide nobody.
FEWEST = 10
# Squares to start from, and the side below which no cell is cut further.
WIDEST_METRES = 4000.0
NARROWEST_METRES = 125.0
METRES_PER_DEGREE = 111_320.0
DIGITS = 6


class House(NamedTuple):
    """One house number, however many homes it has."""

    lon: float
    lat: float


class Cell(NamedTuple):
    """A part of the map, the point that stands for all of it, and its house numbers.

    Edges in degrees; west and south belong to it. The point is the middle of the half, quarter
    and so on in which all of its houses lie.
    """

    bounds: Bounds
    lon: float
    lat: float
    numbers: int


def cells_of(houses: Iterable[House]) -> list[Cell]:
    """Cut the city so that every cell holds at least ten of the house numbers.

    A square is halved across and along wherever both halves still hold ten. Places in no cell
    have too few houses around them to be shown as a block.
    """
    squares: dict[tuple[int, int], list[House]] = defaultdict(list)
    for house in houses:
        squares[_square(house)].append(house)
    found: list[Cell] = []
    for square in sorted(squares):
        if len(squares[square]) >= FEWEST:
            edges = _edges(*square)
            found += _halved(edges, edges, squares[square])
    return found


@dataclass(frozen=True)
class Blocks:
    """The cells of one agency in memory; made once per revision of its streets and addresses."""

    revision: int
    cells: tuple[Cell, ...]
    tree: shapely.STRtree
    good_until: float = math.inf

    @classmethod
    def of(cls, cells: Iterable[Cell], *, revision: int) -> "Blocks":
        kept = tuple(cells)
        edges = np.array([cell.bounds for cell in kept], dtype=float).reshape(-1, 4)
        boxes = shapely.box(*edges.T)
        return cls(revision=revision, cells=kept, tree=shapely.STRtree(boxes))

    def anchor(self, lon: float, lat: float) -> tuple[float, float] | None:
        """The point of the cell that holds a point; None where too few live to hide one."""
        for position in self.tree.query(shapely.Point(lon, lat)).tolist():
            cell = self.cells[position]
            edges = cell.bounds
            if edges.west <= lon < edges.east and edges.south <= lat < edges.north:
                return cell.lon, cell.lat
        return None


def _square(house: House) -> tuple[int, int]:
    row = math.floor(house.lat / _row_step())
    return row, math.floor(house.lon / _column_step(row))


def _edges(row: int, column: int) -> Bounds:
    step = _column_step(row)
    return Bounds(column * step, row * _row_step(), (column + 1) * step, (row + 1) * _row_step())


def _row_step() -> float:
    return WIDEST_METRES / METRES_PER_DEGREE


def _column_step(row: int) -> float:
    """Degrees of longitude: the same for a whole row, so that its squares meet edge to edge."""
    middle = (row + 0.5) * _row_step()
    return _row_step() / max(0.01, math.cos(math.radians(middle)))


def _halved(cell: Bounds, focus: Bounds, houses: list[House]) -> Iterator[Cell]:
    """`focus` is the part of the cell in which all of its houses lie; it is what is halved."""
    for axis in _axes(focus):
        at = (focus[axis] + focus[axis + 2]) / 2
        below = [house for house in houses if house[axis] < at]
        if not below or len(below) == len(houses):
            # Nobody lives in one half: its places keep the point of the other.
            yield from _halved(cell, _side(focus, axis, at, is_low=bool(below)), houses)
            return
        above = [house for house in houses if house[axis] >= at]
        if len(below) >= FEWEST and len(above) >= FEWEST:
            for part, is_low in ((below, True), (above, False)):
                yield from _halved(
                    _side(cell, axis, at, is_low=is_low),
                    _side(focus, axis, at, is_low=is_low),
                    part,
                )
            return
    lon, lat = (focus.west + focus.east) / 2, (focus.south + focus.north) / 2
    yield Cell(cell, round(lon, DIGITS), round(lat, DIGITS), len(houses))


def _axes(focus: Bounds) -> list[int]:
    """The sides that may be cut further, the longer first: 0 is across, 1 is along."""
    high = (focus.north - focus.south) * METRES_PER_DEGREE
    middle = math.radians((focus.north + focus.south) / 2)
    wide = (focus.east - focus.west) * METRES_PER_DEGREE * math.cos(middle)
    sides = sorted(((wide, 0), (high, 1)), reverse=True)
    return [axis for metres, axis in sides if metres > NARROWEST_METRES * 1.5]


def _side(cell: Bounds, axis: int, at: float, *, is_low: bool) -> Bounds:
    edges = list(cell)
    edges[axis + 2 if is_low else axis] = at
    return Bounds(*edges)
