"""The invented people who can sign in, and the officers of the invented districts."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from engagement.audit.actors import Actor
from engagement.keys.references import ALPHABET
from engagement.people.actions import assign_area, create_account, grant_role
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area

DOMAIN = "demo.invalid"


@dataclass(frozen=True)
class Person:
    mailbox: str
    name: str
    words: str
    role: Role | None = None
    is_elsewhere: bool = False


PEOPLE = (
    Person("resident", "", "a resident of Cedar Bend"),
    Person("officer", "Officer Robin Vale (invented)", "North District", Role.OFFICER),
    Person("officer-elsewhere", "Officer Kim Marsh (invented)", "Eastfield", Role.OFFICER, True),
    Person("supervisor", "Sergeant Lee Arbor (invented)", "Cedar Bend", Role.SUPERVISOR),
    Person("organiser", "Jo Fenwick (invented)", "community meetings", Role.ORGANISER),
    Person("partner", "Sam Brook (invented)", "Orchard Park Association", Role.PARTNER),
    Person(
        "admin",
        "Alex Tern (invented)",
        "who invites staff and runs the installation",
        Role.AGENCY_ADMIN,
    ),
)
OTHER_OFFICERS = (
    ("officer-river", "Officer Dana Reed (invented)", "2"),
    ("officer-south", "Officer Pat Clay (invented)", "3"),
    ("officer-mill", "Officer Chris Stone (invented)", "4"),
)


def create_people(
    home: Agency, other: Agency, *, by: Actor, now: datetime
) -> tuple[dict[str, User], list[dict[str, str]]]:
    """Create everyone; returns users by mailbox, and what to print: e-mail, password, role."""
    users, printed = {}, []
    for person in PEOPLE:
        password = _password()
        users[person.mailbox] = create_account(
            email=f"{person.mailbox}@{DOMAIN}",
            name=person.name,
            password=password,
            is_operator=person.mailbox == "admin",
            by=by,
            now=now,
        )
        role = person.role.value if person.role else person.mailbox
        printed.append(
            {
                "email": f"{person.mailbox}@{DOMAIN}",
                "password": password,
                "role": f"{role}, {person.words}",
            }
        )
        if person.role is not None:
            agency = other if person.is_elsewhere else home
            _grant(users[person.mailbox], person.role, agency, by=by, now=now)
    _assign(users["officer"], home, "1", by=by, now=now)
    _assign(users["officer-elsewhere"], other, "1", by=by, now=now)
    for mailbox, name, code in OTHER_OFFICERS:
        officer = create_account(email=f"{mailbox}@{DOMAIN}", name=name, by=by, now=now)
        _grant(officer, Role.OFFICER, home, by=by, now=now)
        _assign(officer, home, code, by=by, now=now)
        users[mailbox] = officer
    return users, printed


def _grant(user: User, role: Role, agency: Agency, *, by: Actor, now: datetime) -> None:
    since = (now - timedelta(days=365)).date()
    grant_role(user=user, role=role, agency=agency, from_on=since, by=by, now=now)


def _assign(user: User, agency: Agency, code: str, *, by: Actor, now: datetime) -> None:
    area = Area.objects.get(agency=agency, layer=agency.responsible_layer, code=code)
    since = (now - timedelta(days=365)).date()
    assign_area(user=user, area=area, from_on=since, by=by, now=now)


def _password() -> str:
    """Four groups that can be read aloud and typed; 80 random bits."""
    letters = "".join(secrets.choice(ALPHABET.lower()) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))
