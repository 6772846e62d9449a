"""A block shown in public stands for ten house numbers or more, always by the same point."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.places.blocks import FEWEST, METRES_PER_DEGREE, Blocks, Cell, House, cells_of

pytestmark = pytest.mark.privacy

LON, LAT = -90.2449, 38.6013
NEAR = st.floats(0, 0.12)
TOWNS = st.lists(
    st.tuples(NEAR, NEAR).map(lambda pair: House(LON + pair[0], LAT + pair[1])), max_size=120
)


def street(numbers: int, *, east: float = 0.0, north: float = 0.0) -> list[House]:
    """So many houses twelve metres apart."""
    step = 12.0 / METRES_PER_DEGREE
    return [House(LON + east + step * place, LAT + north) for place in range(numbers)]


def holds(cell: Cell, house: House) -> bool:
    west, south, east, north = cell.bounds
    return west <= house.lon < east and south <= house.lat < north


@given(TOWNS)
@settings(max_examples=150)
def test_every_cell_holds_ten_houses_and_no_house_lies_in_two(houses: list[House]) -> None:
    cells = cells_of(houses)
    for cell in cells:
        inside = [house for house in houses if holds(cell, house)]
        assert len(inside) == cell.numbers >= FEWEST
    for house in houses:
        assert sum(holds(cell, house) for cell in cells) <= 1


@given(TOWNS, st.randoms())
@settings(max_examples=60)
def test_no_anchor_stands_for_fewer_than_ten_houses(
    houses: list[House], chance: random.Random
) -> None:
    blocks = Blocks.of(cells_of(houses), revision=1)
    behind: dict[tuple[float, float], int] = {}
    for house in houses:
        anchor = blocks.anchor(house.lon, house.lat)
        if anchor is not None:
            behind[anchor] = behind.get(anchor, 0) + 1
    assert all(number >= FEWEST for number in behind.values())
    for _click in range(50):
        anywhere = LON + chance.random() * 0.13, LAT + chance.random() * 0.13
        anchor = blocks.anchor(*anywhere)
        assert anchor is None or anchor in behind


def test_where_few_live_nothing_finer_than_the_area_is_shown() -> None:
    blocks = Blocks.of(cells_of(street(9)), revision=1)
    assert blocks.anchor(LON, LAT) is None


def test_a_dense_street_is_cut_finely_and_its_point_lies_where_people_live() -> None:
    houses = street(200)
    cells = cells_of(houses)
    assert len(cells) > 8
    for house in houses:
        cell = next(cell for cell in cells if holds(cell, house))
        assert abs(cell.lat - house.lat) * METRES_PER_DEGREE < 130


def test_a_lonely_house_shares_its_cell_with_ten_others() -> None:
    houses = [*street(200), House(LON + 0.02, LAT + 0.015)]
    lonely = next(cell for cell in cells_of(houses) if holds(cell, houses[-1]))
    assert lonely.numbers >= FEWEST


def test_a_thousand_clicks_on_one_lot_touch_only_the_cells_of_its_outline() -> None:
    houses = [house for row in range(40) for house in street(40, north=row * 0.0002)]
    blocks = Blocks.of(cells_of(houses), revision=1)
    lot, chance = 12.0 / METRES_PER_DEGREE, random.Random(7)
    edge = [step / 500 for step in range(501)]
    outline = [(x, y) for x in edge for y in (0.0, 1.0)] + [
        (x, y) for x in (0.0, 1.0) for y in edge
    ]
    allowed = {blocks.anchor(LON + x * lot, LAT + y * lot) for x, y in outline}
    clicks = {
        blocks.anchor(LON + chance.random() * lot, LAT + chance.random() * lot)
        for _click in range(1000)
    }
    assert clicks <= allowed
    assert len(allowed) <= 4


def test_a_crowd_is_cut_no_finer_than_about_a_hundred_metres() -> None:
    crowd = [House(LON + n * 1e-6, LAT + (n * 7919 % 4000) * 1e-6) for n in range(4000)]
    for cell in cells_of(crowd):
        height = (cell.bounds.north - cell.bounds.south) * METRES_PER_DEGREE
        squeeze = math.cos(math.radians(LAT))
        width = (cell.bounds.east - cell.bounds.west) * METRES_PER_DEGREE * squeeze
        assert min(height, width) > 90
