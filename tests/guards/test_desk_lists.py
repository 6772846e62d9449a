"""Presses at the desk that name no case: each touches one's own, or asks for the right to the rest.

What changes something for every area is for those to whom the whole agency was given, and a ticked
case is asked for by itself. A new door fails until it is listed.
"""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from concerns.actions.rules import RuleDraft, save_rule
from concerns.models import ReplyTemplate, Suspicion, Tag, Team
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.registry import permission
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.guards.addresses import FILLED, Address, addresses
from tests.guards.test_desk_presses import HERE, THERE, Bench, supervisor

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Agency:
    return worlds.agency(now=timezone.now())


# Doors that name no case, by what a press touches there.
NAMELESS: dict[str, set[str]] = {
    # Cases that were ticked or listed: each is asked for by itself, as below and beside its action.
    "cases": {
        "desk/concerns/suspected/judge/",
        "desk/concerns/bulk/",
        "desk/concerns/bulk/<int:number>/choose/",
        "desk/concerns/bulk/<int:number>/begin/",
        "desk/concerns/bulk/<int:number>/stop/",
        "desk/concerns/bulk/<int:number>/undo/",
        "desk/calls/<int:number>/open/",
        "desk/calls/<int:number>/result/",
        "desk/moderation/flags/<int:number>/",
    },
    # One's own: what one searched for, speaks, gets by mail, is away.
    "own": {
        "desk/keys/",
        "desk/languages/",
        "desk/absences/",
        "desk/absences/<int:number>/end/",
        "desk/concerns/search/",
        "desk/concerns/look/",
        "desk/concerns/filters/new/",
        "desk/concerns/filters/<int:number>/",
        "desk/concerns/filters/<int:number>/delete/",
        "desk/sheets/order/",
    },
    # Something new, which lies where the person at the counter says.
    "new": {"desk/concerns/new/", "desk/concerns/poster/"},
    # What holds for every area: changed by whom the whole agency was given.
    "everywhere": {
        "desk/concerns/suspected/slow-down/",
        "desk/setup/calls/",
        "desk/setup/replies/new/",
        "desk/setup/replies/<int:number>/",
        "desk/setup/routing/late/",
        "desk/setup/routing/new/",
        "desk/setup/routing/<int:number>/",
        "desk/setup/routing/<int:number>/order/",
        "desk/setup/tags/<int:number>/",
        "desk/setup/teams/",
        "desk/setup/teams/<int:number>/",
        "desk/sheets/shifts/",
    },
    # Lists that supervisors keep together, each for what they lead: whom to page, who takes work,
    # which mail to try again.
    "together": {
        "desk/duty/",
        "desk/duty/<int:number>/end/",
        "desk/messages/<uuid:message>/again/",
        "desk/setup/organisations/new/",
        "desk/setup/organisations/<int:number>/",
        "desk/setup/organisations/<int:number>/members/",
        "desk/setup/organisations/<int:number>/members/<int:member>/remove/",
    },
    # Meetings have rights of their own, walked where they are tested.
    "meetings": {
        "desk/meetings/new/",
        "desk/meetings/<slug:slug>/edit/",
        "desk/meetings/<slug:slug>/announce/",
        "desk/meetings/<slug:slug>/move/",
        "desk/meetings/<slug:slug>/cancel/",
        "desk/meetings/<slug:slug>/discard/",
        "desk/meetings/<slug:slug>/needs/",
    },
}


def takes_a_press(one: Address) -> bool:
    """Asked in a way that it does not know, a door names the ways that it knows."""
    named = {found[1] or found[2]: "1" for found in FILLED.finditer(one.pattern)}
    answer = one.view(RequestFactory().put("/"), **named)
    return answer.status_code != 405 or "POST" in answer["Allow"]


def test_each_door_that_takes_a_press_says_what_it_touches() -> None:
    listed = [pattern for patterns in NAMELESS.values() for pattern in patterns]
    found = {
        one.pattern
        for one in addresses()
        if one.pattern.startswith("desk/")
        and "<str:reference>" not in one.pattern
        and one.door
        and one.door.permission
        and Role.SUPERVISOR in permission(one.door.permission).roles
        and takes_a_press(one)
    }
    assert len(listed) == len(set(listed))
    assert (sorted(found - set(listed)), sorted(set(listed) - found)) == ([], [])


