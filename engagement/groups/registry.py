"""The names that organisations bring: events of the history, the right to keep the list."""

from django.utils.translation import gettext_lazy as _

from engagement.audit.registry import Event, register_event
from engagement.groups.rekeying import reseal_endpoint_keys
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey
from engagement.people.registry import Permission, register_permission
from engagement.people.roles import Role

MANAGE = "organisation.manage"

EVENTS = [
    Event("ORGANISATION_KEPT", _("Changed a partner organisation")),
    Event("ORGANISATION_MEMBER_ADDED", _("Let somebody work for a partner organisation")),
    Event("ORGANISATION_MEMBER_REMOVED", _("Ended somebody's work for a partner organisation")),
]


def register_names() -> None:
    """Called once, when the apps are ready."""
    for event in EVENTS:
        register_event(event)
    register_permission(
        Permission(
            MANAGE,
            _("Keep the list of partner organisations and of who works for them"),
            frozenset({Role.AGENCY_ADMIN, Role.SUPERVISOR}),
        )
    )
    register_rekey(
        Rekey("groups.endpoint_keys", reseal_endpoint_keys, frozenset({Purpose.CONTACT}))
    )
