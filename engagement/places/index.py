"""The areas of one agency on one day, indexed in memory by shapely."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


class AreaHit(NamedTuple):
    """An area that holds a point."""

    id: int
    layer: str
    code: str
    name: str
    slug: str


class Bounds(NamedTuple):
    """A box in degrees, WGS84."""

    west: float
    south: float
    east: float
    north: float

    def padded(self, kilometres: float) -> "Bounds":
        up = kilometres / 111.2
        aside = up / max(0.01, math.cos(math.radians((self.south + self.north) / 2)))
        return Bounds(self.west - aside, self.south - up, self.east + aside, self.north + up)

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north


@dataclass(frozen=True)
class AreaIndex:
    """Polygons in a tree, each layer's smallest first, so that the first hit of a layer wins."""

    revision: int
    good_until: float
    hits: tuple[AreaHit, ...]
    shapes: tuple[BaseGeometry, ...]
    tree: shapely.STRtree
    bounds: Bounds | None
    outlines: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        areas: Iterable[tuple[AreaHit, BaseGeometry]],
        *,
        revision: int,
        good_until: float = math.inf,
    ) -> "AreaIndex":
        ordered = sorted(areas, key=lambda pair: (pair[1].area, pair[0].code, pair[0].id))
        shapes = [shape for _hit, shape in ordered]
        shapely.prepare(shapes)
        box = shapely.total_bounds(shapes) if shapes else None
        return cls(
            revision=revision,
            good_until=good_until,
            hits=tuple(hit for hit, _shape in ordered),
            shapes=tuple(shapes),
            tree=shapely.STRtree(shapes),
            bounds=None if box is None else Bounds(*map(float, box)),
        )

    def at(self, lon: float, lat: float) -> dict[str, AreaHit]:
        """Give one area per layer that holds the point, border included; the smaller wins."""
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return {}
        # The tree compares boxes only; prepared polygons then answer many times faster than
        # a predicate inside the tree, which prepares the point instead.
        near = self.tree.query(shapely.Point(lon, lat))
        found: dict[str, AreaHit] = {}
        for position in np.sort(near).tolist() if len(near) > 1 else near.tolist():
            hit = self.hits[position]
            if hit.layer not in found and shapely.intersects_xy(self.shapes[position], lon, lat):
                found[hit.layer] = hit
        return found

    def over(self, area_id: int, *, share: float) -> dict[str, AreaHit]:
        """Give, by layer, the area that covers at least `share` (0 to 1) of this one, itself
        included. A layer that splits it further is absent."""
        place = next((n for n, hit in enumerate(self.hits) if hit.id == area_id), None)
        if place is None:
            return {}
        whole = self.shapes[place]
        found = {self.hits[place].layer: self.hits[place]}
        for position in sorted(self.tree.query(whole).tolist()):
            hit = self.hits[position]
            if hit.layer not in found:
                common = self.shapes[position].intersection(whole).area
                if common >= share * whole.area:
                    found[hit.layer] = hit
        return found
