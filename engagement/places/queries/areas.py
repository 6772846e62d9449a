"""Which areas hold a point, and how areas look."""

import math
from datetime import date, datetime, time, timedelta
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from django.utils import timezone
from shapely.geometry import mapping, shape

from engagement.places.index import AreaHit, AreaIndex, Bounds
from engagement.places.memory import Memory
from engagement.places.models import Agency, Area, AreaVersion, Street

NEAR_KILOMETRES = 10
# Borders of two layers drawn from different maps differ by slivers, not by tenths.
NEARLY_ALL = 0.9
# About the width of a line on a phone when a whole city is shown (0.0002 degrees are 20 m).
OUTLINE_TOLERANCE = 0.0002


def areas_at(*, agency: Agency, lon: float, lat: float) -> dict[str, AreaHit]:
    """Give, by layer, the area in force today that holds the point (degrees, WGS84).

    A point on a border belongs to it; where areas of a layer overlap, the smallest wins,
    then the lower code. A layer without an area there is absent: outside is a legal answer.
    No query while the process knows `agency.boundary_revision`, else one.
    """
    return area_index(agency).at(lon, lat)


def areas_over(*, agency: Agency, area_id: int) -> dict[str, AreaHit]:
    """Give, by layer, the area in which nine tenths or more of this one lie, itself included.

    Layers do not nest: where another layer divides the area, only a point could tell, and that
    layer is absent. No query while the process knows `agency.boundary_revision`, else one.
    """
    return area_index(agency).over(area_id, share=NEARLY_ALL)


def agency_areas(agency: Agency, layer: str, on: date | None = None) -> QuerySet[Area]:
    """Give the areas of a layer that are in force on a day (today when None), by name."""
    day = on or agency.day_of(timezone.now())
    versions = AreaVersion.objects.in_force(day).filter(agency=agency)
    in_layer = Area.objects.filter(agency=agency, layer=layer, pk__in=versions.values("area_id"))
    return in_layer.order_by("name", "code", "id")


def areas_in_force(agency: Agency, layer: str) -> list[AreaHit]:
    """Give the areas of a layer that are in force today, by name.

    No query while the process knows `agency.boundary_revision`, else one.
    """
    hits = {hit.id: hit for hit in area_index(agency).hits if hit.layer == layer}
    return sorted(hits.values(), key=lambda hit: (hit.name.casefold(), hit.code, hit.id))


def area_outlines(agency: Agency, layer: str) -> dict[str, Any]:
    """Give today's areas of a layer as a light GeoJSON FeatureCollection for maps.

    Neighbours are simplified together, so no gaps open between them. Each feature has
    properties id, code, name and slug. No query while the revision is known, else one.
    """
    index = area_index(agency)
    if layer not in index.outlines:
        index.outlines[layer] = _outlines(index, layer)
    return index.outlines[layer]


def agency_bounds(agency: Agency) -> Bounds | None:
    """Give the box around the agency's areas, else around its streets; None when it has neither."""
    box = area_index(agency).bounds
    return box or _street_bounds(agency)


def is_near_agency(agency: Agency, lon: float, lat: float) -> bool:
    """Say whether the point lies within 10 km of the box around the agency's areas or streets.

    An agency with neither has not said where it is: then every point on earth counts as near.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return False
    box = agency_bounds(agency)
    return box is None or box.padded(NEAR_KILOMETRES).holds(lon, lat)


def area_index(agency: Agency) -> AreaIndex:
    """Give today's areas in memory. No query while the boundary revision is known, else one."""
    return _areas.of(agency.pk, agency.boundary_revision)


def _street_bounds(agency: Agency) -> Bounds | None:
    lines = Street.objects.filter(agency=agency).order_by()
    west = lines.order_by("min_lon").values_list("min_lon", flat=True).first()
    south = lines.order_by("min_lat").values_list("min_lat", flat=True).first()
    east = lines.order_by("-max_lon").values_list("max_lon", flat=True).first()
    north = lines.order_by("-max_lat").values_list("max_lat", flat=True).first()
    if west is None or south is None or east is None or north is None:
        return None
    return Bounds(west, south, east, north)


def _outlines(index: AreaIndex, layer: str) -> dict[str, Any]:
    chosen = [
        (hit, polygon)
        for hit, polygon in zip(index.hits, index.shapes, strict=True)
        if hit.layer == layer
    ]
    light = shapely.coverage_simplify([polygon for _hit, polygon in chosen], OUTLINE_TOLERANCE)
    rounded = shapely.set_precision(light, 1e-5, mode="pointwise")
    features = [
        {
            "type": "Feature",
            "properties": {"id": hit.id, "code": hit.code, "name": hit.name, "slug": hit.slug},
            "geometry": _rounded(mapping(polygon)),
        }
        for (hit, _whole), polygon in zip(chosen, rounded, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(value: Any) -> Any:
    """Write binary noise away: 38.63219000000001 costs a phone twice the bytes of 38.63219."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value


def _build(agency_id: int, revision: int) -> AreaIndex:
    now = timezone.now()
    # A day of slack: which day it is depends on the agency's zone, known only with the rows.
    recent = Q(valid_until__isnull=True) | Q(valid_until__gte=now.date() - timedelta(days=1))
    versions = AreaVersion.objects.filter(recent, agency_id=agency_id)
    rows = list(versions.select_related("area", "agency").order_by("id"))
    if not rows:
        return AreaIndex.of([], revision=revision)
    agency = rows[0].agency
    today = agency.day_of(now)
    return AreaIndex.of(
        [(_hit(row.area), shape(row.shape)) for row in rows if _in_force(row, today)],
        revision=revision,
        good_until=_next_change(rows, agency, today),
    )


def _hit(area: Area) -> AreaHit:
    return AreaHit(area.pk, area.layer, area.code, area.name, area.slug)


def _in_force(version: AreaVersion, on: date) -> bool:
    return version.valid_from <= on and (version.valid_until is None or version.valid_until >= on)


def _next_change(rows: list[AreaVersion], agency: Agency, today: date) -> float:
    """Give the moment (seconds since 1970) at which another version starts or one ends."""
    starts = [row.valid_from for row in rows if row.valid_from > today]
    ends = [row.valid_until + timedelta(days=1) for row in rows if row.valid_until]
    coming = [day for day in starts + ends if day > today]
    if not coming:
        return math.inf
    return datetime.combine(min(coming), time.min, tzinfo=agency.zone).timestamp()


_areas: Memory[AreaIndex] = Memory(_build, size=500)
