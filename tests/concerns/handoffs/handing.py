"""A case full of canaries, an organisation that gets a document about it, and its mail."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from concerns.actions import following, photos
from concerns.models import Concern, Handoff
from concerns.models.concern import Level
from engagement.audit.actors import Actor
from engagement.doors.pictures.decoding import Picture
from engagement.groups.actions import Details, add_member, keep_organisation
from engagement.groups.models import Organisation, TakesBy
from engagement.outbox.actions.delivery import sweep
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import pictures, worlds

LON, LAT = worlds.LON + 0.00873, worlds.LAT + 0.00991
WORDS = "Zebracanary painted the wall of number seventeen at midnight again"
PLACE = "Quokkacanary Lane 17"
EMAIL = "walruscanary@home.example"
ANSWER = "Ocelotcanary told me so on the telephone yesterday"
NOTE = "Narwhalcanary is known to us"
# None of these may ever stand in an answer to somebody outside.
CANARIES = [
    *("Zebracanary", "Quokkacanary", "walruscanary", "Ocelotcanary", "Narwhalcanary"),
    *(f"{LON:.5f}", f"{LAT:.5f}"),
]


@dataclass
class Town:
    agency: Agency
    officer: User
    partner: User
    organisation: Organisation
    concern: Concern

    @property
    def desk(self) -> Client:
        return worlds.signed_in(self.officer)

    @property
    def partners(self) -> Client:
        return worlds.signed_in(self.partner)

    @property
    def compose_url(self) -> str:
        return f"/desk/concerns/{self.concern.staff_reference}/hand-on/"

    def keep_url(self, handoff: Handoff) -> str:
        return f"/desk/concerns/{self.concern.staff_reference}/hand-offs/{handoff.reference}/keep/"


def town(takes_by: str = TakesBy.ACCOUNT, *, slug: str = "cedar", east: float = 0.0) -> Town:
    """An accepted-by-nobody report with answers and a note, and a partner with an account."""
    now = timezone.now()
    agency = worlds.agency(slug, east=east, now=now)
    officer = worlds.officer(agency, now=now)
    partner = worlds.officer(agency, "Sam Brook", role=Role.PARTNER, district=None, now=now)
    made = organisation(agency, takes_by=takes_by, now=now)
    add_member(organisation=made, user_id=partner.pk, by=worlds.BY, now=now)
    concern = worlds.reported(
        agency,
        now=now,
        text=WORDS,
        place_text=PLACE,
        lon=LON + east,
        lat=LAT,
        level=Level.CONFIDENTIAL,
        email=EMAIL,
    ).concern
    following.answer(concern_id=concern.pk, text=ANSWER, by=Actor.reporter(), now=now)
    original = Picture(pictures.jpeg(), 640, 480)
    with photos.kept([original], agency=agency, now=now) as kept:
        photos.add(concern_id=concern.pk, photos=kept, by=Actor.reporter(), now=now)
    concern.refresh_from_db()
    return Town(agency, officer, partner, made, concern)


def organisation(
    agency: Agency, name: str = "Orchard Park Association", *, now: datetime, **changes: Any
) -> Organisation:
    values: dict[str, Any] = {
        "name": name,
        "kind": "association",
        "takes_by": TakesBy.ACCOUNT,
        "email": "board@orchard.example",
        "languages": ["en"],
        "form_url": "",
        "endpoint_url": "",
        "jurisdiction": "",
        "endpoint_key": "",
        "is_active": True,
    }
    details = Details(**{**values, **changes})
    return keep_organisation(
        agency=agency, organisation_id=None, details=details, by=worlds.BY, now=now
    )


def today(town: Town) -> date:
    return town.agency.day_of(timezone.now())


def typed(town: Town, **changes: Any) -> dict[str, Any]:
    town.concern.refresh_from_db()
    return {
        "seen_version": town.concern.version,
        "organisation": town.organisation.pk,
        "brief": "Graffiti on a wall by the street.",
        "asked": "Please paint it over.",
        "precision": "block",
        "due_on": (today(town) + timedelta(days=10)).isoformat(),
        "step": "send",
        **changes,
    }


def handed(town: Town, **changes: Any) -> Handoff:
    """Hand it on as the form does."""
    answer = town.desk.post(town.compose_url, typed(town, **changes))
    assert answer.status_code == 302, answer.content.decode()
    town.concern.refresh_from_db()
    return Handoff.objects.latest("pk")


def keep(town: Town, handoff: Handoff, verb: str, **said: Any) -> Any:
    town.concern.refresh_from_db()
    data = {"verb": verb, "seen_version": town.concern.version, **said}
    return town.desk.post(town.keep_url(handoff), data)


def mailed() -> list[Any]:
    """Send what waits; return the letters to the organisation, oldest first."""
    sweep(now=timezone.now())
    return [letter for letter in mail.outbox if "orchard.example" in letter.to[0]]


def link_in(letter: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/partner/link/\S+)", letter.body)
    assert found, letter.body
    return found[1]


def assert_blind(content: bytes, town: Town) -> None:
    """No canary of the case stands in these bytes, nor any of its references."""
    concern = town.concern
    secret = [*CANARIES, concern.staff_reference, concern.tracking_code]
    found = [word for word in secret if word.casefold().encode() in content.lower()]
    found += [word for word in secret if word.encode() in content]
    assert found == []
