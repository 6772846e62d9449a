"""Reading GeoJSON (RFC 7946, and the `crs` member of its 2008 predecessor)."""

import json
import re
from typing import Any

import pyproj

from engagement.places.importing.refusal import ImportRefused, Limits
from engagement.places.importing.source import RawFeature, Source, numbered

# Only codes of registries are looked up: other texts could make the library open files.
_REGISTERED = re.compile(r"^(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|ESRI|OGC):(?:[\d.]*:)?(\w+)$", re.I)


def read_geojson(data: bytes, limits: Limits) -> Source:
    """Read a FeatureCollection or one Feature. Raises ImportRefused."""
    document = _parsed(data)
    if not isinstance(document, dict):
        raise ImportRefused("The file is JSON, but not GeoJSON.")
    kind = document.get("type")
    features = [document] if kind == "Feature" else document.get("features")
    if kind not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        raise ImportRefused("The file is not a GeoJSON FeatureCollection.")
    if not features:
        raise ImportRefused("The file has no features.")
    read = [_feature(number, item) for number, item in numbered(iter(features), limits)]
    return Source(read, crs=_crs(document.get("crs")))


def crs_by_code(code: str) -> pyproj.CRS:
    """Look up a code like EPSG:2815. Raises ImportRefused for anything else."""
    found = _REGISTERED.match(code.strip())
    if not found:
        raise ImportRefused(f"The coordinate system “{code[:80]}” is not a code like EPSG:2815.")
    try:
        return pyproj.CRS.from_authority(found.group(1).upper(), found.group(2))
    except pyproj.exceptions.CRSError as unknown:
        raise ImportRefused(f"The coordinate system {code[:80]} is not known.") from unknown


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as wrong:
        raise ImportRefused(
            "The file is neither a zipped shapefile nor GeoJSON text in UTF-8."
        ) from wrong
    except json.JSONDecodeError as broken:
        raise ImportRefused(
            f"The file is not JSON, or it ends too early: line {broken.lineno},"
            f" column {broken.colno}."
        ) from broken
    except RecursionError as deep:
        raise ImportRefused("The file nests its contents too deeply.") from deep
    except ValueError as wrong:
        raise ImportRefused("The file holds a number too long to be one.") from wrong


def _no_constant(name: str) -> Any:
    raise ImportRefused(f"The file holds {name} where a number belongs.")


def _feature(number: int, item: Any) -> RawFeature:
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise ImportRefused("This is not a GeoJSON Feature.", feature=number)
    properties = item.get("properties") or {}
    if not isinstance(properties, dict):
        raise ImportRefused("Its properties are not an object.", feature=number)
    return RawFeature(number, properties, item.get("geometry"))


def _crs(member: Any) -> pyproj.CRS | None:
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise ImportRefused("The file names its coordinate system in a way that is not understood.")
    return crs_by_code(name)
