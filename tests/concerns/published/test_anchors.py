"""Many reports of one place must not tell the place."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.published.anchors import (
    BLOCK_METRES,
    METRES_PER_DEGREE,
    STREET_METRES,
    Anchor,
    anchor_for,
    nearest,
)

LON, LAT = -90.2449, 38.6013
LOT = 12.0 / METRES_PER_DEGREE
LONS = st.floats(-125, -67)
LATS = st.floats(25, 49)


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    squeeze = math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot((a[0] - b[0]) * squeeze, a[1] - b[1]) * METRES_PER_DEGREE


@pytest.mark.parametrize(
    ("visibility", "metres"), [("street", STREET_METRES), ("block", BLOCK_METRES)]
)
def test_a_thousand_clicks_on_one_lot_touch_only_the_anchors_of_its_outline(
    visibility: str, metres: float
) -> None:
    chance = random.Random(7)
    edge = [step / 500 for step in range(501)]
    outline = [(x, y) for x in edge for y in (0.0, 1.0)] + [
        (x, y) for x in (0.0, 1.0) for y in edge
    ]
    allowed = {nearest(LON + x * LOT, LAT + y * LOT, metres=metres) for x, y in outline}
    clicks = {
        anchor_for(
            visibility=visibility,
            lon=LON + chance.random() * LOT,
            lat=LAT + chance.random() * LOT,
            is_private=False,
        )
        for _click in range(1000)
    }
    assert {(click.lon, click.lat) for click in clicks if click} <= allowed
    assert len(allowed) <= 4


@given(lon=LONS, lat=LATS)
def test_an_anchor_is_near_and_stands_for_itself(lon: float, lat: float) -> None:
    for metres in (STREET_METRES, BLOCK_METRES):
        anchor = nearest(lon, lat, metres=metres)
        assert metres_between((lon, lat), anchor) <= metres * 0.75
        assert nearest(*anchor, metres=metres) == anchor


@given(lon=LONS, lat=LATS, is_private=st.booleans())
def test_a_private_place_is_never_finer_than_its_block(
    lon: float, lat: float, is_private: bool
) -> None:
    anchor = anchor_for(visibility="street", lon=lon, lat=lat, is_private=is_private)
    assert anchor is not None
    assert anchor.precision == ("block" if is_private else "street")


@pytest.mark.parametrize("visibility", ["count", "never"])
def test_kinds_that_are_only_counted_have_no_place(visibility: str) -> None:
    assert anchor_for(visibility=visibility, lon=LON, lat=LAT, is_private=False) is None


@pytest.mark.parametrize("visibility", ["street", "block", "area"])
def test_without_a_point_only_an_area_is_shown(visibility: str) -> None:
    shown = anchor_for(visibility=visibility, lon=None, lat=None, is_private=False)
    assert shown == Anchor("area")


def test_a_home_is_shown_by_the_block_of_its_addresses_or_not_at_all() -> None:
    known = {"visibility": "street", "lon": LON, "lat": LAT, "is_private": True}
    shown = anchor_for(**known, block_at=lambda lon, lat: (-90.25, 38.6))
    assert shown == Anchor("block", -90.25, 38.6)
    assert anchor_for(**known, block_at=lambda lon, lat: None) == Anchor("area")
