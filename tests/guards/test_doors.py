"""Every address, walked as every role: closed unless the table beside this file says otherwise."""

import csv
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions.campaigns import begin
from concerns.models import Concern
from engagement.audit.actors import Actor
from engagement.doors.access import Kind
from engagement.people.models import User
from engagement.people.registry import known_permissions
from engagement.people.rights import allowed
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.guards.addresses import Address, addresses

TABLE = Path(__file__).with_name("doors.csv")
SIGN_IN = "/account/login/"


def _written() -> dict[str, tuple[str, str]]:
    with TABLE.open() as table:
        return {row["pattern"]: (row["kind"], row["permission"]) for row in csv.DictReader(table)}


def _standing() -> dict[str, tuple[str, str]]:
    return {
        address.pattern: (
            (str(address.door.kind), address.door.permission or "")
            if address.door
            else ("none", "")
        )
        for address in addresses()
    }


def test_every_address_has_the_door_that_the_table_says() -> None:
    """A new page is added to doors.csv on purpose, by someone who thought about its door."""
    assert _standing() == _written()


def test_no_address_is_without_a_door() -> None:
    assert [address.pattern for address in addresses() if address.door is None] == []


def test_permissions_are_held_by_the_roles_that_the_table_says() -> None:
    with Path(__file__).with_name("roles.csv").open() as table:
        written = {row["permission"]: set(row["roles"].split()) for row in csv.DictReader(table)}
    standing = {
        permission.name: {role.value for role in permission.roles}
        for permission in known_permissions()
    }
    assert standing == written


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    now = timezone.now()
    home, other = worlds.agency(now=now), worlds.agency("eastfield", east=1.0, now=now)
    staff = {
        role.value: worlds.officer(
            home, role.value, role=role, district="1" if role == Role.OFFICER else None, now=now
        )
        for role in Role
        if role != Role.OPERATOR
    }
    return {
        "visitor": None,
        "resident": worlds.resident(now=now),
        **staff,
        "elsewhere": worlds.officer(other, "Elsewhere", now=now),
        "operator": worlds.operator(now=now),
    }


def samples_of(home: Agency, officer: User) -> dict[str, str]:
    now, by = timezone.now(), Actor.task("tests")
    concern = worlds.reported(home, now=now).concern
    return {
        "code": begin(agency=home, name="Boards", area=None, by=by, now=now).code,
        "language": "en",
        "reference": concern.staff_reference,
        "slug": home.slug,
        "layer": "district",
        "token": "no-such-token",
        "key": "no-such-key",
        "signed": "no-such-signature",
        "uidb36": "1",
        "z": "13",
        "x": "1998",
        "y": "3151",
        "object_id": str(officer.pk),
        "number": str(officer.pk),
        "grant": str(officer.grants.order_by("pk")[0].pk),
        "assignment": "1",
        "member": str(officer.pk),
        "message": "3f0c8a52-6f3b-4a0e-9d5e-0b8c2f1d7e11",
        "app_label": "people",
        "url": "no-such-page",
    }


def _client(user: User | None) -> Client:
    return worlds.signed_in(user) if user else Client()


def _holds(user: User | None, address: Address, home: Agency) -> bool:
    door = address.door
    if door is None or user is None:
        return False
    if door.kind == Kind.OPERATOR:
        return user.is_superuser
    if door.permission is None:
        return True
    return any(
        allowed(user, door.permission, agency_id=agency.pk)
        for agency in Agency.objects.order_by("id")
    )


def test_every_address_refuses_whoever_lacks_the_right(people: dict[str, User | None]) -> None:
    home = Agency.objects.get(slug="cedar")
    officer = people["officer"]
    assert officer is not None
    samples = samples_of(home, officer)
    before = list(Concern.objects.order_by("id").values_list("state", "version"))
    wrong = []
    closed = [
        address
        for address in addresses()
        if address.door and address.door.kind in (Kind.STAFF, Kind.OPERATOR, Kind.SIGNED_IN)
    ]
    for role, user in people.items():
        client = _client(user)
        for address in closed:
            if _holds(user, address, home):
                continue
            for method in (client.get, client.post):
                response = method(address.path(samples))
                if user is None:
                    is_refused = response.status_code in (302, 303) and response[
                        "Location"
                    ].startswith(SIGN_IN)
                else:
                    is_refused = response.status_code == 404
                if not is_refused:
                    wrong.append((role, address.pattern, method.__name__, response.status_code))
    assert wrong == []
    assert list(Concern.objects.order_by("id").values_list("state", "version")) == before


def test_every_address_opens_for_whoever_holds_the_right(people: dict[str, User | None]) -> None:
    home = Agency.objects.get(slug="cedar")
    officer = people["officer"]
    assert officer is not None
    samples = samples_of(home, officer)
    wrong = []
    for role in ("resident", "officer", "supervisor", "operator"):
        user = people[role]
        client = _client(user)
        for address in addresses():
            is_open = address.door and address.door.kind in (Kind.PUBLIC, Kind.OPEN)
            if not is_open and not _holds(user, address, home):
                continue
            response = client.get(address.path(samples))
            # The administration forbids by 403 what nobody may do, as deleting an account.
            is_forbidden = response.status_code == 403 and role != "operator"
            # The probe says 503 here, where no clock runs.
            is_broken = response.status_code >= 500 and address.pattern != "health/ready"
            if is_broken or is_forbidden:
                wrong.append((role, address.pattern, response.status_code))
    assert wrong == []


def test_every_answer_carries_the_strict_policy(people: dict[str, User | None]) -> None:
    officer = people["officer"]
    assert officer is not None
    samples = samples_of(Agency.objects.get(slug="cedar"), officer)
    for role in ("visitor", "officer", "operator"):
        client = _client(people[role])
        for address in addresses():
            response = client.get(address.path(samples))
            policy = response["Content-Security-Policy"]
            assert "default-src 'none'" in policy, address.pattern
            assert "unsafe" not in policy, address.pattern
            assert "http:" not in policy, address.pattern
            assert response["X-Content-Type-Options"] == "nosniff", address.pattern


def test_only_anonymous_public_pages_may_be_kept(people: dict[str, User | None]) -> None:
    officer = people["officer"]
    assert officer is not None
    samples = samples_of(Agency.objects.get(slug="cedar"), officer)
    for role in ("visitor", "officer"):
        client = _client(people[role])
        for address in addresses():
            response = client.get(address.path(samples))
            is_public = address.door is not None and address.door.kind == Kind.PUBLIC
            if not (is_public and role == "visitor"):
                assert "no-store" in response["Cache-Control"], (role, address.pattern)


def test_no_cookie_of_an_anonymous_visitor_outlives_the_browser(
    people: dict[str, User | None],
) -> None:
    officer = people["officer"]
    assert officer is not None
    samples = samples_of(Agency.objects.get(slug="cedar"), officer)
    client = Client()
    for address in addresses():
        client.get(address.path(samples))
    lasting = [name for name, cookie in client.cookies.items() if cookie["max-age"]]
    assert lasting == []
