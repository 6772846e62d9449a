"""Street lines in map tiles (the usual 256 px web mercator scheme), light enough for a phone."""

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from engagement.places.index import Bounds
from engagement.places.models import Agency
from engagement.places.queries.streetmaps import street_map
from engagement.places.streetmap import StreetMap, Tile

MIN_ZOOM = 9
MAX_ZOOM = 16
KEPT_TILES = 2000
# The lowest rank (1 motorway to 6 alley) that is still drawn at a zoom.
FAINTEST = {9: 1, 10: 2, 11: 2, 12: 3, 13: 4, 14: 5, 15: 6, 16: 6}
# Names are drawn along lines only where they can be read.
FIRST_NAMED = {1: 12, 2: 13, 3: 14, 4: 15, 5: 15, 6: 16}


class NoSuchTile(Exception):
    """The tile lies outside the zooms or the world."""


def street_tile(agency: Agency, z: int, x: int, y: int) -> dict[str, Any]:
    """Give the streets of one tile.

    {"lines": [[rank, name, [lon, lat, lon, lat, ...]], ...]}: rank 1 (motorway) to 6 (alley),
    name "" where it would not be readable, degrees rounded to about half a pixel, most
    important last so that they are painted on top. The answer is shared: do not change it.
    Raises NoSuchTile below MIN_ZOOM, above MAX_ZOOM or off the world.
    """
    if not (MIN_ZOOM <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NoSuchTile(f"{z}/{x}/{y}")
    streets = street_map(agency)
    tile = (z, x, y)
    found = streets.tiles.get(tile)
    if found is None:
        found = streets.tiles[tile] = _cut(streets, tile)
        if len(streets.tiles) > KEPT_TILES:
            streets.tiles.popitem(last=False)
    return found


def tile_of(lon: float, lat: float, z: int) -> Tile:
    """Give the tile (z, x, y) that holds a point in degrees."""
    size: int = 2**z
    x = int((lon + 180) / 360 * size)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size)
    return z, min(max(x, 0), size - 1), min(max(y, 0), size - 1)


def _tile_bounds(tile: Tile) -> Bounds:
    z, x, y = tile
    size = 2**z

    def lat(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / size))))

    return Bounds(x / size * 360 - 180, lat(y + 1), (x + 1) / size * 360 - 180, lat(y))


def _cut(streets: StreetMap, tile: Tile) -> dict[str, Any]:
    z = tile[0]
    box = _tile_bounds(tile)
    pixel = 360 / 256 / 2**z
    near = np.sort(streets.tree.query(shapely.box(*box)))
    near = near[[streets.drawn[index].rank <= FAINTEST[z] for index in near.tolist()]]
    # A stroke is a few pixels wide: cut a little outside, or tiles would show seams.
    margin = 6 * pixel
    cut = shapely.clip_by_rect(
        shapely.simplify(streets.lines[near], pixel / 2, preserve_topology=False),
        box.west - margin,
        box.south - margin,
        box.east + margin,
        box.north + margin,
    )
    lines = []
    for index, piece in zip(near.tolist(), cut, strict=True):
        street = streets.drawn[index]
        name = street.name if z >= FIRST_NAMED[street.rank] else ""
        lines += [[street.rank, name, points] for points in _points(piece, z)]
    lines.sort(key=lambda line: -line[0])
    return {"lines": lines}


def _points(piece: Any, z: int) -> list[list[float]]:
    digits = 4 if z <= 12 else 5
    pieces: NDArray[np.object_] = shapely.get_parts(piece)
    drawn = []
    for part in pieces:
        rounded = np.round(shapely.get_coordinates(part), digits)
        kept = np.ones(len(rounded), dtype=bool)
        kept[1:] = (rounded[1:] != rounded[:-1]).any(axis=1)
        if kept.sum() > 1:
            drawn.append(rounded[kept].ravel().tolist())
    return drawn
