"""Where the public may see that something was: an anchor, never a point on private land."""

from concerns.models import Concern
from concerns.published.anchors import Anchor, anchor_for
from concerns.published.labels import PublicPlace, nearest_street, place_of
from engagement.places.models import Area
from engagement.places.queries import AreaHit, areas_at, blocks_of

# Further than this from the middle of every street is taken for private land, until staff look.
STREET_REACH_METRES = 30.0


def place_for(concern: Concern, *, is_private: bool) -> PublicPlace | None:
    """Return the place as finely as its kind allows, or None where the public sees no place.

    `concern` may be a draft that is not stored yet, with a point, its agency and its category.
    """
    blocks = blocks_of(concern.agency)
    anchor = anchor_for(
        visibility=concern.category.visibility,
        lon=concern.lon,
        lat=concern.lat,
        is_private=is_private or concern.is_home,
        block_at=blocks.anchor if blocks else None,
    )
    if anchor is None:
        return None
    return place_of(anchor, agency=concern.agency, areas_of_point=areas_of_point(concern))


def fixed_place(concern: Concern) -> PublicPlace | None:
    """Return the place that is public already, without its areas."""
    public = concern.public
    if public is None:
        return None
    return PublicPlace(
        anchor=Anchor(public.precision, public.anchor_lon, public.anchor_lat),
        label=public.place_label,
        area_ids=(),
    )


def areas_of_point(concern: Concern) -> dict[str, AreaHit]:
    """Return the areas of a concern by layer: of its point, else those stored with it."""
    if concern.lon is not None and concern.lat is not None:
        return areas_at(agency=concern.agency, lon=concern.lon, lat=concern.lat)
    stored = Area.objects.filter(pk__in=concern.areas.values("area_id")).order_by("id")
    return {
        area.layer: AreaHit(area.pk, area.layer, area.code, area.name, area.slug) for area in stored
    }


def is_off_street(concern: Concern) -> bool:
    """Whether its point lies so far from every street that it is taken for private land."""
    if concern.lon is None or concern.lat is None:
        return False
    street = nearest_street(agency=concern.agency, lon=concern.lon, lat=concern.lat)
    if street is None:
        # An agency without street lines cannot tell; one with them has none near here.
        return concern.agency.street_revision > 0
    return street[1] > STREET_REACH_METRES
