"""Reading a zipped shapefile in memory; nothing of the archive is ever written to the disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

import pyproj
import shapefile

from engagement.places.importing.refusal import ImportRefused, Limits, Notices
from engagement.places.importing.source import RawFeature, Source, numbered

MAX_ENTRIES = 200
MAX_PRJ_BYTES = 10_000
# What damaged parts make the reader raise; each is one fact: the shapefile is damaged.
DAMAGED = (
    shapefile.ShapefileException,
    shapefile.GeoJSON_Error,
    shapefile.RingSamplingError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def read_zip(data: bytes, limits: Limits) -> Source:
    """Read the one shapefile in a zip. Raises ImportRefused."""
    parts = _parts(data, limits)
    notices = Notices()
    crs = _crs(parts.get(".prj"), notices)
    _check_length(parts[".shp"])
    encoding = _encoding(parts.get(".cpg"), parts[".dbf"], notices)
    features: list[RawFeature] = []
    try:
        features.extend(_features(parts[".shp"], parts[".dbf"], encoding, limits))
    except DAMAGED as broken:
        raise ImportRefused("The shapefile is damaged here.", feature=len(features) + 1) from broken
    if not features:
        raise ImportRefused("The file has no features.")
    return Source(features, crs=crs, notices=notices)


def _parts(data: bytes, limits: Limits) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            chosen = _one_shapefile(entries)
            left = limits.file_bytes
            parts: dict[str, bytes] = {}
            for suffix, entry in chosen.items():
                parts[suffix] = _member(archive, entry, left)
                left -= len(parts[suffix])
            return parts
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError) as broken:
        raise ImportRefused("The zip file is damaged or ends too early.") from broken
    except (NotImplementedError, RuntimeError) as locked:
        raise ImportRefused("The zip file is encrypted or packed in an unusual way.") from locked


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise ImportRefused(f"The zip file holds more than {MAX_ENTRIES} files.")
    for entry in entries:
        # The name as stored: the library already cleans `filename`.
        path = PurePosixPath(entry.orig_filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1]:
            raise ImportRefused("The zip file names files outside of itself.")


def _one_shapefile(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    files = {
        entry.filename: entry
        for entry in entries
        if not entry.is_dir() and "__MACOSX" not in entry.filename
    }
    shapes = [name for name in files if name.lower().endswith(".shp")]
    if len(shapes) != 1:
        there = ", ".join(sorted(shapes)[:10]) or "none"
        raise ImportRefused(f"The zip file must hold exactly one .shp file; found: {there}.")
    stem = shapes[0][:-4]
    chosen = {
        name[len(stem) :].lower(): entry
        for name, entry in files.items()
        if name.startswith(stem) and name[len(stem) :].lower() in (".shp", ".dbf", ".prj", ".cpg")
    }
    if ".dbf" not in chosen:
        raise ImportRefused("The zip file has no .dbf beside its .shp: the names are missing.")
    return chosen


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    # The size in the directory may lie: what counts is what comes out.
    with archive.open(entry) as opened:
        content = opened.read(left + 1)
    if len(content) > left:
        raise ImportRefused("The zip file unpacks to more than is allowed.")
    return content


def _crs(prj: bytes | None, notices: Notices) -> pyproj.CRS | None:
    if prj is None:
        notices.add("The zip file has no .prj: its coordinates are read as degrees (WGS84).")
        return None
    if len(prj) > MAX_PRJ_BYTES:
        raise ImportRefused("The .prj file is too large to be one.")
    try:
        return pyproj.CRS.from_wkt(prj.decode("utf-8-sig", errors="replace").strip("\x00 \r\n"))
    except pyproj.exceptions.CRSError as wrong:
        raise ImportRefused(
            "The .prj file is not understood; say the system yourself: --crs EPSG:2815."
        ) from wrong


def _check_length(shp: bytes) -> None:
    if len(shp) < 100 or struct.unpack(">i", shp[:4])[0] != 9994:
        raise ImportRefused("The .shp file is not a shapefile.")
    if struct.unpack(">i", shp[24:28])[0] * 2 != len(shp):
        raise ImportRefused("The .shp file ends too early or is damaged.")


def _encoding(cpg: bytes | None, dbf: bytes, notices: Notices) -> str:
    named = (cpg or b"").decode("ascii", errors="replace").strip()
    try:
        if named:
            return _known(f"cp{named}" if named.isdigit() else named)
        (rows_at,) = struct.unpack("<H", dbf[8:10])
        dbf[rows_at:].decode("utf-8")
        return "utf-8"
    except (LookupError, ValueError, struct.error):
        notices.add("The names' alphabet is not stated: they are read as Latin letters.")
        return "latin-1"


def _known(encoding: str) -> str:
    b"".decode(encoding)  # refuses what is no alphabet, like "zlib"
    return encoding


def _features(shp: bytes, dbf: bytes, encoding: str, limits: Limits) -> Iterator[RawFeature]:
    reader = shapefile.Reader(
        shp=io.BytesIO(shp), dbf=io.BytesIO(dbf), encoding=encoding, encodingErrors="replace"
    )
    # Deleted rows must keep their place, or every later name would move to another shape.
    records = reader.dbf_reader.iterRecords(deleted_as_None=True)
    pairs = zip(reader.shp_reader.iterShapes(), records, strict=True)
    for number, (shape, record) in numbered(pairs, limits):
        if record is None:
            continue
        if len(shape.points) > limits.vertices_per_feature:
            raise ImportRefused("It has too many points.", feature=number)
        if len(shape.parts) > limits.rings_per_feature:
            raise ImportRefused("It has too many rings.", feature=number)
        empty = shape.shapeType == shapefile.NULL
        geometry = None if empty else shape.__geo_interface__
        yield RawFeature(number, record.as_dict(), geometry)
