"""From a source to the areas of one layer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.text import slugify
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from engagement.places.importing.refusal import (
    AREA_LIMITS,
    ImportRefused,
    Limits,
    Progress,
    silent,
)
from engagement.places.importing.repair import repaired
from engagement.places.importing.shapes import Reader, plain, to_degrees
from engagement.places.importing.source import RawFeature, Source, text_of
from engagement.places.index import Bounds

MAX_NAME = 120
MAX_CODE = 60


@dataclass(frozen=True)
class AreaShape:
    """One area of a file: `geometry` is a GeoJSON Polygon or MultiPolygon in degrees."""

    code: str
    name: str
    geometry: dict[str, Any]
    bounds: Bounds


@dataclass(frozen=True)
class _Named:
    number: int
    code: str
    name: str


def read_areas(
    source: Source,
    *,
    layer: str,
    name_field: str,
    code_field: str = "",
    limits: Limits = AREA_LIMITS,
    progress: Progress = silent,
) -> list[AreaShape]:
    """Read every feature as an area; features of one code become one area of several parts.

    Without a code field the name is the code. Repairs are added to `source.notices`.
    Raises ImportRefused.
    """
    named = _names(source, layer, name_field, code_field)
    shapes = _degrees(source, limits)
    parts: dict[str, list[BaseGeometry]] = {}
    first: dict[str, _Named] = {}
    for done, (area, polygons) in enumerate(zip(named, shapes, strict=True), start=1):
        shape, was_broken = repaired(polygons, number=area.number)
        if was_broken:
            source.notices.add(f"Feature {area.number} ({area.name}) crossed itself: repaired.")
        if area.code in first:
            source.notices.add(
                f"Feature {area.number} ({area.name}) has the code of feature"
                f" {first[area.code].number}: joined into one area."
            )
        first.setdefault(area.code, area)
        parts.setdefault(area.code, []).append(shape)
        progress("areas", done, len(named))
    return [_area_shape(area, parts[code]) for code, area in first.items()]


def _degrees(source: Source, limits: Limits) -> list[list[BaseGeometry]]:
    reader = Reader(limits)
    raw = [reader.polygons(feature.number, feature.geometry) for feature in source.features]
    numbers = [
        feature.number
        for feature, polygons in zip(source.features, raw, strict=True)
        for _polygon in polygons
    ]
    flat = [polygon for polygons in raw for polygon in polygons]
    turned = iter(to_degrees(flat, numbers, source.crs, source.notices))
    return [[next(turned) for _polygon in polygons] for polygons in raw]


def _names(source: Source, layer: str, name_field: str, code_field: str) -> list[_Named]:
    in_name = source.with_field(name_field)
    in_code = source.with_field(code_field) if code_field else ""
    return [_named(feature, layer, in_name, in_code, source) for feature in source.features]


def _named(feature: RawFeature, layer: str, in_name: str, in_code: str, source: Source) -> _Named:
    number = feature.number
    name = text_of(feature.properties.get(in_name))
    code = text_of(feature.properties.get(in_code)) if in_code else ""
    if in_code and not code:
        raise ImportRefused(f"It has no code in the field “{in_code}”.", feature=number)
    if not name:
        name = f"Area {code or number} (no name in file)"
        source.notices.add(f"Feature {number} has no name: called “{name}”.")
    # "1" alone tells nobody anything; "District 1" does.
    shown = f"{layer_word(layer)} {name}" if name.isdigit() else name
    code = code or slugify(name)[:MAX_CODE].strip("-") or f"area-{number}"
    if len(shown) > MAX_NAME:
        raise ImportRefused(f"Its name is longer than {MAX_NAME} letters.", feature=number)
    if len(code) > MAX_CODE:
        raise ImportRefused(f"Its code is longer than {MAX_CODE} letters.", feature=number)
    return _Named(number, code, shown)


def layer_word(layer: str) -> str:
    """Give the layer as the first word of a name: "patrol-division" is "Patrol division"."""
    return layer.replace("-", " ").replace("_", " ").capitalize()


def _area_shape(area: _Named, parts: Iterable[BaseGeometry]) -> AreaShape:
    several = list(parts)
    whole = several[0] if len(several) == 1 else shapely.normalize(shapely.union_all(several))
    geometry = mapping(whole)
    return AreaShape(
        code=area.code,
        name=area.name,
        geometry={"type": geometry["type"], "coordinates": plain(geometry["coordinates"])},
        bounds=Bounds(*(round(float(edge), 6) for edge in whole.bounds)),
    )
