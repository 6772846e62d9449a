"""Reads one row of another system's export: a request or a reason comes out. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from concerns.words import PLACE_LIMIT, TooLong, clean_line, clean_words

FIELDS = {
    "external_id": "the other system's number of the request (needed)",
    "opened": "when it came in (needed)",
    "category": "its kind there, looked up in --category-map (needed)",
    "closed": "when it was closed or cancelled; empty while open",
    "target": "the day by which it was to be done",
    "status": "its state there; says whether a request without closing time is open",
    "text": "what was reported",
    "place": "where, in words",
    "lon": "longitude in degrees (WGS84)",
    "lat": "latitude in degrees (WGS84)",
}
NEEDED = ("external_id", "opened", "category")
PLANAR = ("x", "y", "srx", "sry", "easting", "northing")
NOTHING = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-"})
NEW = frozenset({"new", "open", "received", "submitted"})
ENDED = frozenset({"closed", "completed", "complete", "resolved", "done", "finished"})
CANCELLED = frozenset({"cancel", "canceled", "cancelled", "void", "duplicate", "rejected"})
DATE_SHAPES = (
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y%m%d",
)
# A time beyond these is a slip of the pen, and some of them no clock can turn into UTC.
EARLIEST, LATEST = 1950, 2200


class BadRow(ValueError):
    """The row cannot be taken over; the message says why, in words for whoever runs the import."""


class LeftOut(Exception):
    """The category map leaves this kind of request out on purpose."""


@dataclass(frozen=True)
class PastRequest:
    """One request as the other system had it; times are aware, coordinates degrees or None."""

    external_id: str
    category_code: str
    opened: datetime
    closed: datetime | None
    is_cancelled: bool
    is_new: bool
    target: date | None
    text: str
    place: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class CategoryMap:
    """Pairs of (pattern, code): `*` and `?` are wildcards, case is ignored, the first one wins.

    An empty code leaves such requests out.
    """

    pairs: Sequence[tuple[str, str]]

    def code_for(self, kind: str) -> str:
        """Raises LeftOut, and BadRow when nothing fits."""
        wanted = _folded(kind)
        for pattern, code in self.pairs:
            if fnmatchcase(wanted, _folded(pattern)):
                if not code:
                    raise LeftOut
                return code
        raise BadRow(f"the category map has nothing for {kind[:60]!r}")


def read_request(
    row: Mapping[str, Sequence[str]], *, categories: CategoryMap, zone: ZoneInfo
) -> PastRequest:
    """Turn the mapped values of a row (several columns may feed one field) into a request.

    Times without zone are the agency's. Raises BadRow, LeftOut.
    """
    status = _folded(_first(row, "status"))
    opened = _moment(row, "opened", zone)
    closed = _moment(row, "closed", zone)
    if opened is None:
        raise BadRow("it does not say when it was opened")
    if closed is None and status in ENDED | CANCELLED:
        # It is over, and nobody wrote down since when.
        closed = opened
    if closed is not None and closed < opened:
        if closed.astimezone(zone).date() != opened.astimezone(zone).date():
            raise BadRow("it was closed before it was opened")
        # Closed the same day, of which only the date was kept.
        closed = opened
    target = _moment(row, "target", zone)
    lon, lat = _coordinates(row)
    return PastRequest(
        external_id=_external_id(row),
        category_code=categories.code_for(_needed(row, "category")),
        opened=opened,
        closed=closed,
        is_cancelled=status in CANCELLED,
        is_new=status in NEW or not status,
        target=target.astimezone(zone).date() if target else None,
        text=_text(row),
        place=clean_line(_first(row, "place")[:PLACE_LIMIT]),
        lon=lon,
        lat=lat,
    )


def _first(row: Mapping[str, Sequence[str]], field: str) -> str:
    """The first value of the field that says something; "NA" and its like say nothing."""
    for value in row.get(field, ()):
        if value.strip().casefold() not in NOTHING:
            return value.strip()
    return ""


def _needed(row: Mapping[str, Sequence[str]], field: str) -> str:
    value = _first(row, field)
    if not value:
        raise BadRow(f"it has no {field}")
    return value


def _external_id(row: Mapping[str, Sequence[str]]) -> str:
    value = clean_line(_needed(row, "external_id")[:200])
    if len(value) > 64:
        raise BadRow("its number has more than 64 characters")
    return value


def _text(row: Mapping[str, Sequence[str]]) -> str:
    try:
        return clean_words(_first(row, "text")) or _first(row, "category")
    except TooLong as error:
        raise BadRow(f"its text has more than {error.limit} characters") from None


def _moment(row: Mapping[str, Sequence[str]], field: str, zone: ZoneInfo) -> datetime | None:
    value = _first(row, field)
    if not value:
        return None
    found = _iso_moment(value, zone) or _shaped_moment(value, zone)
    if found is None:
        raise BadRow(f"{field} is no date: {value[:40]!r}")
    if not EARLIEST <= found.year <= LATEST:
        raise BadRow(f"{field} lies before {EARLIEST} or after {LATEST}")
    return found


def _iso_moment(value: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _shaped_moment(value: str, zone: ZoneInfo) -> datetime | None:
    for shape in DATE_SHAPES:
        try:
            return datetime.strptime(value, shape).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def _coordinates(row: Mapping[str, Sequence[str]]) -> tuple[float | None, float | None]:
    texts = _first(row, "lon"), _first(row, "lat")
    if not all(texts):
        return None, None
    try:
        lon, lat = (float(text) for text in texts)
    except ValueError:
        raise BadRow("its longitude or latitude is no number") from None
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise BadRow("its longitude or latitude is no number")
    if lon == lat == 0:
        return None, None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadRow("its longitude or latitude is not in degrees; convert it to WGS84 first")
    return lon, lat


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
