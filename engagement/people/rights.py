"""One answer to "may this person?", at any door; one query per request and user."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engagement.keys.moments import day_of
from engagement.people.models import User
from engagement.people.registry import permission as registered
from engagement.people.roles import DESK_ROLES, Role
from engagement.people.trust import session_is_trusted
from engagement.places.models import Agency

__all__ = [
    "EVERYWHERE",
    "Everywhere",
    "agencies_of",
    "agencies_read",
    "agencies_with",
    "allowed",
    "areas_with",
    "forget_rights",
    "is_desk_member",
    "is_partner",
    "rights_of",
    "role_behind",
    "session_is_trusted",
]


# Who holds several roles acts by the one that reaches furthest.
FURTHEST_FIRST = (
    Role.SUPERVISOR,
    Role.CUSTODIAN,
    Role.DISPATCHER,
    Role.MODERATOR,
    Role.OFFICER,
    Role.READER,
)


# Written out, as every page of staff asks it. Where the agency demands its directory, only a
# session that came from there counts. None does where the directory has put this person out: a new
# sign-in there takes that back. An agency's directory vouches for that agency alone: elsewhere
# somebody else rules, and its administrators could be anybody there.
STANDING = """
SELECT agency.*, held.role AS held_role, held.agency_id AS held_agency,
    held.from_on AS held_from, held.until_on AS held_until, ARRAY(
        SELECT area_id FROM people_grantarea WHERE grant_id = held.id
    ) AS held_areas
FROM people_grant AS held LEFT JOIN places_agency AS agency ON agency.id = held.agency_id
WHERE held.user_id = %(user)s
    AND (held.agency_id = %(came_by)s OR (NOT %(is_vouched_for)s AND NOT EXISTS (
        SELECT FROM people_directoryconnection AS required
        WHERE required.agency_id = held.agency_id AND required.is_required AND required.is_active
    )))
    AND NOT EXISTS (
        SELECT FROM people_directorylink AS link
        JOIN people_directoryconnection AS source ON source.id = link.connection_id
        WHERE link.user_id = held.user_id AND link.agency_id = held.agency_id
            AND link.refused_on IS NOT NULL AND source.is_active
    )
ORDER BY held.id
"""


class Everywhere:
    """Every area of the agency, and the places outside all of them."""


EVERYWHERE = Everywhere()


@dataclass(frozen=True)
class Held:
    """A role in force today; no areas means the whole agency."""

    role: Role
    agency_id: int | None
    areas: frozenset[int]


def allowed(
    user: AbstractBaseUser | AnonymousUser,
    permission: str,
    *,
    agency_id: int | None,
    area_id: int | None = None,
) -> bool:
    """Whether `user` holds `permission` at the agency, in the area when one is named.

    Without `area_id` a grant for some areas is enough: the question is then about the door,
    and the rows behind it are narrowed by `areas_with`. `agency_id` None asks about the
    installation. Raises UnknownPermission.
    """
    roles = registered(permission).roles
    return any(
        held.role in roles
        and held.agency_id in (agency_id, None)
        and (area_id is None or not held.areas or area_id in held.areas)
        for held in _standing(user)
    )


def agencies_with(user: AbstractBaseUser | AnonymousUser, permission: str) -> list[int]:
    """Ids of the agencies where `user` holds `permission` in at least one area, ascending."""
    roles = registered(permission).roles
    found = {held.agency_id for held in _standing(user) if held.role in roles}
    return sorted(agency_id for agency_id in found if agency_id is not None)


def agencies_read(user: AbstractBaseUser | AnonymousUser, permission: str) -> list[Agency]:
    """As `agencies_with`, the agencies themselves, which were read with the grants."""
    agency_ids = agencies_with(user, permission)
    read: dict[int, Agency] = user.__dict__.get("_agencies", {})
    return [read[agency_id] for agency_id in agency_ids]


def areas_with(
    user: AbstractBaseUser | AnonymousUser, permission: str, agency_id: int
) -> Everywhere | frozenset[int]:
    """The areas where `user` holds `permission`; an empty set means nowhere."""
    roles = registered(permission).roles
    areas: set[int] = set()
    for held in _standing(user):
        if held.role in roles and held.agency_id in (agency_id, None):
            if not held.areas:
                return EVERYWHERE
            areas |= held.areas
    return frozenset(areas)


def agencies_of(user: AbstractBaseUser | AnonymousUser) -> list[int]:
    """Ids of the agencies where `user` has any desk role, ascending."""
    found = {held.agency_id for held in _standing(user) if held.role in DESK_ROLES}
    return sorted(agency_id for agency_id in found if agency_id is not None)


def role_behind(
    user: AbstractBaseUser | AnonymousUser, permission: str, *, agency_id: int
) -> Role | None:
    """The role by which `user` holds `permission` at the agency, the furthest reaching one."""
    roles = registered(permission).roles
    held = {each.role for each in _standing(user) if each.agency_id == agency_id} & roles
    return next((role for role in FURTHEST_FIRST if role in held), min(held, default=None))


def rights_of(user: AbstractBaseUser | AnonymousUser) -> Hashable:
    """All that decides what `user` may at this moment, and who it is: equal for equal rights."""
    return user.pk, _standing(user)


def is_desk_member(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(agencies_of(user))


def is_partner(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether `user` works for an organisation outside, at any agency, by their role today."""
    return any(held.role == Role.PARTNER for held in _standing(user))


def forget_rights(user: AbstractBaseUser) -> None:
    """Read the grants anew at the next question; for a user object that outlives a change."""
    user.__dict__.pop("_standing", None)
    user.__dict__.pop("_agencies", None)


def _standing(user: AbstractBaseUser | AnonymousUser) -> tuple[Held, ...]:
    if not isinstance(user, User) or not user.is_active or not session_is_trusted(user):
        return ()
    known: tuple[Held, ...] | None = user.__dict__.get("_standing")
    if known is None:
        known = user.__dict__["_standing"] = _read_standing(user)
    return known


def _read_standing(user: User) -> tuple[Held, ...]:
    rows: list[Any] = list(
        Agency.objects.raw(
            STANDING,
            {
                "user": user.pk,
                "came_by": user.directory_agency_id or None,
                "is_vouched_for": user.is_vouched_for,
            },
        )
    )
    # A grant for the installation has no agency, and so none of its columns.
    user.__dict__["_agencies"] = {row.pk: row for row in rows if row.pk is not None}
    held = [
        Held(Role(row.held_role), row.held_agency, frozenset(row.held_areas))
        for row in rows
        if _in_force(row.held_from, row.held_until, _today(row.timezone))
    ]
    if user.is_superuser and not user.is_vouched_for:
        held.append(Held(Role.OPERATOR, None, frozenset()))
    return tuple(held)


def _today(zone: str | None) -> date:
    # A grant ends with the agency's own day, not with the day in Greenwich.
    return day_of(timezone.now(), ZoneInfo(zone or "UTC"))


def _in_force(from_on: date, until_on: Any, today: date) -> bool:
    return from_on <= today and (until_on is None or today <= until_on)
