"""Each door that writes asks the database a fixed number of questions, however much there is."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from concerns.actions import triage
from concerns.actions.joining import MineToo, join
from concerns.models import Category, Concern
from concerns.models.concern import Level
from concerns.models.contact_wishes import Way
from concerns.wishes import Reach
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.groups.actions import add_member
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import pictures, worlds
from tests.concerns.handoffs.handing import organisation
from tests.concerns.test_contact import relay_of

pytestmark = pytest.mark.django_db

MOST = 12
# The frame of a transaction and the role of the public: no question.
FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "SET LOCAL ROLE", "SET ROLE", "RESET ROLE")
BEHAVIOR = {
    "category": "suspicious",
    "suspicious-behavior": "Tried the doors of three parked cars, then ran off",
}
WORDS = "We were there and will paint it over."


@dataclass
class Town:
    agency: Agency
    officer: User
    desk: Client = field(init=False)
    resident: Client = field(init=False)
    organisation_id: int = field(init=False)
    relay_id: int = field(init=False)

    def __post_init__(self) -> None:
        now = timezone.now()
        self.desk = worlds.signed_in(self.officer)
        self.resident = worlds.signed_in(worlds.resident(now=now))
        partner = worlds.officer(
            self.agency, "Sam Brook", role=Role.PARTNER, district=None, now=now
        )
        taker = organisation(self.agency, now=now)
        add_member(organisation=taker, user_id=partner.pk, by=worlds.BY, now=now)
        self.organisation_id = taker.pk
        self.relay_id = relay_of(self.agency).pk


@pytest.fixture
def town(db: None, settings: Settings, tmp_path: Path) -> Town:
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path},
    }
    settings.STORAGES = {**settings.STORAGES, "default": folder}
    cedar = worlds.agency(now=timezone.now())
    return Town(cedar, worlds.officer(cedar, now=timezone.now()))


def grow(town: Town, number: int) -> None:
    """Let there be so many more of everything that is not the case at hand."""
    now = timezone.now()
    for each in range(number):
        done = case(town, upto=State.WORKING)
        act(town, done, triage.add_note, text=f"Note {each}")
        worlds.officer(town.agency, f"Officer {each}", district=None, now=now)
        organisation(town.agency, f"Taker {each}", now=now)


def case(town: Town, upto: State = State.RECEIVED, **changes: Any) -> Concern:
    """A case of its own, as far as that state, whose reporter hears of what happens."""
    values = {"level": Level.CONFIDENTIAL, "email": "reporter@home.example", **changes}
    concern = worlds.reported(town.agency, now=timezone.now(), **values).concern
    if upto != State.RECEIVED:
        act(town, concern, triage.accept)
    if upto == State.WORKING:
        act(town, concern, triage.start)
    return concern


def act(town: Town, concern: Concern, verb: Callable[..., object], **given: Any) -> None:
    concern.refresh_from_db(fields=["version"])
    by = Actor.staff(town.officer.pk)
    shared = {"concern_id": concern.pk, "seen_version": concern.version}
    verb(**shared, **given, by=by, now=timezone.now())
    concern.refresh_from_db(fields=["version"])


def followed_by(concern: Concern, number: int) -> Concern:
    """So many say "mine too" and leave an address."""
    concern.refresh_from_db()
    assert concern.public is not None
    for each in range(number):
        wish = MineToo(
            agency=concern.agency,
            public_reference=concern.public.reference,
            level=Level.CONFIDENTIAL,
            email=f"{each}@home.example",
            account_user_id=None,
            words="",
            language="en",
            submission_key=secrets.token_urlsafe(32),
        )
        join(wish=wish, by=Actor.reporter(), now=timezone.now())
    concern.refresh_from_db()
    return concern


def asked(client: Client, path: str, typed: dict[str, Any]) -> list[str]:
    """What a press asked the database, in order."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(path, typed)
    assert answer.status_code in (200, 302), answer.content.decode()
    assert b"error-summary" not in answer.content
    return [query["sql"] for query in seen if not query["sql"].startswith(FRAME)]


def pressed(town: Town, concern: Concern, verb: str, **typed: Any) -> list[str]:
    path = f"/desk/concerns/{concern.staff_reference}/{verb}/"
    return asked(town.desk, path, {"seen_version": concern.version, "seen_as": "", **typed})


def kind(town: Town, code: str) -> int:
    return Category.objects.get(agency=town.agency, code=code).pk


def accept(town: Town) -> list[str]:
    return pressed(town, case(town), "accept")


def correct_category(town: Town) -> list[str]:
    return pressed(town, case(town), "category", category=kind(town, "noise"))


def correct_category_of_public(town: Town) -> list[str]:
    concern = case(town, State.ACCEPTED)
    return pressed(town, concern, "category", category=kind(town, "light_signal_sign"))


def correct_category_to_a_coarser_one(town: Town) -> list[str]:
    concern = case(town, State.ACCEPTED)
    return pressed(town, concern, "category", category=kind(town, "abandoned_vehicle"))


def correct_category_to_a_public_one(town: Town) -> list[str]:
    concern = case(town, State.ACCEPTED, category="noise")
    return pressed(town, concern, "category", category=kind(town, "graffiti"))


