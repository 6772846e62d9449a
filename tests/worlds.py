"""A small world for tests: two agencies with areas and streets, officers, and reports.

Everything is made through the same actions that the portal uses, at a fixed moment.
"""

import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.test import Client
from shapely.geometry import box, mapping

from concerns.actions.categories import store_categories
from concerns.actions.intake import Receipt, Report, submit
from concerns.models import Category
from concerns.models.concern import Channel, Level, PlaceSource
from engagement.audit.actors import Actor
from engagement.people.actions import assign_area, create_account, grant_role
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.people.trust import NOTE, FactorKind
from engagement.places.actions import create_agency, store_boundaries, store_streets
from engagement.places.importing.boundaries import read_areas
from engagement.places.importing.geojson import read_geojson
from engagement.places.importing.refusal import AREA_LIMITS, STREET_LIMITS
from engagement.places.importing.streets import read_streets
from engagement.places.models import Agency, Area

NOW = datetime(2026, 11, 18, 15, 42, 17, tzinfo=UTC)  # a Wednesday morning in Missouri
BY = Actor.task("tests")
PASSWORD = "correct-horse-battery-staple"
# The corner of the first agency; the second lies one degree further east.
LON, LAT = -92.2, 38.4
STEP = 0.02
MINUTE = timedelta(minutes=1)


def agency(slug: str = "cedar", *, east: float = 0.0, now: datetime = NOW) -> Agency:
    """Make an agency with two districts side by side, two neighborhoods and four streets."""
    made = create_agency(slug=slug, name=f"{slug.title()} Police", by=BY, now=now)
    west = LON + east
    for layer, names in {
        "district": ("West District", "East District"),
        "neighborhood": ("Old Mill", "Lantern Hill"),
    }.items():
        features = [
            _feature(
                box(west + n * STEP, LAT, west + (n + 1) * STEP, LAT + STEP),
                name=name,
                code=str(n + 1),
            )
            for n, name in enumerate(names)
        ]
        read = partial(read_areas, layer=layer, name_field="name", code_field="code")
        store_boundaries(
            agency_id=made.pk,
            layer=layer,
            areas=read(read_geojson(_collection(features), AREA_LIMITS)),
            source="tests",
            by=BY,
            now=now,
        )
    _streets(made, west, now)
    store_categories(agency=made, by=BY, now=now)
    made.refresh_from_db()
    return made


def officer(
    at: Agency,
    name: str = "Officer Vale",
    *,
    role: Role = Role.OFFICER,
    district: str | None = "1",
    email: str | None = None,
    now: datetime = NOW,
) -> User:
    """Make a member of staff; `district` is the area they look after."""
    user = create_account(
        email=email or f"{secrets.token_hex(4)}@staff.example",
        name=name,
        password=PASSWORD,
        by=BY,
        now=now,
    )
    grant_role(user=user, role=role, agency=at, from_on=at.day_of(now), by=BY, now=now)
    if district is not None:
        area = Area.objects.get(agency=at, layer="district", code=district)
        assign_area(user=user, area=area, from_on=at.day_of(now), by=BY, now=now)
    return user


def resident(email: str = "resident@home.example", now: datetime = NOW) -> User:
    return create_account(email=email, password=PASSWORD, by=BY, now=now)


def operator(email: str = "operator@staff.example", now: datetime = NOW) -> User:
    return create_account(
        email=email, name="Operator", password=PASSWORD, is_operator=True, by=BY, now=now
    )


def report(at: Agency, **changes: Any) -> Report:
    """A graffiti report in the middle of the first district; anything can be changed."""
    category = changes.pop("category", "graffiti")
    values: dict[str, Any] = {
        "agency": at,
        "category": Category.objects.get(agency=at, code=category),
        "text": "Red paint all over the wall of the underpass.",
        "language": "en",
        "lon": LON + STEP / 2,
        "lat": LAT + STEP / 2,
        "place_text": "underpass",
        "place_source": PlaceSource.MAP,
        "is_home": False,
        "level": Level.ANONYMOUS,
        "email": None,
        "account_user_id": None,
        "submission_key": secrets.token_urlsafe(32),
        "channel": Channel.WEB,
    }
    return Report(**{**values, **changes})


def reported(at: Agency, *, now: datetime = NOW, **changes: Any) -> Receipt:
    """File a report, as the form does."""
    return submit(report=report(at, **changes), by=Actor.reporter(), now=now)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def trusted(user: User, *, age: timedelta = timedelta(0)) -> Client:
    """Signed in with a second factor shown so long ago: what service asks of staff."""
    client = signed_in(user)
    session = client.session
    at = int(time.time() - age.total_seconds())
    session[NOTE] = {"kind": FactorKind.TOTP.value, "at": at, "user": user.pk}
    session.save()
    return client


def _streets(at: Agency, west: float, now: datetime) -> None:
    middle_lon, middle_lat = west + STEP, LAT + STEP / 2
    lines = {
        "Main St": [(west, middle_lat), (middle_lon, middle_lat), (west + 2 * STEP, middle_lat)],
        "N Cedar Ave": [(middle_lon, middle_lat), (middle_lon, LAT + STEP)],
        "S Cedar Ave": [(middle_lon, LAT), (middle_lon, middle_lat)],
        "Mill Rd": [(west, LAT + STEP / 4), (west + 2 * STEP, LAT + STEP / 4)],
    }
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "class": "local"},
            "geometry": {"type": "LineString", "coordinates": points},
        }
        for name, points in lines.items()
    ]
    found = read_streets(
        read_geojson(_collection(features), STREET_LIMITS), name_field="name", class_field="class"
    )
    store_streets(agency_id=at.pk, found=found, by=BY, now=now)


def _feature(shape: Any, **properties: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}


def _collection(features: list[dict[str, Any]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
