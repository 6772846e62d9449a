"""Repairing polygons that touch or cross themselves."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from engagement.places.importing.refusal import ImportRefused
from engagement.places.importing.shapes import chunks

# Honest drawing errors cross a few times; thousands of crossings would take hours to untangle.
MAX_CROSSINGS = 2_000
# About 10 cm.
GRID = 1e-6


def repaired(polygons: list[BaseGeometry], *, number: int) -> tuple[BaseGeometry, bool]:
    """Make one valid Polygon or MultiPolygon of a feature's polygons; say whether it was broken.

    The result lies on a grid of about 10 cm. Raises ImportRefused when nothing with an area
    is left or it crosses itself beyond repair.
    """
    was_valid = all(polygon.is_valid for polygon in polygons)
    sound = [_untangled(polygon, number) for polygon in polygons]
    whole = sound[0] if len(sound) == 1 else shapely.union_all(sound)
    on_grid = shapely.set_precision(whole, GRID)
    areal = _areal(on_grid)
    if not areal:
        raise ImportRefused("It has no area.", feature=number)
    shape = areal[0] if len(areal) == 1 else shapely.MultiPolygon(areal)
    return shapely.normalize(shape), not was_valid


def _untangled(polygon: BaseGeometry, number: int) -> BaseGeometry:
    if polygon.is_valid:
        return polygon
    if _crossings(polygon) > MAX_CROSSINGS:
        raise ImportRefused("It crosses itself too often to be repaired.", feature=number)
    parts = _areal(shapely.make_valid(polygon, method="structure", keep_collapsed=False))
    return shapely.MultiPolygon(parts)


def _areal(shape: BaseGeometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if isinstance(part, shapely.Polygon) and part.area > 0]


def _crossings(polygon: BaseGeometry) -> int:
    """Count pairs of edges whose boxes meet, beyond neighbours; stops counting at the limit."""
    rings = shapely.get_rings(polygon)
    pairs = [shapely.get_coordinates(ring) for ring in rings]
    starts = np.vstack([points[:-1] for points in pairs])
    ends = np.vstack([points[1:] for points in pairs])
    edges = np.array(shapely.linestrings(np.stack([starts, ends], axis=1)), dtype=object)
    tree = shapely.STRtree(edges)
    found = 0
    for chunk in chunks(len(edges), 10):
        met = tree.query(edges[chunk.start : chunk.stop], predicate="crosses")
        found += met.shape[1]
        if found > 2 * MAX_CROSSINGS:
            break
    return found // 2
