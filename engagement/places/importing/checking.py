"""Comparing imported areas with an answer that someone else gave for the same points."""

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from engagement.places.importing.refusal import ImportRefused
from engagement.places.importing.source import text_of
from engagement.places.index import AreaHit, AreaIndex

MAX_ROWS = 1_000_000
METRES_PER_DEGREE = 111_195.0


@dataclass
class Agreement:
    """How a file's answers compare; distances in metres from the point to the area it names."""

    inside: int = 0
    near: int = 0
    far: int = 0
    elsewhere: int = 0
    without_place: int = 0
    without_code: int = 0
    unknown_code: int = 0
    distances: list[float] = field(default_factory=list)

    @property
    def checkable(self) -> int:
        return self.inside + self.near + self.far


@dataclass(frozen=True)
class Answer:
    """A line of the file: the code it gives for a point; `lon` is None when it has no place."""

    code: str
    lon: float | None
    lat: float | None


def read_answers(
    path: Path, *, code_column: str, lon_column: str, lat_column: str
) -> Iterator[Answer]:
    """Read a CSV with a header line in UTF-8. Raises ImportRefused."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            _require(rows.fieldnames or [], (code_column, lon_column, lat_column))
            for number, row in enumerate(rows, start=1):
                if number > MAX_ROWS:
                    raise ImportRefused(f"The file has more than {MAX_ROWS:,} rows.")
                lon, lat = _number(row[lon_column]), _number(row[lat_column])
                yield Answer(text_of(row[code_column]), lon, lat)
    except OSError as failed:
        raise ImportRefused(f"{path} cannot be read: {failed.strerror}.") from failed
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise ImportRefused("The file is not a CSV in UTF-8.") from wrong


def compare(
    answers: Iterable[Answer], index: AreaIndex, *, layer: str, near_metres: float
) -> Agreement:
    """Count answers whose point lies in the area they name, near it, or far from it."""
    shapes = {
        hit.code: shape
        for hit, shape in zip(index.hits, index.shapes, strict=True)
        if hit.layer == layer
    }
    result = Agreement()
    for answer in answers:
        if answer.lon is None or answer.lat is None:
            result.without_place += 1
        elif not answer.code:
            result.without_code += 1
        elif answer.code not in shapes:
            result.unknown_code += 1
        else:
            hit = index.at(answer.lon, answer.lat).get(layer)
            metres = _metres(shapes[answer.code], answer.lon, answer.lat)
            _count(result, answer.code, hit, metres, near_metres)
    return result


def _count(
    result: Agreement, code: str, hit: AreaHit | None, metres: float, near_metres: float
) -> None:
    if metres == 0:
        result.inside += 1
    else:
        result.distances.append(metres)
        result.near += metres <= near_metres
        result.far += metres > near_metres
    result.elsewhere += hit is not None and hit.code != code


def _metres(shape: shapely.Geometry, lon: float, lat: float) -> float:
    scale = np.array([math.cos(math.radians(lat)), 1.0]) * METRES_PER_DEGREE
    flat = shapely.transform(shape, lambda degrees: (degrees - [lon, lat]) * scale)
    return float(shapely.distance(flat, shapely.Point(0, 0)))


def _require(there: Iterable[str], wanted: Iterable[str]) -> None:
    missing = [name for name in wanted if name not in there]
    if missing:
        raise ImportRefused(
            f"The file has no column “{missing[0]}”. Columns: {', '.join(there) or 'none'}."
        )


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
