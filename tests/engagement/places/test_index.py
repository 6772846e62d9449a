import math

import shapely
from hypothesis import given
from hypothesis import strategies as st

from engagement.places.index import AreaHit, AreaIndex, Bounds


def hit(number: int, layer: str = "district", code: str = "") -> AreaHit:
    return AreaHit(number, layer, code or str(number), f"Area {number}", f"area-{number}")


def test_each_layer_answers_for_itself() -> None:
    index = AreaIndex.of(
        [(hit(1), shapely.box(0, 0, 4, 4)), (hit(2, "ward"), shapely.box(2, 2, 6, 6))], revision=1
    )
    assert index.at(1, 1) == {"district": hit(1)}
    assert index.at(3, 3) == {"district": hit(1), "ward": hit(2, "ward")}
    assert index.at(5, 5) == {"ward": hit(2, "ward")}
    assert index.at(9, 9) == {}


def test_a_point_on_a_shared_border_has_one_answer_whatever_the_order() -> None:
    west, east = (hit(2), shapely.box(0, 0, 1, 1)), (hit(1), shapely.box(1, 0, 2, 1))
    for order in ([west, east], [east, west]):
        assert AreaIndex.of(order, revision=1).at(1, 0.5)["district"] == hit(1)


def test_where_areas_overlap_the_smallest_wins() -> None:
    city, park = (hit(1), shapely.box(0, 0, 9, 9)), (hit(2), shapely.box(3, 3, 4, 4))
    index = AreaIndex.of([city, park], revision=1)
    assert index.at(3.5, 3.5)["district"] == hit(2)
    assert index.at(5, 5)["district"] == hit(1)


def test_a_hole_is_outside() -> None:
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    assert AreaIndex.of([(hit(1), ring)], revision=1).at(4, 4) == {}


def test_an_agency_without_areas_and_a_point_that_is_none_answer_nothing() -> None:
    assert AreaIndex.of([], revision=1).at(0, 0) == {}
    index = AreaIndex.of([(hit(1), shapely.box(0, 0, 9, 9))], revision=1)
    assert index.at(math.nan, 1) == index.at(1, math.inf) == {}


boxes = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 8), st.integers(1, 8)).map(
    lambda b: shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(st.lists(boxes, max_size=12), st.floats(-1, 29), st.floats(-1, 29))
def test_the_tree_answers_as_asking_every_polygon_would(
    shapes: list[shapely.Polygon], lon: float, lat: float
) -> None:
    areas = [(hit(number), shape) for number, shape in enumerate(shapes)]
    point = shapely.Point(lon, lat)
    holding = [(shape.area, area.code, area) for area, shape in areas if shape.intersects(point)]
    expected = {"district": min(holding)[2]} if holding else {}
    assert AreaIndex.of(areas, revision=1).at(lon, lat) == expected


def test_a_padded_box_reaches_as_far_as_it_says() -> None:
    box = Bounds(-90, 38, -90, 38).padded(10)
    assert box.holds(-90.1, 38.08)
    assert not box.holds(-90.2, 38)
    assert not box.holds(-90, 38.1)


def test_an_area_lies_in_the_area_of_another_layer_that_covers_nearly_all_of_it() -> None:
    whole, divided = hit(10, "neighborhood"), hit(11, "neighborhood")
    west, east = hit(1), hit(2)
    index = AreaIndex.of(
        [
            (west, shapely.box(0, 0, 10, 10)),
            (east, shapely.box(10, 0, 20, 10)),
            (whole, shapely.box(1, 1, 10.5, 9)),
            (divided, shapely.box(8, 0, 12, 1)),
        ],
        revision=1,
    )
    assert index.over(10, share=0.9) == {"neighborhood": whole, "district": west}
    assert index.over(11, share=0.9) == {"neighborhood": divided}
    assert index.over(99, share=0.9) == {}
