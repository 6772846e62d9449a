"""Where streets meet: at shared points, at crossings, and where one ends beside another."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from engagement.places.importing.refusal import ImportRefused, Progress, silent
from engagement.places.importing.shapes import chunks

METRES_PER_DEGREE = 111_195.0
# Lines of cities end a little before or after the street that they meet.
REACH_METRES = 4.0
# The carriageways of one wide street meet another within this; it is one corner to people.
SAME_CORNER_METRES = 60.0
# A real street meets a handful of others; a file with more pairs than this is no street map.
MAX_PAIRS_PER_LINE = 60
MAX_MEETINGS = 500
CELL_METRES = 10.0
PIECE_POINTS = 32


@dataclass(frozen=True)
class CornerPoint:
    """Two street names in alphabetical order and where they meet, in degrees."""

    street_a: str
    street_b: str
    lon: float
    lat: float


def corners_of(
    lines: Sequence[BaseGeometry], names: Sequence[str], progress: Progress = silent
) -> list[CornerPoint]:
    """Find where lines (degrees) of different names meet; nearby meetings of a pair are one corner.

    Raises ImportRefused when far more lines meet than streets can.
    """
    if not lines:
        return []
    middle = float(np.mean([lat for line in lines for _lon, lat in line.coords[:1]]))
    scale = np.array([np.cos(np.radians(middle)), 1.0]) * METRES_PER_DEGREE
    flat, owners = _pieces(lines, names, scale)
    met: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for one, other, x, y in _meetings(flat, owners, progress):
        met[min(one, other), max(one, other)].append((x, y))
    return [
        CornerPoint(*pair, round(float(x / scale[0]), 6), round(float(y / scale[1]), 6))
        for pair in sorted(met)
        for x, y in _distinct(met[pair])
    ]


def _pieces(
    lines: Sequence[BaseGeometry], names: Sequence[str], scale: NDArray[np.float64]
) -> tuple[NDArray[np.object_], list[str]]:
    """Cut lines into short pieces in metres: two long zigzags could meet in billions of points."""
    pieces: list[BaseGeometry] = []
    owners: list[str] = []
    for line, name in zip(lines, names, strict=True):
        points = shapely.get_coordinates(line) * scale
        for at in range(0, len(points) - 1, PIECE_POINTS):
            pieces.append(shapely.LineString(points[at : at + PIECE_POINTS + 1]))
            owners.append(name)
    return np.array(pieces, dtype=object), owners


def _meetings(
    lines: NDArray[np.object_], names: Sequence[str], progress: Progress
) -> Iterator[tuple[str, str, float, float]]:
    tree = shapely.STRtree(lines)
    name_numbers = np.unique(np.array(names), return_inverse=True)[1]
    pairs = 0
    for chunk in chunks(len(lines), 50):
        local, others = tree.query(
            lines[chunk.start : chunk.stop], predicate="dwithin", distance=REACH_METRES
        )
        pairs += len(others)
        if pairs > MAX_PAIRS_PER_LINE * len(lines) + 1000:
            raise ImportRefused("Far more lines meet each other than streets would.")
        ones = local + chunk.start
        wanted = (ones < others) & (name_numbers[ones] != name_numbers[others])
        for one, other, x, y in _where(lines, ones[wanted], others[wanted]):
            yield names[one], names[other], x, y
        progress("corners", chunk.stop, len(lines))


def _where(
    lines: NDArray[np.object_], ones: NDArray[np.int64], others: NDArray[np.int64]
) -> Iterator[tuple[int, int, float, float]]:
    """Give the points (metres) where lines cross or, when they only come near, the nearest."""
    shared = shapely.intersection(lines[ones], lines[others])
    apart = shapely.is_empty(shared)
    shared[apart] = shapely.shortest_line(lines[ones[apart]], lines[others[apart]])
    for one, other, place, is_apart in zip(
        ones.tolist(), others.tolist(), shared.tolist(), apart.tolist(), strict=True
    ):
        if place.geom_type == "Point":
            yield one, other, place.x, place.y
            continue
        points = shapely.get_coordinates(place)
        # Streets may run along one another for a while; each point of that stretch will do.
        for x, y in [points.mean(axis=0)] if is_apart else points:
            yield one, other, float(x), float(y)


def _distinct(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join points closer than SAME_CORNER_METRES; each group is stood for by its most central."""
    # One of each cell is enough, and a stretch of shared road has hundreds of points.
    cells = {(int(x // CELL_METRES), int(y // CELL_METRES)): (x, y) for x, y in sorted(points)}
    if len(cells) > MAX_MEETINGS:
        raise ImportRefused("Far more lines meet each other than streets would.")
    groups: list[list[tuple[float, float]]] = []
    for point in sorted(cells.values()):
        near = [
            group
            for group in groups
            if any(_distance(point, member) <= SAME_CORNER_METRES for member in group)
        ]
        joined = [member for group in near for member in group] + [point]
        groups = [group for group in groups if group not in near] + [joined]
    return sorted(_central(group) for group in groups)


def _central(group: list[tuple[float, float]]) -> tuple[float, float]:
    middle = (
        sum(x for x, _y in group) / len(group),
        sum(y for _x, y in group) / len(group),
    )
    return min(group, key=lambda member: (round(_distance(member, middle), 3), member))


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
