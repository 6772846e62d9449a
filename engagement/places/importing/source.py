"""Opening a file of features, whichever kind it is."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyproj

from engagement.places.importing.refusal import ImportRefused, Limits, Notices


@dataclass(frozen=True)
class RawFeature:
    """A feature as the file has it; `geometry` is shaped like GeoJSON, in the file's own system."""

    number: int
    properties: dict[str, Any]
    geometry: Any


@dataclass
class Source:
    """Everything read from a file; `crs` is None when the file is silent about it."""

    features: list[RawFeature]
    crs: pyproj.CRS | None = None
    notices: Notices = field(default_factory=Notices)

    def field_names(self) -> list[str]:
        names: dict[str, None] = {}
        for feature in self.features:
            names.update(dict.fromkeys(feature.properties))
        return list(names)

    def with_field(self, name: str) -> str:
        """Give the field's name as the file writes it, whatever its case; refuse one it lacks."""
        names = self.field_names()
        if name in names:
            return name
        alike = [other for other in names if other.casefold() == name.casefold()]
        if len(alike) == 1:
            return alike[0]
        there = ", ".join(names[:30]) or "none"
        raise ImportRefused(f"No feature has a field “{name}”. Fields in the file: {there}.")


def read_bytes(path: Path, limits: Limits) -> bytes:
    """Read a regular file within the size limit; raises ImportRefused."""
    try:
        with path.open("rb") as opened:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise ImportRefused(f"{path} is not a regular file.")
            data = opened.read(limits.file_bytes + 1)
    except OSError as failed:
        raise ImportRefused(f"{path} cannot be read: {failed.strerror}.") from failed
    if len(data) > limits.file_bytes:
        raise ImportRefused(f"The file is larger than {limits.file_bytes // 2**20} MB.")
    if not data.strip():
        raise ImportRefused("The file is empty.")
    return data


def text_of(value: object) -> str:
    """Write a property as one clean line: no control characters, 7.0 as 7, absent as ""."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    letters = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return " ".join(letters.split())


def numbered(items: Iterator[Any], limits: Limits) -> Iterator[tuple[int, Any]]:
    """Count from 1 and refuse what goes on beyond the limit."""
    for number, item in enumerate(items, start=1):
        if number > limits.features:
            raise ImportRefused(f"The file has more than {limits.features:,} features.")
        yield number, item
