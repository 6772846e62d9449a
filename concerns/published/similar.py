"""Published concerns that may be the same as one that somebody is about to report.

Reads the projection alone, and measures from anchor to anchor: what the reporter typed is
compared with words that everyone may read, and their exact place with nothing.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from concerns.published.anchors import METRES_PER_DEGREE, Anchor
from concerns.published.models import PublicConcern
from concerns.published.queries import DONE
from engagement.places.models import Agency

# Two grids of blocks and streets: the nearest points of both lie within this of each other.
REACH_METRES = 400.0
STILL_RECENT = timedelta(days=60)
MOST = 5
# So many of an area's newest are compared; a district's whole history is not.
NEWEST_OF_AREA = 500
# Of a word so much is compared, in any language: "painted" and "paint" are the same then.
STEM, SHORTEST = 5, 4
MOST_WORDS = 60
SCORED = """
SELECT * FROM (
    SELECT near.*,
        near.category_code = %(category)s AS is_same_kind,
        (SELECT count(*) FROM (
            SELECT left(lexeme, %(stem)s) FROM unnest(tsvector_to_array(near.search)) AS lexeme
            WHERE length(lexeme) >= %(shortest)s
            INTERSECT SELECT unnest(%(stems)s::text[])) AS both_say) AS words
    FROM ({near}) AS near
    WHERE (near.category_code = %(category)s OR near."group" = %(group)s)
        AND daterange(NULL, near.resolved_on, '[]') @> %(since)s::date
        AND (near.state <> ALL(%(done)s) OR near.resolved_on IS NOT NULL)
        AND near.metres <= %(reach)s
) AS scored
WHERE is_same_kind OR words > 0
ORDER BY 2 * is_same_kind::int + least(words, 3) + 2 * (1 - metres / %(reach)s) DESC, id DESC
LIMIT %(most)s"""
# One look into the index `published_near_and_recent`, place and day together.
NEAR = """
SELECT public.*, sqrt(
    power((anchor_lon - %(lon)s) * %(squeeze)s, 2) + power(anchor_lat - %(lat)s, 2)
) * %(degree)s AS metres
FROM published_publicconcern AS public
WHERE agency_id = %(agency)s AND anchor_lon IS NOT NULL
    AND point(anchor_lon, anchor_lat) <@ box(
        point(%(lon)s - %(aside)s, %(lat)s - %(up)s), point(%(lon)s + %(aside)s, %(lat)s + %(up)s))
"""
# Where only the area is shown, the area is the place.
INSIDE = """
SELECT public.*, 0.0::float AS metres
FROM (
    SELECT public_concern_id FROM published_publicconcernarea
    WHERE agency_id = %(agency)s AND area_id = %(area)s
    ORDER BY public_concern_id DESC LIMIT %(newest)s
) AS held JOIN published_publicconcern AS public ON public.id = held.public_concern_id
"""


@dataclass(frozen=True)
class Sought:
    """What is about to be reported, as the public would see its place.

    `area_id` is looked at where the anchor names no point. `text` is compared and kept nowhere.
    """

    category: str
    group: str
    anchor: Anchor
    area_id: int | None
    text: str

    def __repr__(self) -> str:
        # What somebody typed must not show in a traceback.
        return f"Sought({self.category})"


@dataclass(frozen=True)
class Similar:
    """A published concern and how far its anchor lies from the other, in metres; None where
    one of both is a whole area."""

    concern: PublicConcern
    metres: float | None


def similar_to(sought: Sought, *, agency: Agency, today: date) -> list[Similar]:
    """Return at most five that are open or were done within 60 days, the likeliest first.

    One query. Same kind, or a related one that shares a word; near by anchors, or in the area.
    """
    has_point = sought.anchor.lon is not None and sought.anchor.lat is not None
    if not has_point and sought.area_id is None:
        return []
    asked = SCORED.replace("{near}", NEAR if has_point else INSIDE)
    found = PublicConcern.objects.raw(asked, _values(sought, agency=agency, today=today))
    return [Similar(each, vars(each)["metres"] if has_point else None) for each in found]


def stems_of(text: str) -> list[str]:
    """Return the beginnings of the typed words that are long enough to mean something."""
    plain = "".join(sign if sign.isalnum() else " " for sign in text.lower())
    stems = dict.fromkeys(word[:STEM] for word in plain.split() if len(word) >= SHORTEST)
    return list(stems)[:MOST_WORDS]


def _values(sought: Sought, *, agency: Agency, today: date) -> dict[str, object]:
    lon, lat = sought.anchor.lon or 0.0, sought.anchor.lat or 0.0
    squeeze = max(0.01, math.cos(math.radians(lat)))
    up = REACH_METRES / METRES_PER_DEGREE
    return {
        "agency": agency.pk,
        "category": sought.category,
        "group": sought.group,
        "area": sought.area_id,
        "lon": lon,
        "lat": lat,
        "squeeze": squeeze,
        "up": up,
        "aside": up / squeeze,
        "degree": METRES_PER_DEGREE,
        "reach": REACH_METRES,
        "since": today - STILL_RECENT,
        "done": list(DONE),
        "stems": stems_of(sought.text),
        "stem": STEM,
        "shortest": SHORTEST,
        "newest": NEWEST_OF_AREA,
        "most": MOST,
    }
