"""From a point to its areas, with a thousand polygons in memory."""

import random
from collections.abc import Iterator

import shapely
from shapely.geometry import Point, Polygon

from engagement.places.index import AreaHit, AreaIndex
from tests.bench.timing import Figure, Line, times

POLYGONS, POINTS, ROUNDS = 1_000, 2_000, 15


def measure() -> Iterator[Line]:
    chance = random.Random(1)
    shapes = [_polygon(chance, number) for number in range(POLYGONS)]
    hits = [AreaHit(n, "district", str(n), f"Area {n}", f"area-{n}") for n in range(POLYGONS)]
    index = AreaIndex.of(zip(hits, shapes, strict=True), revision=1)
    tree = shapely.STRtree(shapes)
    points = [(chance.uniform(0, 40), chance.uniform(0, 25)) for _ in range(POINTS)]
    ours, bare = Figure(), Figure()
    for _ in range(ROUNDS):
        ours.measure(lambda: [index.at(lon, lat) for lon, lat in points])
        bare.measure(
            lambda: [tree.query(Point(lon, lat), predicate="intersects") for lon, lat in points]
        )
    yield times(
        "point -> areas, 1,000 polygons",
        figure=ours.p50 / bare.p50,
        most=3,
        words=" a bare STRtree query",
    )


def _polygon(chance: random.Random, number: int) -> Polygon:
    """A cell of a 40 x 25 grid with a border of about a hundred corners."""
    x, y = number % 40, number // 40
    steps = [step / 25 for step in range(25)]

    def off() -> float:
        return chance.uniform(-0.02, 0.02)

    edge = [(x + s, y + off()) for s in steps]
    edge += [(x + 1 + off(), y + s) for s in steps]
    edge += [(x + 1 - s, y + 1 + off()) for s in steps]
    edge += [(x + off(), y + 1 - s) for s in steps]
    return Polygon(edge).buffer(0)
