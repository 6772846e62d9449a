"""Riverton announces a town hall; residents answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from engagement.audit.actors import Actor
from engagement.outbox import bell
from engagement.people.identity import sign_in_key, store_contact
from engagement.people.models import User
from engagement.places.models import Agency, Area
from engagement.places.wording import Wording
from meetings.actions import answering, planning
from meetings.actions.planning import Change, Details, WayIn
from meetings.models import Meeting, Rsvp
from tests.engagement.outbox.sink import Sink

NOW = datetime(2026, 11, 3, 17, 23, 45, 123456, tzinfo=UTC)
STAFF = Actor.task("tests")
RESIDENT = Actor.resident()
# A Tuesday; Chicago is six hours behind UTC then.
STARTS = datetime(2026, 12, 8, 18, 30)
LIBRARY = Change(STARTS, 90, "in_person", "Carpenter Library", "3309 S Grand Blvd")
ZOOM = WayIn("https://meet.example.gov/j/8812", "+1 314 555 0100")


@pytest.fixture(autouse=True)
def muted_bell() -> Iterator[None]:
    """Tests sweep by themselves."""
    bell.Mute.until = float("inf")
    yield
    bell.Mute.until = 0.0


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with Sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        settings.ORIGIN = "https://portal.example.gov"
        settings.DEFAULT_FROM_EMAIL = "Common Ground <portal@example.gov>"
        yield running


def found_agency(slug: str = "riverton") -> Agency:
    agency = Agency.objects.create(
        slug=slug, name=f"{slug.title()} Police", is_default=slug == "riverton"
    )
    for code in ("west", "east"):
        Area.objects.create(
            agency=agency, layer="neighborhood", code=code, name=code.title(), slug=code
        )
    return agency


@pytest.fixture
def agency(db: None) -> Agency:
    return found_agency()


def area_of(agency: Agency, code: str) -> Area:
    return Area.objects.get(agency=agency, code=code)


def details(**changes: Any) -> Details:
    plain = Details(
        kind="town_hall",
        title=Wording({"en": "Town hall on Grand", "es": "Reunión en Grand"}),
        when=LIBRARY,
        summary=Wording({"en": "Come and ask."}),
        languages=("en", "es"),
    )
    return replace(plain, **changes)


def drafted(agency: Agency, *, now: datetime = NOW, **changes: Any) -> Meeting:
    return planning.draft(agency=agency, details=details(**changes), by=STAFF, now=now)


def announced(agency: Agency, *, now: datetime = NOW, **changes: Any) -> Meeting:
    meeting = drafted(agency, now=now, **changes)
    return planning.announce(meeting=meeting, version=meeting.version, by=STAFF, now=now)


@pytest.fixture
def meeting(agency: Agency) -> Meeting:
    """Announced, without limit, for the whole agency."""
    return announced(agency)


def moved(meeting: Meeting, *, now: datetime = NOW, **changes: Any) -> Meeting:
    meeting = Meeting.objects.get(pk=meeting.pk)
    change = replace(LIBRARY, **changes)
    return planning.move(meeting=meeting, version=meeting.version, change=change, by=STAFF, now=now)


def cancelled(meeting: Meeting, *, now: datetime = NOW) -> Meeting:
    meeting = Meeting.objects.get(pk=meeting.pk)
    reason = Wording({"en": "The hall has no heating.", "es": "El salón no tiene calefacción."})
    return planning.cancel(
        meeting=meeting, version=meeting.version, reason=reason, by=STAFF, now=now
    )


def answered(
    meeting: Meeting,
    email: str | None = "ana@example.org",
    *,
    now: datetime = NOW,
    key: str = "",
    **more: Any,
) -> answering.Receipt:
    answer = answering.Answer(
        meeting=meeting,
        email=email,
        party_size=more.pop("party_size", 1),
        language=more.pop("language", "en"),
        submission_key=key or f"key of {email} at {now}",
        **more,
    )
    return answering.rsvp(answer=answer, by=RESIDENT, now=now)


def withdrew(rsvp: Rsvp, *, now: datetime = NOW) -> Rsvp:
    return answering.withdraw(rsvp=rsvp, by=RESIDENT, now=now)


def only_answer(meeting: Meeting) -> Rsvp:
    return Rsvp.objects.select_related("meeting").get(meeting=meeting)


def seats(meeting: Meeting) -> int:
    return Meeting.objects.get(pk=meeting.pk).seats_taken


def meet_user(name: str = "ana", *, email: str = "ana@example.org") -> User:
    contact = store_contact(agency_id=None, kind="email", value=email, language="en", now=NOW)
    return User.objects.create(
        sign_in_key=sign_in_key(email), name=name, contact=contact, created_on=NOW.date()
    )
