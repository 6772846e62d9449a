"""Cedar publishes; neighbors follow. It is Wednesday, 9:42 in the morning there."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from concerns.published.models import PublicConcern, PublicConcernArea, PublicUpdate
from concerns.subscriptions import actions
from concerns.subscriptions.models import Pace, Subscription, What
from concerns.subscriptions.telling import tell
from engagement.audit.actors import Actor
from engagement.keys.references import mint
from engagement.outbox.actions.delivery import sweep
from engagement.places.models import Agency, Area
from tests import worlds
from tests.engagement.outbox.sink import Received, Sink

RESIDENT = Actor.resident()
NOW = worlds.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEST = (worlds.LON + worlds.STEP / 2, worlds.LAT + worlds.STEP / 2)
EAST = (worlds.LON + 1.5 * worlds.STEP, worlds.LAT + worlds.STEP / 2)
LINK = re.compile(r"https?://\S+/concerns/follow/\S+/")


@pytest.fixture
def cedar(db: None) -> Agency:
    return worlds.agency()


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with Sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        settings.ORIGIN = "https://portal.example.gov"
        settings.DEFAULT_FROM_EMAIL = "Common Ground <portal@example.gov>"
        yield running


@pytest.fixture
def mails(sink: Sink) -> Callable[[datetime], list[Received]]:
    """What left since the last asking."""

    def left(now: datetime) -> list[Received]:
        before = len(sink.received)
        sweep(now=now)
        return sink.received[before:]

    return left


def publish(
    agency: Agency, *, now: datetime = NOW, at: tuple[float, float] = WEST, **changes: Any
) -> PublicConcern:
    """Published in the district and neighborhood that hold the anchor, and told."""
    day = agency.day_of(now)
    facts = {
        "category_code": "graffiti",
        "category_label": {"en": "Graffiti", "es": "Grafiti"},
        "group": "environment",
        "state": "accepted",
        "precision": "street",
        "place_label": "Mill Rd",
        "summary": {"en": "Paint on a wall.", "es": "Pintura en una pared."},
        "published_on": day,
        "received_on": day,
        **changes,
    }
    concern = PublicConcern.objects.create(
        agency=agency, reference=mint(), anchor_lon=at[0], anchor_lat=at[1], **facts
    )
    code = "1" if at[0] < worlds.LON + worlds.STEP else "2"
    for area in Area.objects.filter(agency=agency, code=code).order_by("pk"):
        PublicConcernArea.objects.create(agency=agency, public_concern=concern, area=area)
    tell(concern, What.CONCERN, agency=agency, now=now)
    return concern


def update(concern: PublicConcern, *, now: datetime = NOW) -> None:
    agency = concern.agency
    written = PublicUpdate.objects.create(
        agency=agency,
        public_concern=concern,
        published_on=agency.day_of(now),
        text={"en": "A crew comes on Friday.", "es": "Una cuadrilla viene el viernes."},
    )
    tell(concern, What.UPDATE, agency=agency, update=written, now=now)


def area_of(agency: Agency, name: str = "Old Mill") -> Area:
    return Area.objects.get(agency=agency, name=name)


def asked(agency: Agency, email: str = "ana@home.example", **changes: Any) -> Subscription:
    """A wish that was not confirmed yet."""
    wish = {"agency": agency, "pace": Pace.NOW, "email": email, **changes}
    now = wish.pop("now", NOW - DAY)
    kept = actions.subscribe(wish=actions.Wish(**wish), by=RESIDENT, now=now)
    assert kept is not None
    return kept


def follower(agency: Agency, email: str = "ana@home.example", **changes: Any) -> Subscription:
    """Somebody who follows since yesterday."""
    kept = asked(agency, email, **changes)
    now = changes.get("now", NOW - DAY)
    return actions.confirm(subscription=kept, by=RESIDENT, now=now)
