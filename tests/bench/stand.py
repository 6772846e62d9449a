"""Who visits what on one database: signed-in clients and the references they ask for."""

import base64
import json
from collections import deque
from dataclasses import dataclass, field

from django.test import Client, override_settings
from django.utils import timezone

from concerns.models import Category, Concern
from concerns.published.models import PublicConcern
from engagement.keys.references import normalise
from engagement.people.identity import sign_in_key
from engagement.people.models import User
from engagement.places.models import Agency, Area
from engagement.places.queries import agency_bounds
from meetings.models import Meeting
from portal.benchmark.towns import DOMAIN, mailbox
from tests.bench import yardsticks


@dataclass
class Stand:
    """One database's visitors. `reported` are fresh concerns: reference, code and secret."""

    agency: Agency
    visitor: Client
    officer: Client
    resident: Client
    yardstick: Client
    category: Category
    area: Area
    district: Area
    bounds: tuple[float, float, float, float]
    open_reference: str
    public_reference: str
    middle_of_history: str
    middle_of_published: str
    spot: tuple[float, float]
    meeting: str
    reported: deque[tuple[str, str, str]] = field(default_factory=deque)
    searches: dict[str, str] = field(default_factory=dict)


def make_stand() -> Stand:
    """Look everything up on the database of the moment, in its largest agency."""
    agency = Agency.objects.get(is_default=True)
    mine = Concern.objects.filter(agency=agency).order_by("id")
    public = PublicConcern.objects.filter(agency=agency).order_by("id")
    newest = public.filter(anchor_lon__isnull=False).last()
    bounds = agency_bounds(agency)
    opened = mine.exclude(category__visibility="never").order_by("closed_at", "id").last()
    assert newest is not None
    assert newest.anchor_lon is not None
    assert newest.anchor_lat is not None
    assert opened is not None
    assert bounds is not None
    middle, half = mine[mine.count() // 2], public[public.count() // 2]
    return Stand(
        agency=agency,
        visitor=Client(),
        officer=signed_in(mailbox("officer-1", agency)),
        resident=signed_in(f"resident@{DOMAIN}"),
        yardstick=yardstick_client(mailbox("officer-1", agency)),
        category=Category.objects.get(agency=agency, code="graffiti"),
        area=Area.objects.filter(agency=agency, layer=agency.public_layer).order_by("id")[0],
        district=Area.objects.get(agency=agency, layer=agency.responsible_layer, code="1"),
        bounds=bounds,
        open_reference=opened.staff_reference,
        public_reference=newest.reference,
        middle_of_history=cursor_at(middle.received_on.isoformat(), middle.pk),
        middle_of_published=cursor_at(half.received_on.isoformat(), half.pk),
        spot=(newest.anchor_lon, newest.anchor_lat),
        meeting=Meeting.objects.of(agency).ahead(timezone.now()).earliest("starts_at").slug,
    )


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(sign_in_key=sign_in_key(email)))
    return client


def yardstick_client(email: str) -> Client:
    """A client behind Django's own middleware; it keeps what it loads at its first request."""
    client = signed_in(email)
    with override_settings(MIDDLEWARE=yardsticks.MIDDLEWARE):
        assert client.get("/yardstick/page/").status_code == 200
    return client


def cursor_at(day: str, number: int) -> str:
    """A cursor as the keyset pages write it, for the page that is older than this row."""
    packed = json.dumps(["o", day, str(number)], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def remember(stand: Stand, code: str, secret: str) -> None:
    """Keep a report that was just sent, for the officer and for its reporter."""
    concern = Concern.objects.get(tracking_code=normalise(code))
    stand.reported.append((concern.staff_reference, code, secret))
