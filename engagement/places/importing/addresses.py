"""From a source to house numbers on streets."""

import re
from dataclasses import dataclass

import shapely

from engagement.places.importing.refusal import ADDRESS_LIMITS, ImportRefused, Limits
from engagement.places.importing.shapes import Reader, to_degrees
from engagement.places.importing.source import RawFeature, Source, text_of

MAX_STREET = 120
HIGHEST_NUMBER = 999_999
DIGITS = 6
# "3412", "3412A", "3412 1/2", "3412-14": the number, then what tells two doors apart.
_NUMBER = re.compile(r"^(\d{1,6})\s*(?:-\s*\d+)?\s*([A-Za-z]|\d/\d)?$")
_WHOLE = re.compile(r"^(\d{1,6}(?:\s*-\s*\d+)?[A-Za-z]?(?:\s+\d/\d)?)\s+(.+)$")
_ORDINAL = re.compile(r"\b(\d+)(St|Nd|Rd|Th)\b")


@dataclass(frozen=True)
class AddressPoint:
    """A house number as the file has it; degrees, WGS84."""

    number: int
    suffix: str
    street: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Columns:
    """Where a file keeps what: number and street apart, or both in `whole` ("3412 Utah St")."""

    number: str = ""
    street: str = ""
    whole: str = ""


def read_addresses(
    source: Source, *, columns: Columns, limits: Limits = ADDRESS_LIMITS
) -> list[AddressPoint]:
    """Read points with a house number and a street; rows without either are left out.

    What was left out or turned is added to `source.notices`. Raises ImportRefused.
    """
    columns = _known(source, columns)
    reader = Reader(limits)
    rows, points, numbers = [], [], []
    for feature in source.features:
        told = _told(feature, columns)
        if told is None or not feature.geometry:
            continue
        rows.append(told)
        points.append(reader.point(feature.number, feature.geometry))
        numbers.append(feature.number)
    if not rows:
        raise ImportRefused("The file has no house number with a street and a place.")
    if len(rows) < len(source.features):
        left_out = len(source.features) - len(rows)
        source.notices.add(f"{left_out:,} rows without number, street or place were left out.")
    turned = shapely.get_coordinates(to_degrees(points, numbers, source.crs, source.notices))
    return [
        AddressPoint(number, suffix, street, round(lon, DIGITS), round(lat, DIGITS))
        for (number, suffix, street), (lon, lat) in zip(rows, turned.tolist(), strict=True)
    ]


def _known(source: Source, columns: Columns) -> Columns:
    if columns.whole:
        return Columns(whole=source.with_field(columns.whole))
    return Columns(
        number=source.with_field(columns.number), street=source.with_field(columns.street)
    )


def _told(feature: RawFeature, columns: Columns) -> tuple[int, str, str] | None:
    number, street = _written(feature, columns)
    found = _NUMBER.match(number)
    if found is None or not street:
        return None
    if len(street) > MAX_STREET:
        raise ImportRefused(
            f"Its street is longer than {MAX_STREET} letters.", feature=feature.number
        )
    value = int(found.group(1))
    return (value, (found.group(2) or "").upper(), street) if 0 < value <= HIGHEST_NUMBER else None


def _written(feature: RawFeature, columns: Columns) -> tuple[str, str]:
    if columns.whole:
        found = _WHOLE.match(text_of(feature.properties.get(columns.whole)))
        return (found.group(1), _normally(found.group(2))) if found else ("", "")
    return (
        text_of(feature.properties.get(columns.number)),
        _normally(text_of(feature.properties.get(columns.street))),
    )


def _normally(street: str) -> str:
    """Shouted names are written as people do."""
    if street.isupper() and re.search(r"[A-Z]{4}", street):
        return _ORDINAL.sub(lambda found: found.group(0).lower(), street.title())
    return street
