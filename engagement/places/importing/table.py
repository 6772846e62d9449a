"""Reading a CSV file whose rows are points: one column for each coordinate."""

import csv
import io
from typing import Any

from engagement.places.importing.refusal import ImportRefused, Limits
from engagement.places.importing.source import RawFeature, Source, numbered

# What files call them, the plainest first.
LONGITUDES = ("lon", "longitude", "long", "lng", "x", "x_coord", "point_x")
LATITUDES = ("lat", "latitude", "y", "y_coord", "point_y")
LONGEST_CELL = 10_000


def read_table(data: bytes, limits: Limits) -> Source:
    """Read rows as points, in whatever coordinate system they are. Raises ImportRefused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ImportRefused("The file is no text in UTF-8.") from wrong
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = [name for name in rows.fieldnames or () if name]
        in_lon, in_lat = _column(names, LONGITUDES), _column(names, LATITUDES)
        read = [_feature(number, row, in_lon, in_lat) for number, row in numbered(rows, limits)]
    except csv.Error as broken:
        raise ImportRefused(f"The file is no CSV table: {broken}.") from broken
    if not read:
        raise ImportRefused("The file has no rows.")
    return Source(read)


def _column(names: list[str], known: tuple[str, ...]) -> str:
    plain = {name.strip().casefold(): name for name in names}
    for wanted in known:
        if wanted in plain:
            return plain[wanted]
    there = ", ".join(names[:30]) or "none"
    raise ImportRefused(f"No column is called {' or '.join(known[:3])}. Columns: {there}.")


def _feature(number: int, row: dict[Any, Any], in_lon: str, in_lat: str) -> RawFeature:
    properties = {name: value for name, value in row.items() if isinstance(name, str)}
    return RawFeature(number, properties, _point(row.get(in_lon), row.get(in_lat)))


def _point(lon: object, lat: object) -> dict[str, Any] | None:
    """None for a row without place: it is left out, and counted."""
    try:
        return {"type": "Point", "coordinates": [float(str(lon)), float(str(lat))]}
    except ValueError:
        return None


def looks_like_a_table(data: bytes) -> bool:
    """Whether this is no JSON, and its first line has commas."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return not start.startswith((b"{", b"[")) and b"," in start.split(b"\n", 1)[0]