def test_suspected_reports_are_judged_in_the_area_of_the_grant(home: Agency) -> None:
    here, there = (Bench(home, lon, worlds.BY).case(suspicion=("hasty",)) for lon in (HERE, THERE))
    client = worlds.signed_in(supervisor(home))
    listed = client.get("/desk/concerns/suspected/").content.decode()
    assert here.staff_reference in listed
    assert there.staff_reference not in listed
    assert client.get("/desk/").context["casework"]["suspected"] == 1
    for verb in ("release", "spam"):
        pressed = {"verb": verb, "reference": there.staff_reference}
        before = (Entry.objects.count(), Message.objects.count())
        client.post("/desk/concerns/suspected/judge/", pressed)
        assert (Entry.objects.count(), Message.objects.count()) == before
    client.post(
        "/desk/concerns/suspected/judge/", {"verb": "release", "reference": here.staff_reference}
    )
    findings = dict(Suspicion.objects.values_list("concern_id", "finding"))
    assert findings == {here.pk: "genuine", there.pk: ""}


# What is pressed at those.
EVERYWHERE: dict[str, dict[str, str]] = {
    "desk/concerns/suspected/slow-down/": {"hours": "1"},
    "desk/setup/replies/new/": {
        "name": "Seen",
        "state": "accepted",
        "kind": "",
        "language": "en",
        "text": "We saw it.",
        "is_active": "on",
    },
    "desk/sheets/shifts/": {"starts": "07:00"},
    "desk/setup/replies/<int:number>/": {},
    "desk/setup/calls/": {},
    "desk/setup/routing/<int:number>/": {},
    "desk/setup/routing/<int:number>/order/": {"verb": "off", "seen_version": "1"},
    "desk/setup/teams/<int:number>/": {"verb": "retire"},
    "desk/setup/tags/<int:number>/": {"verb": "retire"},
    "desk/setup/routing/late/": {"days": "5"},
    "desk/setup/routing/new/": {},
    "desk/setup/teams/": {"name": "Night"},
}


def made_there(home: Agency, pattern: str) -> str:
    """The number of the rule, team, tag or text that stands in such an address."""
    now = timezone.now()
    if "tags" in pattern:
        return str(Tag.objects.create(agency=home, name="bridge").pk)
    if "teams" in pattern:
        return str(Team.objects.create(agency=home, name="Day").pk)
    if "replies" in pattern:
        return str(ReplyTemplate.objects.filter(agency=home).order_by("pk")[0].pk)
    draft = RuleDraft(name="To the officer", target="area")
    rule = save_rule(agency=home, rule_id=None, seen_version=0, draft=draft, by=worlds.BY, now=now)
    return str(rule.pk)


@pytest.mark.parametrize("pattern", sorted(NAMELESS["everywhere"]))
def test_what_holds_for_every_area_is_changed_by_whom_all_were_given(
    pattern: str, home: Agency
) -> None:
    address = next(one for one in addresses() if one.pattern == pattern)
    path = address.path({"number": made_there(home, pattern)})
    for of_first_district in (True, False):
        client = worlds.signed_in(supervisor(home, of_first_district=of_first_district))
        before = Entry.objects.count()
        answer = client.post(path, EVERYWHERE[pattern])
        assert (answer.status_code == 404) is of_first_district
        if of_first_district:
            assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/desk/concerns/suspected/", "Slow a flood down"),
        ("/desk/setup/replies/", "New text"),
        ("/desk/sheets/", "/desk/sheets/shifts/"),
    ],
)
def test_nobody_is_offered_a_press_that_would_be_refused(
    address: str, words: str, home: Agency
) -> None:
    for of_first_district in (True, False):
        client = worlds.signed_in(supervisor(home, of_first_district=of_first_district))
        answer = client.get(address)
        assert answer.status_code == 200
        assert (words in answer.content.decode()) is not of_first_district
