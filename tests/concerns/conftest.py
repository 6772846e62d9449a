"""Riverton with two districts, its people, and Elsewhere next door."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from concerns.actions.categories import store_categories
from concerns.actions.intake import Receipt, Report, submit
from concerns.models import Category, Concern
from engagement.audit.actors import Actor
from engagement.outbox import bell
from engagement.people.identity import sign_in_key, store_contact
from engagement.people.models import AreaAssignment, Grant, GrantArea, User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area, AreaVersion

NOW = datetime(2026, 11, 3, 17, 23, 45, 123456, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
WEST_POINT = (-90.25, 38.65)
EAST_POINT = (-90.15, 38.65)
OUTSIDE = (-91.5, 39.5)

Submits = Callable[..., Receipt]


@pytest.fixture(autouse=True)
def muted_bell() -> None:
    bell.Mute.until = float("inf")


@pytest.fixture
def now() -> datetime:
    return NOW


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def draw_area(
    agency: Agency, layer: str, code: str, box: tuple[float, float, float, float]
) -> Area:
    area = Area.objects.create(
        agency=agency, layer=layer, code=code, name=f"{layer} {code}", slug=f"{layer}-{code}"
    )
    west, south, east, north = box
    AreaVersion.objects.create(
        agency=agency,
        area=area,
        shape=square(*box),
        valid_from=LONG_AGO,
        min_lon=west,
        min_lat=south,
        max_lon=east,
        max_lat=north,
    )
    return area


def found_agency(slug: str) -> Agency:
    """An agency with districts west and east, a neighborhood in each, and the usual categories."""
    agency = Agency.objects.create(
        slug=slug, name=f"{slug.title()} Police", short_name=slug.title()
    )
    for layer in ("district", "neighborhood"):
        draw_area(agency, layer, "west", (-90.30, 38.60, -90.20, 38.70))
        draw_area(agency, layer, "east", (-90.20, 38.60, -90.10, 38.70))
    store_categories(agency=agency, by=Actor.task("tests"), now=FOUNDED)
    agency.refresh_from_db()
    return agency


@pytest.fixture
def agency(db: None) -> Agency:
    return found_agency("riverton")


@pytest.fixture
def elsewhere(db: None) -> Agency:
    return found_agency("elsewhere")


def area_of(agency: Agency, layer: str, code: str) -> Area:
    return Area.objects.get(agency=agency, layer=layer, code=code)


def meet_user(name: str, *, email: str | None = None) -> User:
    address = email or f"{name.replace(' ', '.').lower()}@example.org"
    contact = store_contact(agency_id=None, kind="email", value=address, language="en", now=NOW)
    return User.objects.create(
        sign_in_key=sign_in_key(address), name=name, contact=contact, created_on=LONG_AGO
    )


def hire(name: str, role: Role, agency: Agency, *areas: Area, leads: Area | None = None) -> User:
    user = meet_user(name)
    grant = Grant.objects.create(user=user, role=role, agency=agency, from_on=LONG_AGO)
    for area in areas:
        GrantArea.objects.create(agency=agency, grant=grant, area=area)
    if leads is not None:
        AreaAssignment.objects.create(
            agency=agency, user=user, area=leads, is_lead=True, from_on=LONG_AGO
        )
    return user


@pytest.fixture
def officer(agency: Agency) -> User:
    """Leads district west."""
    return hire("Officer West", Role.OFFICER, agency, leads=area_of(agency, "district", "west"))


@pytest.fixture
def colleague(agency: Agency) -> User:
    """Leads district east."""
    return hire("Officer East", Role.OFFICER, agency, leads=area_of(agency, "district", "east"))


@pytest.fixture
def stranger(elsewhere: Agency) -> User:
    """An officer of another agency."""
    return hire("Officer Elsewhere", Role.OFFICER, elsewhere)


def category_of(agency: Agency, code: str) -> Category:
    return Category.objects.get(agency=agency, code=code)


def a_report(agency: Agency, **changes: object) -> Report:
    code = str(changes.pop("code", "graffiti"))
    report = Report(
        agency=agency,
        category=category_of(agency, code),
        text="Somebody painted our whole back wall in green letters last night",
        language="en",
        lon=WEST_POINT[0],
        lat=WEST_POINT[1],
        place_text="by the bakery",
        place_source="map",
        is_home=False,
        level="anonymous",
        email=None,
        account_user_id=None,
        submission_key="key-1",
        channel="web",
    )
    return replace(report, **changes)  # type: ignore[arg-type]


def file_report(agency: Agency, **changes: object) -> Receipt:
    now = changes.pop("now", NOW)
    assert isinstance(now, datetime)
    return submit(report=a_report(agency, **changes), by=Actor.reporter(), now=now)


@pytest.fixture
def concern(agency: Agency, officer: User) -> Concern:
    """Graffiti in district west, filed without a name."""
    return file_report(agency).concern


@pytest.fixture
def told(agency: Agency, officer: User) -> Concern:
    """Graffiti in district west, filed with an address."""
    return file_report(agency, level="confidential", email="ana@example.org").concern
