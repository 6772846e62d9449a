import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from engagement.audit.subjects import Subject
from engagement.outbox import bell
from engagement.outbox.actions import queue
from engagement.outbox.models import Message
from engagement.people.identity import store_contact
from engagement.people.models import Contact
from engagement.places.models import Agency
from tests.engagement.outbox import kinds
from tests.engagement.outbox.sink import Sink

NOON = datetime(2026, 11, 1, 17, 23, 45, tzinfo=UTC)
MeetsReader = Callable[..., Contact]
Queues = Callable[..., Message | None]


@pytest.fixture(autouse=True)
def trial_kinds(settings: Settings) -> Iterator[None]:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], kinds.TEMPLATES]
    settings.TEMPLATES = templates
    kinds.register_all()
    yield
    kinds.forget_all()


@pytest.fixture(autouse=True)
def muted_bell() -> Iterator[None]:
    """Tests sweep by themselves; those of the bell unmute it."""
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


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def later() -> datetime:
    """Long enough after `now` for every first retry."""
    return NOON + timedelta(hours=2)


def meet_agency(slug: str = "riverton") -> Agency:
    return Agency.objects.get_or_create(
        slug=slug, defaults={"name": "Riverton Police", "timezone": "America/Chicago"}
    )[0]


def meet_reader(
    name: str = "ana", *, language: str = "en", agency: Agency | None = None
) -> Contact:
    return store_contact(
        agency_id=agency.pk if agency else None,
        kind="email",
        value=f"{name}@example.org",
        language=language,
    )


def queue_notice(
    contact: Contact,
    event: str = "first",
    *,
    kind: kinds.Kind = kinds.ANSWER,
    subject: str = "7K3M9QXT2C",
    now: datetime = NOON,
    **more: Any,
) -> Message | None:
    with transaction.atomic():
        return queue(
            kind.name,
            contact_id=contact.pk,
            agency_id=more.pop("agency_id", contact.agency_id),
            subject=Subject(type="concern", reference=subject),
            event=event,
            now=now,
            **more,
        )


def state_of(message: Message | None) -> str:
    assert message is not None
    return Message.objects.get(pk=message.pk).state


def row(message: Message | None) -> Message:
    assert message is not None
    return Message.objects.get(pk=message.pk)
