"""From a path to a source of features."""

from pathlib import Path

from engagement.places.importing.geojson import crs_by_code, read_geojson
from engagement.places.importing.refusal import Limits
from engagement.places.importing.source import Source, read_bytes
from engagement.places.importing.zipped import read_zip

ZIP_MARK = b"PK"


def open_source(path: Path, limits: Limits, *, crs: str = "") -> Source:
    """Read a GeoJSON file or a zipped shapefile; `crs` ("EPSG:2815") overrules what it says.

    Raises ImportRefused.
    """
    data = read_bytes(path, limits)
    read = read_zip if data.startswith(ZIP_MARK) else read_geojson
    source = read(data, limits)
    if crs:
        source.crs = crs_by_code(crs)
    return source
