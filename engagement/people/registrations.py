"""What people tell the other rooms of the floor at start: permissions, events, key changes."""

from django.utils.translation import gettext_lazy as _

from engagement.audit.erasures import Replay, register_replay
from engagement.audit.registry import Event, register_event
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey
from engagement.people.identity import CONTACTS, erase_contacts_again
from engagement.people.recovery import RECOVER
from engagement.people.registry import Permission, register_permission
from engagement.people.rekeying import (
    rekey_accounts,
    rekey_contacts,
    rekey_factors,
    rekey_reasons,
)
from engagement.people.roles import Role


def register() -> None:
    register_permission(
        Permission(
            "installation.operate",
            _("Manage agencies, places and accounts of the installation"),
            frozenset({Role.OPERATOR}),
        )
    )
    register_permission(
        Permission(
            RECOVER,
            _("Take away a colleague's second step, so that they can set up a new one"),
            frozenset({Role.AGENCY_ADMIN, Role.OPERATOR}),
        )
    )
    for event in (
        Event("ACCOUNT_CREATED", _("Created an account")),
        Event("ROLE_GRANTED", _("Gave somebody a role")),
        Event("AREA_ASSIGNED", _("Made somebody the officer of an area")),
        Event("IDENTITY_READ", _("Opened somebody's address")),
        Event("CONTACT_ERASED", _("Erased an address")),
        Event("FACTOR_ADDED", _("Set up a second step for signing in")),
        Event("FACTOR_REMOVED", _("Removed one of their second steps")),
        Event("FACTORS_RESET", _("Took away somebody's second steps and ended their sessions")),
        Event("ENROLMENT_PERMITTED", _("Let somebody set up a second step")),
    ):
        register_event(event)
    register_replay(Replay(CONTACTS, erase_contacts_again))
    register_rekey(
        Rekey(
            "people.contacts",
            rekey_contacts,
            purposes=frozenset({Purpose.CONTACT, Purpose.LOOKUP}),
        )
    )
    register_rekey(Rekey("people.reasons", rekey_reasons, purposes=frozenset({Purpose.CONTACT})))
    register_rekey(Rekey("people.accounts", rekey_accounts, purposes=frozenset({Purpose.ACCOUNT})))
    register_rekey(Rekey("people.factors", rekey_factors, purposes=frozenset({Purpose.FACTOR})))
