"""What the portal asks about places."""

from engagement.places.index import AreaHit, Bounds
from engagement.places.queries.areas import (
    agency_areas,
    agency_bounds,
    area_outlines,
    areas_at,
    areas_in_force,
    areas_over,
    is_near_agency,
)
from engagement.places.queries.blocks import blocks_of
from engagement.places.queries.calendar import holidays_of
from engagement.places.queries.hotlines import help_hotlines
from engagement.places.queries.search import PlaceHit, search_places
from engagement.places.queries.tiles import MAX_ZOOM, MIN_ZOOM, NoSuchTile, street_tile

__all__ = [
    "MAX_ZOOM",
    "MIN_ZOOM",
    "AreaHit",
    "Bounds",
    "NoSuchTile",
    "PlaceHit",
    "agency_areas",
    "agency_bounds",
    "area_outlines",
    "areas_at",
    "areas_in_force",
    "areas_over",
    "blocks_of",
    "help_hotlines",
    "holidays_of",
    "is_near_agency",
    "search_places",
    "street_tile",
]
