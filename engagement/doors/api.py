"""The API hangs behind the same doors as the pages."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from engagement.doors.access import Door, Kind
from engagement.doors.middleware import admit
from engagement.people.models import User

if TYPE_CHECKING:
    # Both modules read the settings that name this class, so they cannot come first.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class ClosedByDefault(BasePermission):
    """Passes only through a door on the view: `staff_page("...")(ListView.as_view())`.

    The guard asked the same before; it is asked again here because the API may accept
    ways of signing in that the guard does not know.
    """

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        door = getattr(request._request, "door", None)
        if not isinstance(door, Door):
            return False
        if door.kind in (Kind.PUBLIC, Kind.OPEN):
            return True
        return isinstance(request.user, User) and admit(request._request, request.user, door)
