"""What a request carries once it has passed the doors; for types only."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from engagement.people.models import User
from engagement.places.models import Agency

if TYPE_CHECKING:
    from engagement.doors.access import Door


class PortalRequest(HttpRequest):
    """`client` is the ten-minute pseudonym that stands where an address would be."""

    agency: Agency | None
    client: str
    door: "Door"
    user: User | AnonymousUser


class StaffRequest(PortalRequest):
    """Behind a staff door: the user is known and the agency is one of theirs."""

    agency: Agency
    user: User
