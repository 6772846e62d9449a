"""Role, door and row: whoever may open a door of the desk reaches only the cases that are theirs.

`rows.csv` lists each door that leads to one case, with the rule for its rows: "read" for all that
somebody may read, "work" for those in the areas of their grant or their own, "inner" where a
further number, key or state decides. A new door fails until it is listed.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from concerns.models import Category, Concern, Suspicion
from engagement.people.actions import create_account, grant_role
from engagement.people.models import User
from engagement.people.registry import permission
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds
from tests.guards.addresses import Address, addresses
from tests.guards.test_doors import samples_of

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("rows.csv")
# One of each kind: works, works and reads private ones, publishes alone, reads alone.
ROLES = [Role.OFFICER, Role.SUPERVISOR, Role.MODERATOR, Role.READER]
SEES_PRIVATE = {Role.SUPERVISOR}
HIDDEN_WORDS = "Umbracanary is written on the wall"
# What a press carries, so that a door which takes nothing but a form finds its case first.
PRESSED = {"kind": "danger"}
# Which rows somebody reads whose grant is for the first district; own ones are set apart.
HERE = {"ordinary here", "held here", "own"}
READABLE = {*HERE, "ordinary there"}


@dataclass
class Town:
    home: Agency
    rows: dict[str, Concern]
    samples: dict[str, str]


def case_doors() -> list[Address]:
    return [
        one
        for one in addresses()
        if one.pattern.startswith("desk/")
        and "<str:reference>" in one.pattern
        and "concerns" in one.pattern
    ]


def written() -> dict[str, str]:
    with TABLE.open() as table:
        return {row["pattern"]: row["rows"] for row in csv.DictReader(table)}


def test_every_door_to_a_case_says_which_cases_it_leads_to() -> None:
    assert {one.pattern for one in case_doors()} == set(written())


@pytest.fixture
def town() -> Town:
    now = timezone.now()
    home, other = worlds.agency(now=now), worlds.agency("eastfield", east=1.0, now=now)
    private = Category.objects.of(home).taken().filter(visibility="never")[0].code
    there = {"lon": worlds.LON + worlds.STEP * 1.5}

    def filed(agency: Agency, **more: Any) -> Concern:
        return worlds.reported(agency, now=now, text=HIDDEN_WORDS, **more).concern

    rows = {
        "ordinary here": filed(home),
        "ordinary there": filed(home, **there),
        "private here": filed(home, category=private),
        "private there": filed(home, category=private, **there),
        "own": filed(home, category=private, **there),
        "held here": filed(home, suspicion=("hasty",)),
        "elsewhere": filed(other, lon=worlds.LON + 1.0 + worlds.STEP / 2),
    }
    assert Suspicion.objects.get().is_held
    assert rows["private there"].area_id != rows["private here"].area_id
    chief = worlds.officer(home, "Chief", role=Role.SUPERVISOR, district=None, now=now)
    samples = samples_of(home, chief)
    return Town(home, rows, samples)


def member(town: Town, role: Role) -> User:
    """Somebody with this role for the first district, and one private case of their own."""
    now = timezone.now()
    user = create_account(email=f"{role}@rows.example", name=str(role), by=worlds.BY, now=now)
    first = Area.objects.get(agency=town.home, layer="district", code="1")
    today = town.home.day_of(now)
    grant_role(
        user=user, role=role, agency=town.home, areas=(first,), from_on=today, by=worlds.BY, now=now
    )
    Concern.objects.filter(pk=town.rows["own"].pk).update(owner=user)
    return user


def may_reach(role: Role, row: str, rule: str) -> bool:
    reads = READABLE | ({"private here"} if role in SEES_PRIVATE else set())
    works = HERE | ({"private here"} if role in SEES_PRIVATE else set())
    return row in (works if rule == "work" else reads)


def answers(client: Client, path: str, *, until_open: bool) -> set[int]:
    """What a door says to a look and to a press with hardly anything filled in; none of it stays.

    A door that should be open need not be pressed once a look shows that it is.
    """
    point = transaction.savepoint()
    try:
        said = {client.get(path).status_code}
        if until_open and said - {404, 405}:
            return said
        return {*said, client.post(path, PRESSED).status_code}
    finally:
        transaction.savepoint_rollback(point)


def test_a_door_of_the_desk_leads_to_no_case_beyond_the_rights(town: Town) -> None:
    wrong = []
    for role in ROLES:
        client = worlds.signed_in(member(town, role))
        wrong += [(role.value, *found) for found in wrong_doors(client, role, town)]
    assert wrong == [], "\n".join(map(str, wrong))


def wrong_doors(client: Client, role: Role, town: Town) -> Iterator[tuple[Any, ...]]:
    """Doors that lead this role to a case beyond its rights, or refuse one within them."""
    rules = written()
    for address in case_doors():
        door, rule = address.door, rules[address.pattern]
        if door is None or door.permission is None or role not in permission(door.permission).roles:
            continue
        for row, concern in town.rows.items():
            may = may_reach(role, row, rule)
            if may and row != "ordinary here":
                # That a door opens is seen at one case; that it stays shut at each.
                continue
            samples = {**town.samples, "reference": concern.staff_reference}
            said = answers(client, address.path(samples), until_open=may)
            is_reached = bool(said - {404, 405})
            if is_reached and not may:
                yield address.pattern, row, "reached", said
            if may and rule != "inner" and not is_reached:
                yield address.pattern, row, "refused", said


def test_no_list_of_the_desk_shows_a_case_beyond_the_rights(town: Town) -> None:
    lists = [
        one for one in addresses() if one.pattern.startswith("desk/") and "<" not in one.pattern
    ]
    shown = []
    for role in ROLES:
        client = worlds.signed_in(member(town, role))
        for address in lists:
            door = address.door
            if door and door.permission and role not in permission(door.permission).roles:
                continue
            body = client.get(address.path({})).content.decode(errors="replace")
            for row, concern in town.rows.items():
                is_shown = concern.staff_reference in body
                is_hers = may_reach(role, row, "read")
                if is_shown and not is_hers:
                    shown.append((role.value, address.pattern, row))
                if is_shown and row == "held here" and "suspected" not in address.pattern:
                    shown.append((role.value, address.pattern, row))
    assert shown == []