def correct_category_to_a_private_one(town: Town) -> list[str]:
    return pressed(town, case(town), "category", category=kind(town, "neighbor_dispute"))


def reply(town: Town) -> list[str]:
    return pressed(town, case(town, State.ACCEPTED), "reply", text=WORDS, step="send")


def reply_in_spanish(town: Town) -> list[str]:
    concern = case(town, State.ACCEPTED, language="es")
    typed = {"text": "Ya fuimos.", "spoken": "own", "step": "send"}
    return pressed(town, concern, "reply", **typed)


def reply_to_a_phone(town: Town) -> list[str]:
    wish = Reach(Way.PHONE.value, value="+13145550100")
    concern = case(town, State.ACCEPTED, email=None, wish=wish)
    return pressed(town, concern, "reply", text=WORDS, step="send")


def ask(town: Town) -> list[str]:
    typed = {"text": "Where is it?", "is_question": "on", "step": "send"}
    return pressed(town, case(town, State.ACCEPTED), "reply", **typed)


def resolve(town: Town) -> list[str]:
    concern = followed_by(case(town, State.WORKING), 2)
    return pressed(town, concern, "resolve", words=WORDS, outcome="fixed", step="send")


def resolve_in_spanish(town: Town) -> list[str]:
    concern = followed_by(case(town, State.WORKING, language="es"), 2)
    typed = {"words": "Ya lo pintamos.", "outcome": "fixed", "spoken": "own", "step": "send"}
    return pressed(town, concern, "resolve", **typed)


def close(town: Town) -> list[str]:
    typed = {"words": WORDS, "outcome": "no_action", "at_once": "on", "step": "send"}
    return pressed(town, case(town), "resolve", **typed)


def hand_on(town: Town) -> list[str]:
    return handed_on(town, case(town))


def hand_on_what_is_public(town: Town) -> list[str]:
    return handed_on(town, followed_by(case(town, State.WORKING), 2))


def handed_on(town: Town, concern: Concern) -> list[str]:
    typed = {
        "organisation": town.organisation_id,
        "brief": "Graffiti on a wall by the street.",
        "asked": "Please paint it over.",
        "precision": "block",
        "due_on": (town.agency.day_of(timezone.now()) + timedelta(days=10)).isoformat(),
        "step": "send",
    }
    return pressed(town, concern, "hand-on", **typed)


def sent(town: Town, client: Client, **changes: Any) -> list[str]:
    page = client.get("/report/new/").content.decode()
    typed = {
        "agency": town.agency.slug,
        "key": page.split('name="key" value="')[1].split('"')[0],
        "category": "graffiti",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": "Red paint on the wall behind the bakery",
        "level": "anonymous",
    }
    before = Concern.objects.count()
    found = asked(client, "/report/done/", {**typed, **changes})
    assert Concern.objects.count() == before + 1
    return found


def report_anonymously(town: Town) -> list[str]:
    return sent(town, Client())


def report_with_an_address(town: Town) -> list[str]:
    return sent(town, Client(), level="confidential", way="email", email="me@home.example")


def report_signed_in(town: Town) -> list[str]:
    return sent(town, town.resident, level="signed_in")


def report_signed_in_with_a_photo(town: Town) -> list[str]:
    photo = SimpleUploadedFile("a.jpg", pictures.jpeg(), content_type="image/jpeg")
    return sent(town, town.resident, level="signed_in", photos=[photo])


def report_signed_in_of_an_area(town: Town) -> list[str]:
    return sent(town, town.resident, level="signed_in", lon="", lat="", area="1")


def report_what_looks_like_spam(town: Town) -> list[str]:
    return sent(town, town.resident, level="signed_in", homepage="http://spam.example")


def report_suspicious_behavior(town: Town) -> list[str]:
    return sent(town, town.resident, level="signed_in", **BEHAVIOR)


def report_through_others(town: Town) -> list[str]:
    relay = town.relay_id
    return sent(town, Client(), level="confidential", way="relay", relay=str(relay))


DOORS: list[Callable[[Town], list[str]]] = [
    accept,
    correct_category,
    correct_category_of_public,
    correct_category_to_a_coarser_one,
    correct_category_to_a_public_one,
    correct_category_to_a_private_one,
    reply,
    reply_in_spanish,
    reply_to_a_phone,
    ask,
    resolve,
    resolve_in_spanish,
    close,
    hand_on,
    hand_on_what_is_public,
    report_anonymously,
    report_with_an_address,
    report_through_others,
    report_signed_in,
    report_signed_in_with_a_photo,
    report_signed_in_of_an_area,
    report_what_looks_like_spam,
    report_suspicious_behavior,
]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_door_that_writes_asks_no_more_when_there_is_more(
    town: Town, door: Callable[[Town], list[str]]
) -> None:
    door(town)  # fills what a process keeps in memory, such as the areas
    few = door(town)
    grow(town, 3)
    many = door(town)
    told = "\n".join(["", *(question[:120] for question in many)])
    assert len(many) == len(few), told
    assert len(many) <= MOST, told
