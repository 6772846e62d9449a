"""What staffing tells the other rooms of the floor at start."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from engagement.audit.actors import Actor
from engagement.audit.registry import Event, register_event
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey
from engagement.people.actions import grant_role
from engagement.people.directories import rekey_connections, rekey_links
from engagement.people.granting import GIVE_ROLE, MANAGE
from engagement.people.models import Grant, PendingStep
from engagement.people.queries import still_administers
from engagement.people.recovery import reset_factors
from engagement.people.registry import Permission, register_permission
from engagement.people.roles import Role
from engagement.people.steps import CannotConfirm, register_step

RESET_FACTORS = "factors.reset"

EVENTS = [
    Event("INVITATION_SENT", _("Sent an invitation")),
    Event("INVITATION_REVOKED", _("Withdrew an invitation")),
    Event("INVITATION_ACCEPTED", _("Accepted an invitation")),
    Event("ROLE_ENDED", _("Ended somebody's role")),
    Event("AREA_UNASSIGNED", _("Took an area from its officer")),
    Event("PERSON_LEFT", _("Ended everything somebody held at the agency")),
    Event("STEP_ASKED", _("Asked for a step that needs a second person")),
    Event("STEP_CONFIRMED", _("Confirmed a step that somebody asked for")),
    Event("STEP_REFUSED", _("Refused a step that somebody asked for")),
    Event("DIRECTORY_CONNECTED", _("Connected an account to a directory")),
    Event("DIRECTORY_REFUSED", _("The directory says that this person may not sign in any more")),
    Event("DIRECTORY_LOGGED_OUT", _("The directory ended this person's sessions")),
    Event("DEVICE_REGISTERED", _("Registered a device")),
    Event("DEVICE_REVOKED", _("Revoked a device and ended its sessions")),
    Event("SHIFT_BEGUN", _("Began a shift on a registered device")),
    Event("SHIFT_ENDED", _("Ended a shift on a registered device")),
    Event("CHIEF_NAMED", _("Stored the chief's address")),
]


def register_staffing() -> None:
    """Called once, when the apps are ready."""
    register_permission(
        Permission(
            MANAGE,
            _("Invite people, give and end roles and areas, let people go"),
            frozenset({Role.AGENCY_ADMIN}),
        )
    )
    for event in EVENTS:
        register_event(event)
    contact = frozenset({Purpose.CONTACT})
    register_rekey(Rekey("people.directories", rekey_connections, purposes=contact))
    register_rekey(Rekey("people.directory_links", rekey_links, purposes=contact))
    register_step(GIVE_ROLE, _give_role)
    register_step(RESET_FACTORS, _reset_factors)


def _give_role(step: PendingStep, by: Actor, now: datetime) -> None:
    grant_role(
        user=step.person,
        role=Role(step.value),
        agency=step.agency,
        from_on=step.from_on or step.agency.day_of(now),
        until_on=step.until_on,
        by=by,
        now=now,
    )


def _reset_factors(step: PendingStep, by: Actor, now: datetime) -> None:
    """What was asked for may have become another agency's matter, or the operator's, since."""
    grants = Grant.objects.filter(user=step.person).select_related("agency")
    agencies = [grant.agency for grant in grants.order_by("pk")]
    if step.person.is_superuser or not all(
        agency is not None and still_administers(step.asked_by, agency, now) for agency in agencies
    ):
        raise CannotConfirm
    reset_factors(step.person, by=by, now=now)
