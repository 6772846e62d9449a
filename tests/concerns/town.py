"""A small town for tests of public pages: two districts, two neighborhoods, three kinds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from concerns.models import Category
from engagement.places.models import Agency, Area, AreaVersion, Corner, Hotline, Street

NOW = datetime(2026, 3, 4, 15, 20, tzinfo=UTC)
LON, LAT = -92.2, 38.4
SIZE = 0.02


@dataclass(frozen=True)
class Town:
    agency: Agency
    graffiti: Category
    noise: Category
    past_crime: Category
    district: Area
    neighborhood: Area


def make_town(slug: str = "cedar", *, is_default: bool = True, west: float = LON) -> Town:
    """An agency with areas side by side from `west` on, one corner and three kinds."""
    agency = Agency.objects.create(
        slug=slug,
        name=f"{slug.title()} Police",
        is_default=is_default,
        looks_at_reports={"en": "Every weekday at 8 am", "es": "Cada día hábil a las 8"},
        non_emergency_phone="(573) 555-0100",
    )
    areas = [
        _area(agency, layer, number, west + number * SIZE)
        for layer in ("district", "neighborhood")
        for number in (0, 1)
    ]
    _streets(agency, west)
    kinds = [
        _kind(agency, "graffiti", "Graffiti", group="environment", publishes_without_text=True),
        _kind(agency, "noise", "Noise", group="safety", visibility="count"),
        _kind(
            agency, "past_crime", "Past crime", group="redirect", mode="refer", visibility="never"
        ),
    ]
    agency.refresh_from_db()
    return Town(agency, *kinds, areas[0], areas[2])


def helpful_numbers() -> None:
    """The two numbers that the help screen shows first."""
    Hotline.objects.create(
        code="emergency",
        label={"en": "Emergency", "es": "Emergencia"},
        number="911",
        number_href="tel:911",
        when={"en": "Danger right now.", "es": "Peligro ahora mismo."},
        sort=1,
        last_checked_on=date(2026, 2, 1),
    )
    Hotline.objects.create(
        code="crisis",
        label={"en": "Crisis", "es": "Crisis"},
        number="988",
        number_href="tel:988",
        when={"en": "Thoughts of suicide.", "es": "Ideas de suicidio."},
        sort=2,
    )


def filled(town: Town, **changes: Any) -> dict[str, str]:
    """A report form as the browser sends it; a change to None leaves the field out."""
    typed = {
        "agency": town.agency.slug,
        "category": "graffiti",
        "lon": f"{LON + 0.005:.6f}",
        "lat": f"{LAT + 0.005:.6f}",
        "text": "Red paint on the wall behind the bakery",
        "level": "anonymous",
    }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def key_of(client: Client, town: Town) -> str:
    """The signed key of a freshly opened form."""
    page = client.get("/report/new/", {"agency": town.agency.slug}).content.decode()
    return page.split('name="key" value="')[1].split('"')[0]


def _area(agency: Agency, layer: str, number: int, west: float) -> Area:
    area = Area.objects.create(
        agency=agency,
        layer=layer,
        code=f"{layer}-{number}",
        name=f"{layer.title()} {number}",
        slug=f"{layer}-{number}",
    )
    east, north = west + SIZE, LAT + SIZE
    ring = [[west, LAT], [east, LAT], [east, north], [west, north], [west, LAT]]
    AreaVersion.objects.create(
        agency=agency,
        area=area,
        shape={"type": "Polygon", "coordinates": [ring]},
        valid_from=date(2020, 1, 1),
        min_lon=west,
        min_lat=LAT,
        max_lon=east,
        max_lat=north,
    )
    return area


def _streets(agency: Agency, west: float) -> None:
    middle, row = west + 0.01, LAT + 0.01
    for name, points in (
        ("Elm St", [[west, row], [west + SIZE, row]]),
        ("Oak Ave", [[middle, LAT], [middle, LAT + SIZE]]),
    ):
        Street.objects.create(
            agency=agency,
            name=name,
            search_name=name.split()[0].lower(),
            lines=[{"rank": 4, "points": points}],
            min_lon=min(x for x, _y in points),
            min_lat=min(y for _x, y in points),
            max_lon=max(x for x, _y in points),
            max_lat=max(y for _x, y in points),
        )
    Corner.objects.create(agency=agency, street_a="Elm St", street_b="Oak Ave", lon=middle, lat=row)


def _kind(agency: Agency, code: str, label: str, **fields: Any) -> Category:
    facts = {"mode": "ticket", "visibility": "street", "ack_days": 2, "target_days": 10, **fields}
    return Category.objects.create(
        agency=agency,
        code=code,
        label={"en": label, "es": f"{label} (es)"},
        handler={"en": "District officer", "es": "Oficial del distrito"},
        redirect_text={"en": "Call the desk at (573) 555-0100.", "es": "Llame."},
        **facts,
    )
