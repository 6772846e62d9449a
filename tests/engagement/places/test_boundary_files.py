import json
import math
from pathlib import Path
from typing import Any

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.places.importing.boundaries import read_areas
from engagement.places.importing.geojson import read_geojson
from engagement.places.importing.opening import open_source
from engagement.places.importing.refusal import AREA_LIMITS, ImportRefused, Limits
from tests.engagement.places.town import (
    areas_of,
    collection,
    feature,
    notices_of,
    polygon,
    square,
    two_districts,
    written,
)

GOOD = feature(polygon(square(0, 0)), NAME="Mill Creek", CODE="1")
BOW_TIE = [[-92.0, 38.0], [-91.99, 38.01], [-91.99, 38.0], [-92.0, 38.01], [-92.0, 38.0]]


def second(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A good feature, then the one that is wrong: refusals must name number 2."""
    named = {"NAME": "Riverside", "CODE": "2"} | properties
    return collection([GOOD, feature(geometry, **named)])


def test_areas_are_read_with_code_name_and_box(tmp_path: Path) -> None:
    first, other = areas_of(written(tmp_path, two_districts()))
    assert (first.code, first.name) == ("1", "Mill Creek")
    assert first.bounds == (-92.0, 38.0, -91.99, 38.01)
    assert other.geometry["type"] == "Polygon"


def test_a_self_crossing_area_is_repaired_with_a_notice(tmp_path: Path) -> None:
    path = written(tmp_path, second(polygon(BOW_TIE)))
    _good, repaired = areas_of(path)
    assert repaired.geometry["type"] == "MultiPolygon"
    assert notices_of(path) == ["Feature 2 (Riverside) crossed itself: repaired."]


def test_a_ring_left_open_is_closed(tmp_path: Path) -> None:
    path = written(tmp_path, second(polygon(square(1, 0)[:-1])))
    ring = areas_of(path)[1].geometry["coordinates"][0]
    assert ring[0] == ring[-1]


def test_an_area_of_several_parts_stays_one_area(tmp_path: Path) -> None:
    parts = {"type": "MultiPolygon", "coordinates": [[square(1, 0)], [square(5, 5)]]}
    area = areas_of(written(tmp_path, second(parts)))[1]
    assert area.geometry["type"] == "MultiPolygon"


def test_features_of_one_code_are_joined_with_a_notice(tmp_path: Path) -> None:
    path = written(tmp_path, second(polygon(square(1, 0)), CODE="1"))
    (joined,) = areas_of(path)
    assert joined.bounds.east == pytest.approx(-91.98)
    assert "joined into one area" in notices_of(path)[0]


def test_an_area_without_name_is_called_by_its_code_or_number(tmp_path: Path) -> None:
    path = written(tmp_path, second(polygon(square(1, 0)), NAME=" ", CODE=7.0))
    assert areas_of(path)[1].name == "Area 7 (no name in file)"
    assert areas_of(path, code_field="")[1].name == "Area 2 (no name in file)"
    assert len(notices_of(path)) == 1


def test_a_name_that_is_only_a_number_says_what_it_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, second(polygon(square(1, 0)), NAME=4))
    assert areas_of(path)[1].name == "District 4"


def test_without_a_code_field_the_name_identifies_the_area(tmp_path: Path) -> None:
    assert [area.code for area in areas_of(written(tmp_path, two_districts()), code_field="")] == [
        "mill-creek",
        "riverside",
    ]


def test_names_lose_control_characters(tmp_path: Path) -> None:
    path = written(tmp_path, second(polygon(square(1, 0)), NAME="River\u0000side\n West"))
    assert areas_of(path)[1].name == "River side West"


def projected(ring: list[list[float]], code: str) -> list[list[float]]:
    turn = pyproj.Transformer.from_crs("EPSG:4326", code, always_xy=True)
    return [list(turn.transform(x, y)) for x, y in ring]


def test_state_plane_is_turned_into_degrees(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2816"}}
    area = feature(polygon(projected(square(0, 0), "EPSG:2816")), NAME="Mill Creek", CODE="1")
    named = written(tmp_path, collection([area], crs=crs))
    silent = written(tmp_path, collection([area]), "silent.geojson")
    expected = pytest.approx((-92.0, 38.0, -91.99, 38.01), abs=2e-5)
    assert areas_of(named)[0].bounds == expected
    assert areas_of(silent, crs="EPSG:2816")[0].bounds == expected
    with pytest.raises(ImportRefused, match=r"Feature 1: .* are no degrees.*--crs"):
        areas_of(silent)


def test_degrees_under_a_projected_label_are_read_as_degrees(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:2816"}}
    path = written(tmp_path, collection([GOOD], crs=crs))
    assert areas_of(path)[0].bounds.west == -92.0
    assert "read as degrees" in notices_of(path)[0]


@pytest.mark.parametrize("lon", [-92.0, -75.0])
def test_latitude_before_longitude_is_turned_round_with_a_notice(
    tmp_path: Path, lon: float
) -> None:
    ring = [[y, x + 92 + lon] for x, y in square(0, 0)]
    path = written(tmp_path, collection([feature(polygon(ring), NAME="Mill Creek", CODE="1")]))
    assert areas_of(path)[0].bounds.west == pytest.approx(lon)
    assert "turned round" in notices_of(path)[0]


HUGE = [[1e300, 38.0], [1e300, 39.0], [2e300, 39.0], [1e300, 38.0]]
SPIKY = [[-92 + (n * 7919 % 1000) / 1e5, 38 + (n * 104729 % 1000) / 1e5] for n in range(1200)]

WRONG_FEATURES = {
    "no geometry": (second(None), "no geometry"),
    "empty geometry": (second({"type": "Polygon", "coordinates": []}), "no geometry"),
    "a line": (second({"type": "LineString", "coordinates": square(0, 0)}), "not a polygon"),
    "a collection": (second({"type": "GeometryCollection", "geometries": []}), "not a polygon"),
    "a type that is none": (second({"type": ["Polygon"]}), "not a polygon"),
    "two points": (second(polygon([[1.0, 2.0], [1.0, 3.0]])), "fewer than three"),
    "no area": (second(polygon([[-92, 38], [-91, 38], [-90, 38], [-92, 38]])), "no area"),
    "words": (second(polygon([["a", "b"]] * 4)), "not lists of numbers"),
    "numbers in words": (second(polygon([["1", "2"]] * 4)), "not lists of numbers"),
    "yes and no": (second(polygon([[True, False]] * 4)), "not lists of numbers"),
    "rings of rings": (second(polygon([[[[1, 2]]]])), "not lists of numbers"),
    "an object": (second({"type": "Polygon", "coordinates": {"0": []}}), "not lists of numbers"),
    "huge numbers": (second(polygon(HUGE)), "no degrees"),
    "numbers beyond floats": (
        second(polygon([[10**400, 38], [0, 0], [1, 1]])),
        "not a finite number",
    ),
    "null island": (
        collection(
            [
                GOOD,
                feature(polygon([[0, 0], [0.1, 0], [0.1, 0.1], [0, 0]]), NAME="x", CODE="2"),
                feature(polygon(square(2, 0)), NAME="Hilltop", CODE="3"),
            ]
        ),
        "far away",
    ),
    "tangled thousandfold": (second(polygon(SPIKY)), "crosses itself too often"),
    "no code": (second(polygon(square(1, 0)), CODE=""), "no code"),
    "a name without end": (second(polygon(square(1, 0)), NAME="x" * 500), "longer than"),
    "not a feature": (collection([GOOD, 7]), "not a GeoJSON Feature"),
    "listed properties": (
        collection([GOOD, {"type": "Feature", "properties": [1], "geometry": None}]),
        "not an object",
    ),
}


@pytest.mark.parametrize("case", WRONG_FEATURES)
def test_a_wrong_feature_refuses_the_file_and_is_named_by_number(tmp_path: Path, case: str) -> None:
    document, reason = WRONG_FEATURES[case]
    with pytest.raises(ImportRefused, match=reason) as refused:
        areas_of(written(tmp_path, document))
    assert refused.value.feature == 2
    assert str(refused.value).startswith("Feature 2: ")
    assert "\n" not in str(refused.value)


WRONG_FILES = {
    "nothing": ("", "empty"),
    "a page": ("<html></html>", "not JSON"),
    "an end too soon": (json.dumps(two_districts())[:-40], "ends too early"),
    "nan": (json.dumps(second(polygon([[math.nan, 1.0]] * 4))), "NaN"),
    "infinity": (json.dumps(second(polygon([[-math.inf, 1.0]] * 4))), "-Infinity"),
    "depth": ("[" * 200_000 + "]" * 200_000, "too deeply"),
    "deep features": ('{"type":"FeatureCollection","features":' + "[" * 200_000, "too deeply"),
    "a number without end": ('{"type": ' + "9" * 10_000 + "}", "too long"),
    "a list": ("[1, 2]", "not GeoJSON"),
    "another type": ('{"type": "Topology", "features": []}', "FeatureCollection"),
    "no features": ('{"type": "FeatureCollection", "features": []}', "no features"),
    "features that are none": ('{"type": "FeatureCollection", "features": 7}', "Collection"),
    "a system from a file": (
        json.dumps(
            collection([GOOD], crs={"type": "name", "properties": {"name": "+init=/etc/passwd:1"}})
        ),
        "not a code",
    ),
    "an unknown system": (
        json.dumps(collection([GOOD], crs={"properties": {"name": "EPSG:999999"}})),
        "not known",
    ),
    "a linked system": (
        json.dumps(
            collection([GOOD], crs={"type": "link", "properties": {"href": "http://x.invalid"}})
        ),
        "not understood",
    ),
    "another field": (json.dumps(collection([feature(None, TITLE="x")])), "Fields in the file: T"),
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_file_that_is_no_boundary_file_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    text, reason = WRONG_FILES[case]
    with pytest.raises(ImportRefused, match=reason) as refused:
        areas_of(written(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_bytes(b"\xff\xfe\x00garbage")
    with pytest.raises(ImportRefused, match="UTF-8"):
        areas_of(path)


def test_what_is_missing_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be read"):
        areas_of(tmp_path / "missing.geojson")
    with pytest.raises(ImportRefused, match="cannot be read"):
        areas_of(tmp_path)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(file_bytes=100), "larger than"),
        (Limits(features=1), "more than 1 features"),
        (Limits(vertices=7), "too many points"),
        (Limits(vertices_per_feature=4), "too many points"),
        (Limits(rings_per_feature=0), "too many rings"),
    ],
)
def test_a_file_beyond_the_limits_is_refused(tmp_path: Path, limits: Limits, reason: str) -> None:
    path = written(tmp_path, two_districts())
    with pytest.raises(ImportRefused, match=reason):
        read_areas(open_source(path, limits), layer="x", name_field="NAME", limits=limits)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometry", "properties", "NAME"]), inner
        )
    ),
    max_leaves=12,
)


@given(anything, st.sampled_from(["Polygon", "MultiPolygon", "Point"]))
def test_no_content_makes_the_reader_fail_otherwise_than_by_refusing(
    coordinates: object, kind: str
) -> None:
    document = collection([feature({"type": kind, "coordinates": coordinates}, NAME="x")])
    with pytest.raises(ImportRefused):
        read_areas(
            read_geojson(json.dumps(document).encode(), AREA_LIMITS), layer="x", name_field="NAME"
        )
