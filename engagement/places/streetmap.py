"""The streets of one agency in memory: lines to draw, names and corners to find."""

import math
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from engagement.places.names import StreetName, parts

Tile = tuple[int, int, int]
# What only an address file knows is no main road.
SIDE_STREET = 5


class Drawn(NamedTuple):
    """One line to draw; `rank` runs from 1 (motorway) to 6 (alley)."""

    name: str
    rank: int


class NamedStreet(NamedTuple):
    name: str
    parts: StreetName
    rank: int
    length: float
    lon: float
    lat: float


@dataclass(frozen=True)
class StreetMap:
    """Made once per street revision; `tiles` fills as phones ask."""

    revision: int
    drawn: tuple[Drawn, ...]
    lines: NDArray[np.object_]
    tree: shapely.STRtree
    by_core: dict[str, list[NamedStreet]]
    cores: tuple[str, ...]
    corners: dict[tuple[str, str], list[tuple[float, float]]]
    good_until: float = math.inf
    tiles: "OrderedDict[Tile, dict[str, Any]]" = field(default_factory=OrderedDict)

    @classmethod
    def of(
        cls,
        streets: Iterable[tuple[str, list[dict[str, Any]]]],
        corners: Iterable[tuple[str, str, float, float]],
        addressed: Iterable[tuple[str, float, float]] = (),
        *,
        revision: int,
    ) -> "StreetMap":
        """`addressed` are streets that have house numbers: name and middle."""
        drawn: list[Drawn] = []
        lines: list[shapely.LineString] = []
        by_core: dict[str, list[NamedStreet]] = defaultdict(list)
        for name, stored in streets:
            own = [shapely.LineString(line["points"]) for line in stored]
            ranks = [int(line["rank"]) for line in stored]
            drawn += [Drawn(name, rank) for rank in ranks]
            lines += own
            street = _named(name, min(ranks), own)
            by_core[street.parts.core].append(street)
        for name, lon, lat in addressed:
            split = parts(name)
            if all(split != street.parts for street in by_core.get(split.core, ())):
                where = round(lon, 6), round(lat, 6)
                by_core[split.core].append(NamedStreet(name, split, SIDE_STREET, 0.0, *where))
        met: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for street_a, street_b, lon, lat in corners:
            met[street_a, street_b].append((lon, lat))
        array = np.array(lines, dtype=object)
        return cls(
            revision=revision,
            drawn=tuple(drawn),
            lines=array,
            tree=shapely.STRtree(array),
            by_core=dict(by_core),
            cores=tuple(by_core),
            corners=dict(met),
        )

    def meetings(self, one: str, other: str) -> list[tuple[float, float]]:
        """Give the corners (lon, lat) of two streets by their full names."""
        return self.corners.get((one, other) if one < other else (other, one), [])


def _named(name: str, rank: int, lines: list[shapely.LineString]) -> NamedStreet:
    """Take as middle of a street the point halfway along its lines, counted from the west."""
    lengths = [line.length for line in lines]
    left = sum(lengths) / 2
    middle = shapely.Point(lines[0].coords[0])
    for line, length in sorted(
        zip(lines, lengths, strict=True), key=lambda pair: pair[0].centroid.coords[0]
    ):
        middle = line.interpolate(min(left, length))
        left -= length
        if left <= 0:
            break
    where = round(middle.x, 6), round(middle.y, 6)
    return NamedStreet(name, parts(name), rank, sum(lengths), *where)
