"""From a path to a source of features."""

from collections.abc import Callable
from pathlib import Path

from engagement.places.importing.geojson import crs_by_code, read_geojson
from engagement.places.importing.refusal import Limits
from engagement.places.importing.source import Source, read_bytes
from engagement.places.importing.table import looks_like_a_table, read_table
from engagement.places.importing.zipped import read_zip

ZIP_MARK = b"PK"


def open_source(path: Path, limits: Limits, *, crs: str = "") -> Source:
    """Read GeoJSON, a zipped shapefile or a CSV table of points; `crs` ("EPSG:2815") overrules it.

    Raises ImportRefused.
    """
    data = read_bytes(path, limits)
    source = _reader_of(data)(data, limits)
    if crs:
        source.crs = crs_by_code(crs)
    return source


def _reader_of(data: bytes) -> Callable[[bytes, Limits], Source]:
    if data.startswith(ZIP_MARK):
        return read_zip
    return read_table if looks_like_a_table(data) else read_geojson
