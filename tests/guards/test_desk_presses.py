"""Every press at the desk, walked: whoever touches a case holds the right at the place of the case.

`test_desk_rows` walks the doors that lead to a case by its reference alone. Here are those behind
which something of the case must exist first, made ready once in the area of a grant and once
outside of it. A new door fails until it is listed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions import (
    handing_on,
    languages,
    linking,
    merging,
    outside_numbers,
    photos,
    publishing,
    services,
    triage,
    visiting,
    wrong_door,
)
from concerns.actions.handoff_drafts import Draft, precisions_of
from concerns.models import (
    CallSuggestion,
    Concern,
    ConcernPhoto,
    Handoff,
    HandoffEntry,
    OutsideCall,
    ReturnedPhoto,
)
from concerns.models.handoffs import Said, SaidBy
from concerns.models.languages import Help
from concerns.models.services import Service
from concerns.views.photos_shown import key_of
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.doors.pictures.decoding import Picture
from engagement.outbox.models import Message
from engagement.people.actions import create_account, grant_role
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from engagement.places.wording import Wording
from tests import pictures, worlds
from tests.concerns.handoffs.handing import organisation
from tests.guards.addresses import Address, addresses
from tests.guards.test_desk_rows import written
from tests.guards.test_doors import samples_of

pytestmark = pytest.mark.django_db
HERE, THERE = worlds.LON + worlds.STEP / 2, worlds.LON + worlds.STEP * 1.5
CASE = "desk/concerns/<str:reference>/"
WORDS = Wording({"en": "Work on this begins soon."})


@dataclass
class Ready:
    """A case as a door needs it: what stands in the address, and what is pressed."""

    concern: Concern
    samples: dict[str, str] = field(default_factory=dict)
    pressed: dict[str, Any] = field(default_factory=dict)


@dataclass
class Bench:
    """Makes cases at one place, by the hand of whoever presses afterwards."""

    home: Agency
    lon: float
    by: Actor

    def case(self, **more: Any) -> Concern:
        return worlds.reported(self.home, now=timezone.now(), lon=self.lon, **more).concern

    def act(self, verb: Callable[..., Any], concern: Concern, **more: Any) -> Any:
        return verb(concern_id=concern.pk, by=self.by, now=timezone.now(), **more)

    def seen(self, verb: Callable[..., Any], concern: Concern, **more: Any) -> Any:
        version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
        return self.act(verb, concern, seen_version=version, **more)


def photo_of(bench: Bench, concern: Concern) -> str:
    given = [Picture(pictures.jpeg(pictures.colors(60, 40)), 60, 40)]
    with photos.kept(given, agency=bench.home, now=timezone.now()) as kept:
        bench.act(photos.add, concern, photos=kept)
    return key_of(ConcernPhoto.objects.get(concern=concern).name)


def with_photo(bench: Bench) -> Ready:
    concern = bench.case()
    return Ready(concern, {"key": photo_of(bench, concern)})


def with_public_photo(bench: Bench) -> Ready:
    concern = public(bench)
    return Ready(concern, {"key": photo_of(bench, concern)})


def accepted(bench: Bench) -> Concern:
    concern = bench.case()
    bench.seen(triage.accept, concern)
    return concern


def public(bench: Bench) -> Concern:
    concern = accepted(bench)
    bench.seen(publishing.publish, concern, summary=WORDS)
    return concern


def publishable(bench: Bench) -> Ready:
    return Ready(accepted(bench), pressed={"what": "summary", "text_en": "Work begins soon."})


def published(bench: Bench) -> Ready:
    return Ready(public(bench))


def flagged(bench: Bench) -> Ready:
    return Ready(public(bench), pressed={"what": "words", "why": "It names a house."})


def handed_on(bench: Bench) -> Ready:
    concern = bench.case()
    name = f"Orchard {concern.staff_reference}"
    taker = organisation(bench.home, name=name, takes_by="mail", now=timezone.now())
    draft = Draft(
        organisation_id=taker.pk,
        brief="Graffiti by the street.",
        asked="Please paint it over.",
        precision=precisions_of(concern)[0],
        due_on=bench.home.day_of(timezone.now()),
    )
    sent = bench.seen(handing_on.hand_on, concern, draft=draft)
    return Ready(concern, {"number": sent.reference}, {"verb": "number", "number": "17-4"})


def answered_with_photo(bench: Bench) -> Ready:
    ready = handed_on(bench)
    now, sent = timezone.now(), Handoff.objects.get(concern=ready.concern)
    entry = HandoffEntry.objects.create(
        agency=bench.home, handoff=sent, said=Said.ANSWERED, way=SaidBy.LINK, at=now
    )
    photo_of(bench, ready.concern)
    name = ConcernPhoto.objects.get(concern=ready.concern).name
    made = {"agency": bench.home, "entry": entry, "width": 60, "height": 40}
    ReturnedPhoto.objects.create(name=name, **made)
    return Ready(ready.concern, {**ready.samples, "key": key_of(name)})


def visited(bench: Bench) -> Ready:
    concern = bench.case()
    visit = bench.act(visiting.was_there, concern, was_at=None, line="")
    return Ready(concern, {"number": str(visit.pk)})


def numbered(bench: Bench) -> Ready:
    concern = bench.case()
    made = bench.act(outside_numbers.add_number, concern, system="cad", number="26-1")
    return Ready(concern, {"number": str(made.pk)})


def hinted(bench: Bench) -> Ready:
    concern, today = bench.case(), bench.home.day_of(timezone.now())
    call = OutsideCall.objects.create(
        agency=bench.home, system="cad", number=f"26-{concern.pk}", on=today, read_on=today
    )
    hint = CallSuggestion.objects.create(agency=bench.home, concern=concern, call=call)
    return Ready(concern, {"number": str(hint.pk)}, {"is_right": "yes"})


def plain(bench: Bench) -> Ready:
    return Ready(bench.case(), pressed={"kind": "danger"})


def marked(bench: Bench) -> Ready:
    concern = bench.case()
    made = bench.act(wrong_door.mark, concern, kind="danger")
    said = {"whom": "911", "ending": "mistake", "reason": "A slip of the thumb"}
    return Ready(concern, {"number": str(made.pk)}, said)


def asking_for_service(bench: Bench) -> Ready:
    return Ready(bench.case(category="request_patrol"), pressed={"kind": Service.PATROL})


def to_be_surveyed(bench: Bench) -> Ready:
    concern = bench.case(category="request_patrol")
    bench.act(services.plan, concern, kind=Service.SURVEY, from_on=None, until_on=None)
    return Ready(concern)


def waiting_for_spanish(bench: Bench) -> Ready:
    concern = bench.case(language="es")
    told = {"text": "We come on Friday.", "help_from": Help.INTERPRETER, "colleague_id": None}
    bench.seen(languages.ask_for_help, concern, **told)
    return Ready(concern)


def linked(bench: Bench) -> Ready:
    concern, other = bench.case(), bench.case()
    bench.seen(linking.link, concern, other_id=other.pk, reason="The same wall")
    return Ready(concern, pressed={"other": str(other.pk)})


def joined(bench: Bench) -> Ready:
    concern, into = bench.case(), bench.case()
    bench.seen(merging.merge, concern, into_id=into.pk, into_version=1)
    return Ready(concern)


# What stands behind each such door, and for whom: "work" in the area of the grant alone, "read" for
# everybody who reads the case, as the line says.
DOORS: dict[str, tuple[Callable[[Bench], Ready], str]] = {
    "photos/<str:key>/": (with_photo, "read"),
    "photos/<str:key>/show/": (with_public_photo, "work"),
    "photos/<str:key>/covered/": (with_public_photo, "work"),
    "photos/<str:key>/hide/": (with_public_photo, "work"),
    "hand-offs/<str:number>/": (handed_on, "read"),
    "hand-offs/<str:number>/keep/": (handed_on, "work"),
    "hand-offs/<str:number>/photos/<str:key>/": (answered_with_photo, "read"),
    "visit/<int:number>/back/": (visited, "work"),
    "numbers/<int:number>/remove/": (numbered, "work"),
    "calls/<int:number>/": (hinted, "work"),
    # Danger is marked, and a call written down, by anybody who sees it.
    "wrong-door/mark/": (plain, "read"),
    "wrong-door/<int:number>/called/": (marked, "read"),
    "wrong-door/<int:number>/take/": (marked, "work"),
    "wrong-door/<int:number>/end/": (marked, "work"),
    "service/": (asking_for_service, "work"),
    "survey/": (to_be_surveyed, "work"),
    "language/drop/": (waiting_for_spanish, "work"),
    "publish/": (publishable, "work"),
    "unpublish/": (published, "work"),
    # Whoever reads it may ask for a second look; another decides.
    "flag/": (flagged, "read"),
    "unlink/": (linked, "work"),
    "unmerge/": (joined, "work"),
}


def test_each_door_behind_which_something_must_exist_is_walked() -> None:
    inner = {pattern for pattern, rule in written().items() if rule == "inner"}
    assert {f"{CASE}{name}" for name in DOORS} == inner


@pytest.fixture
def home() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def samples(home: Agency) -> dict[str, str]:
    chief = worlds.officer(home, "Chief", role=Role.SUPERVISOR, district=None, now=timezone.now())
    return samples_of(home, chief)


def supervisor(home: Agency, *, of_first_district: bool = True) -> User:
    now = timezone.now()
    name = "first" if of_first_district else "all"
    user = create_account(email=f"{name}@presses.example", name=name, by=worlds.BY, now=now)
    first = Area.objects.get(agency=home, layer="district", code="1")
    grant_role(
        user=user,
        role=Role.SUPERVISOR,
        agency=home,
        areas=(first,) if of_first_district else (),
        from_on=home.day_of(now),
        by=worlds.BY,
        now=now,
    )
    return user


def press(client: Client, path: str, ready: Ready) -> tuple[set[int], bool]:
    """What a look and a press say, and whether anything was changed or queued by them."""
    version = Concern.objects.values_list("version", flat=True).get(pk=ready.concern.pk)
    before = (Entry.objects.count(), Message.objects.count(), version)
    said = {client.get(path).status_code}
    said.add(client.post(path, {"seen_version": version, **ready.pressed}).status_code)
    now_version = Concern.objects.values_list("version", flat=True).get(pk=ready.concern.pk)
    return said, before != (Entry.objects.count(), Message.objects.count(), now_version)


def address_of(name: str) -> Address:
    return next(one for one in addresses() if one.pattern == f"{CASE}{name}")


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_press_asks_for_the_right_at_the_place_of_the_case(
    name: str, home: Agency, samples: dict[str, str]
) -> None:
    user = supervisor(home)
    client, by = worlds.signed_in(user), Actor.staff(user.pk)
    make, rule = DOORS[name]
    address = address_of(name)
    for lon in (HERE, THERE):
        ready = make(Bench(home, lon, by))
        # Whoever accepts a case has it, and works on what is theirs wherever it lies.
        Concern.objects.filter(pk=ready.concern.pk).update(owner=None)
        filled = {**samples, **ready.samples, "reference": ready.concern.staff_reference}
        said, is_changed = press(client, address.path(filled), ready)
        is_reached = bool(said - {404, 405})
        if lon == THERE and rule == "work":
            assert (is_reached, is_changed) == (False, False), "outside of the grant"
        else:
            assert is_reached, "within the rights"
