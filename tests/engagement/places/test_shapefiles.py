import io
import struct
import zipfile
from pathlib import Path

import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.places.importing.boundaries import read_areas
from engagement.places.importing.refusal import AREA_LIMITS, ImportRefused, Limits
from engagement.places.importing.zipped import read_zip
from tests.engagement.places.test_boundary_files import projected
from tests.engagement.places.town import (
    areas_of,
    notices_of,
    shapefile_parts,
    square,
    with_declared_length,
    zipped,
)

ROWS = [
    ([square(0, 0)], {"NAME": "Mill Creek", "CODE": "1"}),
    ([square(1, 0)], {"NAME": "Ribera Ñandú", "CODE": "2"}),
]
WGS84 = pyproj.CRS.from_epsg(4326).to_wkt("WKT1_ESRI").encode()


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "beats.zip"
    path.write_bytes(data)
    return path


def test_a_zipped_shapefile_reads_like_geojson(tmp_path: Path) -> None:
    path = saved(tmp_path, zipped(shapefile_parts(ROWS) | {".prj": WGS84}, stem="folder/beats"))
    assert [(area.code, area.name) for area in areas_of(path)] == [
        ("1", "Mill Creek"),
        ("2", "Ribera Ñandú"),
    ]
    assert areas_of(path)[0].bounds == (-92.0, 38.0, -91.99, 38.01)
    assert notices_of(path) == []


def test_state_plane_feet_are_turned_by_the_prj(tmp_path: Path) -> None:
    rows = [([projected(square(0, 0), "EPSG:6512")], {"NAME": "Mill Creek", "CODE": "1"})]
    prj = pyproj.CRS.from_epsg(6512).to_wkt("WKT1_ESRI").encode()
    path = saved(tmp_path, zipped(shapefile_parts(rows) | {".prj": prj}))
    assert areas_of(path)[0].bounds == pytest.approx((-92.0, 38.0, -91.99, 38.01), abs=2e-5)


def test_names_in_an_old_alphabet_are_read_with_its_cpg_or_a_notice(tmp_path: Path) -> None:
    parts = shapefile_parts(ROWS, encoding="cp1252") | {".prj": WGS84}
    guessed = saved(tmp_path, zipped(parts))
    assert areas_of(guessed)[1].name == "Ribera Ñandú"
    assert "Latin letters" in notices_of(guessed)[0]
    told = saved(tmp_path, zipped(parts | {".cpg": b"1252"}))
    assert areas_of(told)[1].name == "Ribera Ñandú"
    assert notices_of(told) == []


def test_without_prj_coordinates_are_degrees_with_a_notice(tmp_path: Path) -> None:
    assert "no .prj" in notices_of(saved(tmp_path, zipped(shapefile_parts(ROWS))))[0]


def test_a_deleted_row_takes_its_shape_with_it(tmp_path: Path) -> None:
    parts = shapefile_parts(ROWS)
    (header,) = struct.unpack("<H", parts[".dbf"][8:10])
    parts[".dbf"] = parts[".dbf"][:header] + b"*" + parts[".dbf"][header + 1 :]
    (left,) = areas_of(saved(tmp_path, zipped(parts)))
    assert (left.code, left.bounds.west) == ("2", -91.99)


def bomb() -> bytes:
    return zipped(shapefile_parts(ROWS) | {".shp": b"\0" * 5_000_000})


def escaping() -> bytes:
    held = io.BytesIO(zipped(shapefile_parts(ROWS)))
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr("../../outside.txt", b"x")
    return held.getvalue()


def crowded() -> bytes:
    return zipped(shapefile_parts(ROWS) | {f".{number}": b"" for number in range(300)})


def two_in_one() -> bytes:
    parts = shapefile_parts(ROWS)
    return zipped({f"{stem}{suffix}": body for stem in "ab" for suffix, body in parts.items()})


def without(suffix: str) -> bytes:
    parts = shapefile_parts(ROWS)
    return zipped({name: body for name, body in parts.items() if name != suffix})


def replaced(suffix: str, body: bytes) -> bytes:
    return zipped(shapefile_parts(ROWS) | {suffix: body})


def cut(suffix: str, count: int) -> bytes:
    body = shapefile_parts(ROWS)[suffix][:-count]
    return replaced(suffix, with_declared_length(body) if suffix == ".shp" else body)


def endless() -> bytes:
    """A record that claims to end where it starts, so that reading goes round for ever."""
    shp = shapefile_parts(ROWS)[".shp"]
    return replaced(".shp", shp[:104] + struct.pack(">i", -4) + shp[108:])


HOSTILE = {
    "unpacks to too much": (bomb, "more than is allowed"),
    "points outside": (escaping, "outside of itself"),
    "too many files": (crowded, "more than 200 files"),
    "two shapefiles": (two_in_one, "exactly one"),
    "no shapes": (lambda: without(".shp"), "exactly one"),
    "no names": (lambda: without(".dbf"), "names are missing"),
    "a cut zip": (lambda: zipped(shapefile_parts(ROWS))[:-30], "damaged"),
    "only a mark": (lambda: b"PK\x03\x04", "damaged"),
    "shapes that are none": (lambda: replaced(".shp", b"x" * 200), "not a shapefile"),
    "shapes that end early": (
        lambda: replaced(".shp", shapefile_parts(ROWS)[".shp"][:-20]),
        "ends too early",
    ),
    "shapes cut to fit": (lambda: cut(".shp", 20), "damaged here"),
    "names that end early": (lambda: cut(".dbf", 120), "damaged here"),
    "a record that never ends": (endless, "damaged here"),
    "a prj that is none": (lambda: replaced(".prj", b"PROJCS["), "not understood"),
    "a prj without end": (lambda: replaced(".prj", b"x" * 20_000), "too large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_zip_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    make, reason = HOSTILE[case]
    with pytest.raises(ImportRefused, match=reason) as refused:
        read_zip(make(), Limits(file_bytes=4_000_000))
    assert "\n" not in str(refused.value)


def test_the_damaged_feature_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        areas_of(saved(tmp_path, cut(".shp", 20)))
    assert refused.value.feature == 2


@settings(max_examples=150)
@given(
    suffix=st.sampled_from([".shp", ".dbf"]),
    at=st.integers(0, 500),
    byte=st.integers(0, 255),
)
def test_no_changed_byte_makes_the_reader_fail_otherwise_than_by_refusing(
    suffix: str, at: int, byte: int
) -> None:
    body = bytearray(shapefile_parts(ROWS)[suffix])
    body[at % len(body)] = byte
    try:
        source = read_zip(replaced(suffix, bytes(body)), AREA_LIMITS)
        areas = read_areas(source, layer="x", name_field="NAME", code_field="CODE")
    except ImportRefused:
        return
    assert areas
