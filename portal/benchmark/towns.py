"""The forty agencies with areas, officers and kinds of concern, and the spots of their reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from shapely.geometry import box, mapping

from concerns.actions.categories import store_categories
from concerns.models import Category
from concerns.models.categories import Visibility
from concerns.published.anchors import BLOCK, STREET, Anchor, anchor_for
from engagement.audit.actors import Actor
from engagement.people.actions import assign_area, create_account, grant_role
from engagement.people.models import AreaAssignment, User
from engagement.people.roles import Role
from engagement.places.actions import create_agency, store_boundaries
from engagement.places.importing.boundaries import AreaShape
from engagement.places.index import Bounds
from engagement.places.models import Agency, Area, Street
from engagement.places.queries import agency_bounds, areas_at
from portal.demonstration.places import build_agencies

BY = Actor.task("seed_bench")
DOMAIN = "bench.invalid"
SOURCE = "invented for measuring"
WEST, SOUTH, STEP, SIDE = -95.0, 39.5, 0.15, 0.1
DISTRICTS, NEIGHBORHOODS = (2, 1), (4, 2)
MOST_SPOTS, FEWEST_SPOTS = 20_000, 40


@dataclass(frozen=True)
class Spot:
    """A place that people report, with what is stored about it: ids of areas and anchors."""

    lon: float
    lat: float
    district: int | None
    neighborhood: int | None
    areas: tuple[int, ...]
    anchors: dict[str, tuple[Anchor, tuple[int, ...]]]
    label: str


@dataclass(frozen=True)
class Town:
    """One agency; `lead_of` says whose a new concern in a district is."""

    agency: Agency
    kinds: list[Category]
    lead_of: dict[int, int]
    spots: list[Spot]


def build(number: int, now: datetime) -> list[Agency]:
    """Make so many agencies, at least two, with staff, and one resident; the largest is first."""
    home, other = build_agencies(by=BY, now=now)
    agencies = [home, other, *(_agency(place, now) for place in range(2, number))]
    for agency in agencies:
        _staff(agency, now)
    create_account(email=f"resident@{DOMAIN}", by=BY, now=now)
    return agencies


def mailbox(role: str, agency: Agency) -> str:
    """The address of an invented person, so that measuring finds them again."""
    return f"{role}.{agency.slug}@{DOMAIN}"


def town_of(agency: Agency, *, concerns: int, chance: np.random.Generator) -> Town:
    """Read an agency back with spots for about so many concerns."""
    agency.refresh_from_db()
    taken = list(Category.objects.of(agency).taken())
    order = chance.permutation(len(taken)).tolist()
    leads = AreaAssignment.objects.filter(agency=agency, is_lead=True).order_by("id")
    wanted = max(FEWEST_SPOTS, min(MOST_SPOTS, concerns // 8))
    return Town(
        agency=agency,
        kinds=[taken[place] for place in order],
        lead_of=dict(leads.values_list("area_id", "user_id")),
        spots=list(_spots(agency, wanted, chance)),
    )


def _agency(number: int, now: datetime) -> Agency:
    agency = create_agency(
        slug=f"bench-{number}", name=f"Bench Town {number} Police", by=BY, now=now
    )
    west = WEST + STEP * (number % 8)
    south = SOUTH + STEP * (number // 8)
    for layer, grid in (("district", DISTRICTS), ("neighborhood", NEIGHBORHOODS)):
        store_boundaries(
            agency_id=agency.pk,
            layer=layer,
            areas=list(_grid(layer, west, south, grid)),
            source=SOURCE,
            by=BY,
            now=now,
        )
    store_categories(agency=agency, by=BY, now=now)
    return agency


def _grid(layer: str, west: float, south: float, grid: tuple[int, int]) -> Iterator[AreaShape]:
    columns, rows = grid
    wide, high = SIDE / columns, SIDE / rows
    for column in range(columns):
        for row in range(rows):
            x, y = west + column * wide, south + row * high
            code = str(column * rows + row + 1)
            yield AreaShape(
                code=code,
                name=f"{layer.title()} {code}",
                geometry=mapping(box(x, y, x + wide, y + high)),
                bounds=Bounds(x, y, x + wide, y + high),
            )


def _staff(agency: Agency, now: datetime) -> None:
    """An officer for each district, and one supervisor."""
    districts = Area.objects.filter(agency=agency, layer=agency.responsible_layer)
    for area in districts.order_by("id"):
        officer = _member(agency, f"officer-{area.code}", Role.OFFICER, now)
        assign_area(user=officer, area=area, from_on=_since(now), by=BY, now=now)
    _member(agency, "supervisor", Role.SUPERVISOR, now)


def _member(agency: Agency, role: str, held: Role, now: datetime) -> User:
    name = f"{role.title()} of {agency.short_name or agency.name}"
    user = create_account(email=mailbox(role, agency), name=name, by=BY, now=now)
    grant_role(user=user, role=held, agency=agency, from_on=_since(now), by=BY, now=now)
    return user


def _since(now: datetime) -> date:
    return (now - timedelta(days=365)).date()


def _spots(agency: Agency, wanted: int, chance: np.random.Generator) -> Iterator[Spot]:
    """Spread over the box of the agency, so a few lie outside every area."""
    bounds = agency_bounds(agency)
    assert bounds is not None
    names = list(
        Street.objects.filter(agency=agency).order_by("name").values_list("name", flat=True)
    ) or ["Main St", "Oak Ave", "2nd St"]
    lons = chance.uniform(bounds.west, bounds.east, wanted).round(6).tolist()
    lats = chance.uniform(bounds.south, bounds.north, wanted).round(6).tolist()
    streets = chance.integers(0, len(names), wanted).tolist()
    for lon, lat, street in zip(lons, lats, streets, strict=True):
        yield _spot(agency, lon, lat, names[street])


def _spot(agency: Agency, lon: float, lat: float, street: str) -> Spot:
    hits = areas_at(agency=agency, lon=lon, lat=lat)
    district = hits.get(agency.responsible_layer)
    neighborhood = hits.get(agency.public_layer)
    anchors = {}
    for visibility, precision in ((Visibility.STREET, STREET), (Visibility.BLOCK, BLOCK)):
        anchor = anchor_for(visibility=visibility, lon=lon, lat=lat, is_private=False)
        assert anchor is not None
        assert anchor.lon is not None
        assert anchor.lat is not None
        around = areas_at(agency=agency, lon=anchor.lon, lat=anchor.lat)
        anchors[precision] = (anchor, tuple(sorted(hit.id for hit in around.values())))
    return Spot(
        lon=lon,
        lat=lat,
        district=district.id if district else None,
        neighborhood=neighborhood.id if neighborhood else None,
        areas=tuple(sorted(hit.id for hit in hits.values())),
        anchors=anchors,
        label=", ".join([street, *([neighborhood.name] if neighborhood else [])]),
    )
