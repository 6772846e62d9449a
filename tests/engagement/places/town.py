"""An invented town: files as cities publish them, small enough to read."""

import io
import json
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import shapefile

from engagement.audit.actors import Actor
from engagement.places.actions import BoundaryReport, store_boundaries, store_streets
from engagement.places.importing.boundaries import AreaShape, read_areas
from engagement.places.importing.opening import open_source
from engagement.places.importing.refusal import AREA_LIMITS, STREET_LIMITS
from engagement.places.importing.streets import read_streets
from engagement.places.models import Agency

WEST, SOUTH = -92.0, 38.0
NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
BY = Actor.task("tests")
Ring = list[list[float]]


def square(east: float, north: float, size: float = 0.01) -> Ring:
    """A square ring whose corner lies so many hundredths of a degree east and north of town."""
    x, y = WEST + east * 0.01, SOUTH + north * 0.01
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return [[round(a, 6), round(b, 6)] for a, b in ring]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(features: Iterable[Any], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def written(folder: Path, document: object, name: str = "areas.geojson") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def two_districts() -> dict[str, Any]:
    return collection(
        [
            feature(polygon(square(0, 0)), NAME="Mill Creek", CODE="1"),
            feature(polygon(square(1, 0)), NAME="Riverside", CODE="2"),
        ]
    )


def areas_of(path: Path, *, crs: str = "", code_field: str = "CODE") -> list[AreaShape]:
    source = open_source(path, AREA_LIMITS, crs=crs)
    return read_areas(source, layer="district", name_field="NAME", code_field=code_field)


def notices_of(path: Path, *, crs: str = "", code_field: str = "CODE") -> list[str]:
    source = open_source(path, AREA_LIMITS, crs=crs)
    read_areas(source, layer="district", name_field="NAME", code_field=code_field)
    return source.notices.all()


def import_districts(
    agency: Agency, path: Path, *, layer: str = "district", now: datetime = NOON
) -> BoundaryReport:
    return store_boundaries(
        agency_id=agency.pk, layer=layer, areas=areas_of(path), source=path.name, by=BY, now=now
    )


def line(name: str | None, *points: tuple[float, float], kind: str = "local") -> dict[str, Any]:
    """A street through points given in hundredths of a degree east and north of town."""
    coordinates = [
        [round(WEST + east * 0.01, 6), round(SOUTH + north * 0.01, 6)] for east, north in points
    ]
    return feature({"type": "LineString", "coordinates": coordinates}, NAME=name, CLASS=kind)


def town_streets() -> list[dict[str, Any]]:
    """Grand runs north, Gravois slants across it without a shared point, the rest is a grid."""
    return [
        line("S Grand Blvd", (1, 0), (1, 1), kind="principal arterial"),
        line("S Grand Blvd", (1, 1), (1, 2), kind="principal arterial"),
        line("N Grand Blvd", (1, 2), (1, 4), kind="principal arterial"),
        line("Gravois Ave", (0, 0.1), (3, 1.6), kind="major collector"),
        line("Utah St", (0, 1), (1, 1)),
        line("Utah St", (1, 1), (2, 1)),
        line("39th St", (2, 0), (2, 1), (2, 2)),
        line("St Louis Ave", (0, 2), (1, 2), (2, 2)),
        line("Grandview Pl", (0.2, 3), (0.8, 3)),
        line("Quiet Alley", (0.2, 3.2), (0.8, 3.2), kind="alley"),
        line("Interstate 70", (0, 3.5), (3, 3.5), kind="interstate"),
    ]


def import_streets(agency: Agency, path: Path) -> None:
    source = open_source(path, STREET_LIMITS)
    found = read_streets(source, name_field="NAME", class_field="CLASS")
    store_streets(agency_id=agency.pk, found=found, by=BY, now=NOON)


def shapefile_parts(
    rows: Sequence[tuple[list[Ring], Mapping[str, Any]]], *, encoding: str = "utf-8"
) -> dict[str, bytes]:
    """Write polygons with NAME and CODE; gives the bytes of .shp, .shx and .dbf."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(
        shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON, encoding=encoding
    ) as writer:
        writer.field("NAME", "C", 80)
        writer.field("CODE", "C", 20)
        for rings, properties in rows:
            # Shapefiles turn outer rings clockwise.
            writer.poly([ring[::-1] for ring in rings])
            writer.record(**properties)
    return {".shp": shp.getvalue(), ".shx": shx.getvalue(), ".dbf": dbf.getvalue()}


def zipped(parts: Mapping[str, bytes], *, stem: str = "beats") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, content in parts.items():
            archive.writestr(stem + suffix, content)
    return held.getvalue()


def with_declared_length(shp: bytes) -> bytes:
    """Cut bytes that claim to be whole: the header's length is made to fit."""
    return shp[:24] + struct.pack(">i", len(shp) // 2) + shp[28:]
