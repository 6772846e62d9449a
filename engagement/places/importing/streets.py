"""From a source to streets by name, with the corners where they meet."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from engagement.places.importing.corners import CornerPoint, corners_of
from engagement.places.importing.refusal import (
    STREET_LIMITS,
    ImportRefused,
    Limits,
    Progress,
    silent,
)
from engagement.places.importing.shapes import Reader, to_degrees
from engagement.places.importing.source import RawFeature, Source, text_of
from engagement.places.index import Bounds

MAX_NAME = 120
# About one metre: finer than any street is drawn.
DIGITS = 5
LOCAL = 5
# By the first word that fits: cities' own words, Census feature classes (MTFCC), OpenStreetMap.
_RANKS = {
    6: r"alley|ramp|service|private|driveway|parking|trail|path|foot|cycle|s1[5-9]\d\d|_link",
    1: r"interstate|motorway|freeway|expressway|s1100",
    2: r"principal|primary|trunk|highway|s1200",
    3: r"arterial|secondary|boulevard",
    4: r"collector|tertiary",
}
_ORDINAL = re.compile(r"\b(\d+)(St|Nd|Rd|Th)\b")


@dataclass(frozen=True)
class StreetLines:
    """A street: `lines` as in models.Street, its commonest class of the file, and its box."""

    name: str
    street_class: str
    lines: list[dict[str, Any]]
    bounds: Bounds


@dataclass(frozen=True)
class StreetFile:
    streets: list[StreetLines]
    corners: list[CornerPoint]


@dataclass(frozen=True)
class _Line:
    number: int
    name: str
    street_class: str
    shape: BaseGeometry


def read_streets(
    source: Source,
    *,
    name_field: str,
    class_field: str = "",
    limits: Limits = STREET_LIMITS,
    progress: Progress = silent,
) -> StreetFile:
    """Read lines, merge them by name and compute the corners. Lines without name are left out.

    What was left out or turned is added to `source.notices`. Raises ImportRefused.
    """
    in_name = source.with_field(name_field)
    in_class = source.with_field(class_field) if class_field else ""
    lines = _in_degrees(_lines(source, in_name, in_class, limits), source)
    by_name: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        by_name[line.name].append(line)
    streets = [_street(name, by_name[name]) for name in sorted(by_name)]
    corners = corners_of([line.shape for line in lines], [line.name for line in lines], progress)
    return StreetFile(streets, corners)


def rank_of(street_class: str) -> int:
    """Give how important a class of street is: 1 (motorway) to 6 (alley); 5 when unknown."""
    for rank, words in _RANKS.items():
        if re.search(words, street_class.casefold()):
            return rank
    return LOCAL


def _lines(source: Source, in_name: str, in_class: str, limits: Limits) -> list[_Line]:
    reader = Reader(limits)
    spellings: dict[str, str] = {}
    found: list[_Line] = []
    left_out = 0
    for feature in source.features:
        name = _name(feature, in_name, spellings)
        shapes = reader.lines(feature.number, feature.geometry) if feature.geometry else []
        if not name or not shapes:
            left_out += 1
            continue
        street_class = text_of(feature.properties.get(in_class))[:60] if in_class else ""
        found += [_Line(feature.number, name, street_class, shape) for shape in shapes]
    if left_out:
        source.notices.add(f"{left_out:,} lines without name or length were left out.")
    if not found:
        raise ImportRefused("The file has no named street.")
    return found


def _name(feature: RawFeature, in_name: str, spellings: dict[str, str]) -> str:
    """Give the name in the spelling in which it came first; shouted names are written normally."""
    name = text_of(feature.properties.get(in_name))
    if len(name) > MAX_NAME:
        raise ImportRefused(f"Its name is longer than {MAX_NAME} letters.", feature=feature.number)
    if name.isupper() and re.search(r"[A-Z]{4}", name):
        name = _ORDINAL.sub(lambda found: found.group(0).lower(), name.title())
    return spellings.setdefault(name.casefold(), name)


def _in_degrees(lines: list[_Line], source: Source) -> list[_Line]:
    turned = to_degrees(
        [line.shape for line in lines], [line.number for line in lines], source.crs, source.notices
    )
    rounded = [_rounded(shape) for shape in turned]
    return [
        _Line(line.number, line.name, line.street_class, shape)
        for line, shape in zip(lines, rounded, strict=True)
        if shape is not None
    ]


def _rounded(shape: BaseGeometry) -> BaseGeometry | None:
    points = np.round(shapely.get_coordinates(shape), DIGITS)
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (points[1:] != points[:-1]).any(axis=1)
    return shapely.LineString(points[kept]) if kept.sum() > 1 else None


def _street(name: str, lines: list[_Line]) -> StreetLines:
    by_rank: dict[int, list[BaseGeometry]] = defaultdict(list)
    lengths: dict[str, float] = defaultdict(float)
    for line in lines:
        by_rank[rank_of(line.street_class)].append(line.shape)
        lengths[line.street_class] += line.shape.length
    stored = [
        {"rank": rank, "points": np.round(shapely.get_coordinates(merged), DIGITS).tolist()}
        for rank in sorted(by_rank)
        for merged in _merged(by_rank[rank])
    ]
    box = shapely.total_bounds([line.shape for line in lines])
    return StreetLines(
        name=name,
        street_class=max(sorted(lengths), key=lengths.__getitem__),
        lines=stored,
        bounds=Bounds(*(round(float(edge), DIGITS) for edge in box)),
    )


def _merged(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    merged = shapely.line_merge(shapely.multilinestrings(np.array(shapes, dtype=object)))
    return list(shapely.get_parts(shapely.normalize(merged)))
