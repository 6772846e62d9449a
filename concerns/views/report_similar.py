"""Published concerns that may be the same, shown before a report is sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from concerns.forms.place import ChosenPlace
from concerns.models import Category
from concerns.published.anchors import AREA, anchor_for
from concerns.published.rows import STATES
from concerns.published.similar import Similar, Sought, similar_to
from concerns.workflow import State
from engagement.doors.addresses import address
from engagement.doors.public_role import as_the_public
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency
from engagement.places.queries import agency_areas, areas_at, blocks_of

FEET_PER_METRE = 3.281
# Closer than that two anchors are one place in everyday words.
SAME_METRES = 30


@dataclass(frozen=True)
class Row:
    """One published concern with what it takes to tell whether it is the same."""

    reference: str
    url: str
    kind: str
    place: str
    distance: str
    on: date
    done_on: date | None
    state: str
    state_words: str
    summary: str
    is_untranslated: bool


def similar_context(
    request: PortalRequest,
    *,
    agency: Agency,
    category: Category,
    place: ChosenPlace,
    text: str,
    is_home: bool,
    now: datetime,
) -> dict[str, Any]:
    """Context of `report_similar.html`. One query, made as the public; nothing is kept."""
    sought = _sought(agency, category, place, text=text, is_home=is_home, now=now)
    rows: list[Row] = []
    if sought is not None:
        with as_the_public():
            found = similar_to(sought, agency=agency, today=agency.day_of(now))
        # What is closed cannot be joined: offered here it would only hold people up.
        rows = [_row(request, each) for each in found if each.concern.state != State.CLOSED]
    return {"similar": rows, "join_url": address(request, "mine_too")}


def _sought(
    agency: Agency,
    category: Category,
    place: ChosenPlace,
    *,
    text: str,
    is_home: bool,
    now: datetime,
) -> Sought | None:
    blocks = blocks_of(agency)
    anchor = anchor_for(
        visibility=category.visibility,
        lon=place.lon,
        lat=place.lat,
        is_private=is_home,
        block_at=blocks.anchor if blocks else None,
    )
    if anchor is None:
        # Of its kind nothing is ever public, and a related one would only distract.
        return None
    area_id = _area_id(agency, place, now) if anchor.precision == AREA else None
    return Sought(category.code, category.group, anchor, area_id, text)


def _area_id(agency: Agency, place: ChosenPlace, now: datetime) -> int | None:
    """The area that would be shown for this place."""
    if place.lon is not None and place.lat is not None:
        held = areas_at(agency=agency, lon=place.lon, lat=place.lat)
        shown = held.get(agency.public_layer) or held.get(agency.responsible_layer)
        return shown.id if shown else None
    areas = agency_areas(agency, agency.public_layer, agency.day_of(now))
    return next((area.pk for area in areas if area.code == place.area_code), None)


def _row(request: PortalRequest, each: Similar) -> Row:
    concern = each.concern
    return Row(
        reference=concern.reference,
        url=address(request, "published_detail", concern.reference),
        kind=str(concern.category_label),
        place=concern.place_label,
        distance=_distance(each.metres),
        on=concern.received_on,
        done_on=concern.resolved_on,
        state=concern.state,
        state_words=str(STATES.get(concern.state, concern.state)),
        summary=str(concern.summary),
        is_untranslated=concern.summary.missing(),
    )


def _distance(metres: float | None) -> str:
    """How far two anchors lie apart, in words; empty where an area is all that is known."""
    if metres is None:
        return ""
    if metres < SAME_METRES:
        return _("at the same place")
    rounded = max(50, round(metres / 50) * 50)
    feet = round(rounded * FEET_PER_METRE / 50) * 50
    return _("about %(feet)d feet (%(metres)d m) away") % {"feet": feet, "metres": rounded}
