"""Boundaries and streets of two invented neighboring cities, drawn by arithmetic alone.

Cedar Bend lies west of an invented river, Eastfield on its far bank. Nothing here is copied from a
real map: streets are a grid with a few diagonals, cut off at the river, with parks left open.
All shapes are GeoJSON in WGS84 lon, lat; distances inside this module are meters from a corner.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

ORIGIN_LON, ORIGIN_LAT = -92.2000, 38.4000
METERS_PER_LAT = 110_996.0
METERS_PER_LON = 111_320.0 * math.cos(math.radians(ORIGIN_LAT))

WIDTH, HEIGHT = 5_200.0, 4_400.0
AVENUE_STEP, STREET_STEP = 200.0, 130.0

Feature = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class City:
    """One invented city: GeoJSON feature lists, ready for the importers' own doors."""

    districts: list[Feature]
    neighborhoods: list[Feature]
    streets: list[Feature]


AVENUES = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper",
    "Katsura", "Linden", "Maple", "Nutmeg", "Oak", "Pecan", "Quince", "Redbud", "Sumac", "Tupelo",
    "Umber", "Viburnum", "Willow", "Yew", "Zelkova",
)  # fmt: skip
EASTFIELD_AVENUES = (
    "Aster", "Bluestem", "Clover", "Goldenrod", "Indigo", "Larkspur", "Milkweed", "Sage", "Thistle",
    "Yarrow", "Bergamot", "Coneflower", "Switchgrass", "Vetch",
)  # fmt: skip
MAIN_STREET = 16  # the row of the grid that divides north from south


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Turn meters east and north of the corner into lon, lat."""
    return round(ORIGIN_LON + x / METERS_PER_LON, 6), round(ORIGIN_LAT + y / METERS_PER_LAT, 6)


def cedar_bend() -> City:
    land = Polygon([(0, 0), (0, HEIGHT), *[(_bank(y), y) for y in _steps(HEIGHT, 0, -100)]])
    return City(
        districts=_pieces(land, _district_boxes()),
        neighborhoods=_pieces(land, _neighborhood_boxes()),
        streets=_streets(land, parks=_parks(), avenues=AVENUES),
    )


def eastfield() -> City:
    far = WIDTH + 2_200
    bank = [(_bank(y) + 180, y) for y in _steps(0, HEIGHT, 100)]
    land = Polygon([*bank, (far, HEIGHT), (far, 0)])
    return City(
        districts=_pieces(land, [("1", "East District", box(0, 0, far, HEIGHT))]),
        neighborhoods=_pieces(
            land,
            [
                ("1", "Ferry Landing", box(0, 0, far, 1_800)),
                ("2", "Prairie Hill", box(0, 1_800, far, HEIGHT)),
            ],
        ),
        streets=_streets(land, parks=[], avenues=EASTFIELD_AVENUES),
    )


def _steps(start: float, stop: float, step: float) -> Iterator[float]:
    value = start
    while (value < stop) if step > 0 else (value > stop):
        yield value
        value += step
    yield stop


def _bank(y: float) -> float:
    """Return how far east the river's western bank lies at height `y`."""
    return 4_300 + 620 * math.sin(y / 900) + 140 * math.sin(y / 310)


def _parks() -> list[Polygon]:
    return [box(830, 2_930, 1_570, 3_500), box(2_630, 690, 2_970, 1_260)]


def _district_boxes() -> list[tuple[str, str, Polygon]]:
    main = MAIN_STREET * STREET_STEP
    return [
        ("1", "North District", box(0, main, 2_400, HEIGHT)),
        ("2", "River District", box(2_400, 1_430, WIDTH, HEIGHT)),
        ("3", "South District", box(0, 0, 1_800, main)),
        (
            "4",
            "Mill District",
            Polygon(
                [
                    (1_800, 0),
                    (WIDTH, 0),
                    (WIDTH, 1_430),
                    (2_400, 1_430),
                    (2_400, main),
                    (1_800, main),
                ]
            ),
        ),
    ]


