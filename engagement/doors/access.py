"""Every view hangs behind a door; one without a door answers 404 (see middleware.Guard)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from engagement.audit.actors import Actor
from engagement.doors.public_role import as_the_public
from engagement.people.models import User
from engagement.people.rights import Everywhere, areas_with

View = TypeVar("View", bound=Callable[..., Any])


class Kind(StrEnum):
    PUBLIC = "public"  # no sign-in; reads what was published, through the public database role
    OPEN = "open"  # no sign-in; forms that write
    SIGNED_IN = "signed_in"
    STAFF = "staff"  # a permission at an agency
    OPERATOR = "operator"  # the installation itself


@dataclass(frozen=True)
class Door:
    kind: Kind
    permission: str | None = None


OPEN_DOOR = Door(Kind.OPEN)
SIGNED_IN_DOOR = Door(Kind.SIGNED_IN)
OPERATE = "installation.operate"
OPERATOR_DOOR = Door(Kind.OPERATOR, OPERATE)

# Views of libraries, by route name; "admin:*" is every route of that namespace.
OUTSIDE_DOORS: dict[str, Door] = {
    "account_login": OPEN_DOOR,
    "account_logout": OPEN_DOOR,
    "account_signup": OPEN_DOOR,
    "account_inactive": OPEN_DOOR,
    "account_confirm_email": OPEN_DOOR,
    "account_email_verification_sent": OPEN_DOOR,
    "account_reset_password": OPEN_DOOR,
    "account_reset_password_done": OPEN_DOOR,
    "account_reset_password_from_key": OPEN_DOOR,
    "account_reset_password_from_key_done": OPEN_DOOR,
    "account_change_password": SIGNED_IN_DOOR,
    "account_passkey": OPEN_DOOR,
    "mfa_authenticate": OPEN_DOOR,
    "account_confirm": SIGNED_IN_DOOR,
    "account_enrol": OPEN_DOOR,
    "account_enrol_here": OPEN_DOOR,
    "account_security": SIGNED_IN_DOOR,
    "account_new_app": SIGNED_IN_DOOR,
    "account_new_key": SIGNED_IN_DOOR,
    "account_remove_factor": SIGNED_IN_DOOR,
    "account_sessions": SIGNED_IN_DOOR,
    "schema": OPEN_DOOR,
    # The administration's own sign-in page only sends people to ours.
    "admin:login": OPEN_DOOR,
    "admin:*": OPERATOR_DOOR,
}


def open_page(view: View) -> View:
    """No sign-in; the ordinary database role. Report form, tracking, sign-in."""
    return _hang(view, OPEN_DOOR)


def signed_in_page(view: View) -> View:
    return _hang(view, SIGNED_IN_DOOR)


def staff_page(permission: str) -> Callable[[View], View]:
    """Only for holders of `permission` at some agency, which becomes `request.agency`."""
    return lambda view: _hang(view, Door(Kind.STAFF, permission))


def operator_page(view: View) -> View:
    return _hang(view, OPERATOR_DOOR)


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """No sign-in; the whole answer, template included, is made under the public database role.

    That role reads published rows and reference data only, so a mistake in a public query
    fails instead of leaking. Session and user were loaded by the guard before.
    """

    @wraps(view)
    def under_public_role(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with as_the_public():
            response = view(request, *args, **kwargs)
            render = getattr(response, "render", None)
            if callable(render):
                response = render()
        return response

    return _hang(under_public_role, Door(Kind.PUBLIC))


def cacheable(seconds: int) -> Callable[[View], View]:
    """Let browsers and proxies keep an anonymous GET of this public view for so long."""

    def mark(view: View) -> View:
        view.cache_seconds = seconds  # type: ignore[attr-defined]
        return view

    return mark


def door_of(view: Callable[..., Any], route: str | None) -> Door | None:
    """The door of a view, or of a library's route; None means that nobody may pass."""
    door = getattr(view, "door", None)
    if isinstance(door, Door):
        return door
    if not route:
        return None
    namespace = f"{route.partition(':')[0]}:*" if ":" in route else ""
    return OUTSIDE_DOORS.get(route) or OUTSIDE_DOORS.get(namespace)


def actor_of(request: HttpRequest) -> Actor:
    """The staff member behind this request. Only for views with a staff or operator door."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionError("no staff member here")
    return Actor.staff(user.pk)


def holds_everywhere(request: HttpRequest, permission: str, *, agency_id: int) -> bool:
    """Whether this person holds the permission in the whole agency, as whatever changes something
    for every area asks. Only for views with a staff door."""
    user = request.user
    return isinstance(user, User) and isinstance(
        areas_with(user, permission, agency_id), Everywhere
    )


def _hang(view: View, door: Door) -> View:
    view.door = door  # type: ignore[attr-defined]
    return view
