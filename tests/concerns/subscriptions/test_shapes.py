"""Which shapes may be followed."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.published.anchors import METRES_PER_DEGREE
from concerns.subscriptions.shapes import (
    BadShape,
    Box,
    anchors_inside,
    circle,
    read_shape,
    square_metres,
    stored_shape,
)

LON, LAT = -90.25, 38.6
BOUNDS = Box(-90.4, 38.5, -90.1, 38.8)
EAST_METRE = 1 / METRES_PER_DEGREE / math.cos(math.radians(LAT))
NORTH_METRE = 1 / METRES_PER_DEGREE


def ring(*metres: tuple[float, float]) -> str:
    points = [[LON + x * EAST_METRE, LAT + y * NORTH_METRE] for x, y in metres]
    return json.dumps({"type": "Polygon", "coordinates": [points]})


def refusal(text: str) -> str:
    with pytest.raises(BadShape) as refused:
        read_shape(text, bounds=BOUNDS)
    assert str(refused.value)
    return refused.value.reason


def test_a_shape_is_closed_and_comes_back_as_it_was() -> None:
    drawn = read_shape(ring((0, 0), (400, 0), (400, 400), (0, 400)), bounds=BOUNDS)
    geojson = drawn.as_geojson()
    assert geojson["coordinates"][0][0] == geojson["coordinates"][0][-1]
    assert stored_shape(json.loads(json.dumps(geojson))).box == drawn.box
    assert square_metres(drawn.polygon) == pytest.approx(160_000, rel=0.01)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "unreadable"),
        ("{}", "unreadable"),
        ("[" * 5000, "unreadable"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [3, 4]]]}', "unreadable"),
        ('{"type": "Polygon", "coordinates": [[["a", 1], [2, 3], [3, 4]]]}', "unreadable"),
        ('{"type": "Polygon", "coordinates": [[], []]}', "unreadable"),
        ('{"type": "Point", "coordinates": [[[1, 1], [2, 3], [3, 4]]]}', "unreadable"),
        ("x" * 20_000, "corners"),
        (ring((0, 0), (400, 0)), "corners"),
        (ring(*((400 * math.cos(n), 400 * math.sin(n)) for n in range(101))), "corners"),
        (ring((0, 0), (400, 400), (400, 0), (0, 400)), "crossed"),
        (ring((0, 0), (300, 0), (300, 300), (0, 300)), "small"),
        (ring((0, 0), (90_000, 0), (0, 90_000)), "outside"),
    ],
)
def test_what_cannot_be_followed_is_refused_in_words(text: str, reason: str) -> None:
    assert refusal(text) == reason


def test_a_sliver_between_the_anchors_is_refused() -> None:
    # 8 km by 13 m: large enough, and next to nothing lies inside.
    middle = [(x, 20.0) for x in (0, 8000)] + [(x, 33.0) for x in (8000, 0)]
    thin = ring(*middle)
    shape_or_reason = _reason(thin)
    assert shape_or_reason in ("anchors", "")
    if shape_or_reason == "":
        assert anchors_inside(read_shape(thin, bounds=BOUNDS), enough=3) == 3


def _reason(text: str) -> str:
    try:
        read_shape(text, bounds=BOUNDS)
    except BadShape as refused:
        return refused.reason
    return ""


@given(st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), min_size=3, max_size=8))
def test_whatever_is_accepted_holds_ten_hectares_and_three_anchors(
    corners: list[tuple[float, float]],
) -> None:
    try:
        drawn = read_shape(ring(*corners), bounds=BOUNDS)
    except BadShape:
        return
    assert square_metres(drawn.polygon) >= 100_000
    assert anchors_inside(drawn, enough=3) == 3


def test_around_a_corner_means_a_circle() -> None:
    drawn = circle(LON, LAT, metres=402, bounds=BOUNDS)
    assert square_metres(drawn.polygon) == pytest.approx(math.pi * 402**2, rel=0.02)
    assert drawn.holds(LON, LAT + 400 * NORTH_METRE)
    assert not drawn.holds(LON, LAT + 410 * NORTH_METRE)
    with pytest.raises(BadShape):
        circle(LON, LAT, metres=100, bounds=BOUNDS)