def _neighborhood_boxes() -> list[tuple[str, str, Polygon]]:
    main = MAIN_STREET * STREET_STEP
    return [
        ("1", "Orchard Park", box(0, main, 1_000, HEIGHT)),
        ("2", "Lantern Hill", box(1_000, main, 2_000, HEIGHT)),
        ("3", "Courthouse Square", box(2_000, main, 3_200, 3_120)),  # lies in two districts
        ("4", "North Landing", box(2_000, 3_120, WIDTH, HEIGHT)),
        ("5", "Riverside", box(3_200, main, WIDTH, 3_120)),
        ("6", "Tannery Flats", box(0, 910, 1_200, main)),
        ("7", "Southgate", box(0, 0, 1_200, 910)),
        ("8", "Old Mill", box(1_200, 910, 2_800, main)),
        ("9", "Foundry Row", box(1_200, 0, 2_800, 910)),
        ("10", "O'Dell Bottoms", box(2_800, 0, WIDTH, main)),
    ]


def _pieces(land: Polygon, cuts: list[tuple[str, str, Polygon]]) -> list[Feature]:
    return [
        _feature(land.intersection(cut), {"code": code, "name": name}) for code, name, cut in cuts
    ]


def _streets(land: Polygon, *, parks: list[Polygon], avenues: tuple[str, ...]) -> list[Feature]:
    open_land: BaseGeometry = land.buffer(-15)
    for park in parks:
        open_land = open_land.difference(park)
    west, _, east, _ = land.bounds
    lines = [*_avenues(west, east, avenues), *_cross_streets(west, east), *_diagonals()]
    return [
        _feature(piece, {"name": name, "class": street_class})
        for name, street_class, line in lines
        for piece in _lines_of(line.intersection(open_land))
        if piece.length > 60
    ]


def _avenues(
    west: float, east: float, names: tuple[str, ...]
) -> Iterator[tuple[str, str, LineString]]:
    main = MAIN_STREET * STREET_STEP
    first = math.ceil((west + 50) / AVENUE_STEP) * AVENUE_STEP + 100
    for index, name in enumerate(names):
        x = first + index * AVENUE_STEP
        if x > east:
            return
        street_class = "major" if index % 6 == 2 else "collector" if index % 3 == 0 else "local"
        crossings = [row * STREET_STEP for row in range(int(HEIGHT // STREET_STEP) + 1)]
        north = [(x, y) for y in [main, *[y for y in crossings if y > main], HEIGHT]]
        south = [(x, y) for y in [0.0, *[y for y in crossings if 0 < y < main], main]]
        yield f"N {name} Ave", street_class, LineString(north)
        yield f"S {name} Ave", street_class, LineString(south)


def _cross_streets(west: float, east: float) -> Iterator[tuple[str, str, LineString]]:
    for row in range(1, int(HEIGHT // STREET_STEP) + 1):
        away = abs(row - MAIN_STREET)
        name = (
            "Main St" if away == 0 else f"{_ordinal(away)} St {'N' if row > MAIN_STREET else 'S'}"
        )
        street_class = "major" if away % 8 == 0 else "collector" if away % 4 == 0 else "local"
        xs = sorted(
            {
                west,
                east,
                *[100 + n * AVENUE_STEP for n in range(40) if west < 100 + n * AVENUE_STEP < east],
            }
        )
        yield name, street_class, LineString([(x, row * STREET_STEP) for x in xs])


def _diagonals() -> Iterator[tuple[str, str, LineString]]:
    yield (
        "Old Mill Rd",
        "major",
        LineString([(300, 200), (1_500, 1_430), (2_900, 2_080), (3_900, 3_900)]),
    )
    yield "River Rd", "collector", LineString([(_bank(y) - 90, y) for y in _steps(0, HEIGHT, 120)])


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _lines_of(shape: BaseGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, MultiLineString):
        return list(shape.geoms)
    return [line for part in getattr(shape, "geoms", []) for line in _lines_of(part)]


def _feature(shape: BaseGeometry, properties: dict[str, str]) -> Feature:
    placed = shapely.transform(shape, _to_lonlat)
    return {"type": "Feature", "properties": properties, "geometry": mapping(placed)}


def _to_lonlat(meters: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.array([lonlat(x, y) for x, y in meters.tolist()])
