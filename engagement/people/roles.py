"""Roles are data in code; who holds one, where and for how long is a Grant."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    MODERATOR = "moderator"
    CUSTODIAN = "custodian"
    ORGANISER = "organiser"
    PARTNER = "partner"
    AGENCY_ADMIN = "agency_admin"
    OPERATOR = "operator"
    READER = "reader"


ROLE_WORDS: dict[Role, Promise] = {
    Role.OFFICER: _("Officer"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.DISPATCHER: _("Dispatcher"),
    Role.MODERATOR: _("Moderator"),
    Role.CUSTODIAN: _("Records custodian"),
    Role.ORGANISER: _("Organiser"),
    Role.PARTNER: _("Partner"),
    Role.AGENCY_ADMIN: _("Agency administrator"),
    Role.OPERATOR: _("Installation operator"),
    Role.READER: _("Reader"),
}
ROLE_CHOICES: list[tuple[str, Promise]] = [
    (role.value, words) for role, words in ROLE_WORDS.items()
]

# Who finds work at the desk. A partner works on what was shared with them and never opens it.
DESK_ROLES: frozenset[Role] = frozenset(Role) - {Role.PARTNER, Role.OPERATOR}

# What a role is for, in one sentence; read by whoever gives it and in docs/permissions.md.
ROLE_SENTENCES: dict[Role, Promise] = {
    Role.OFFICER: _("Answers and works on the concerns of the agency, their own areas first."),
    Role.SUPERVISOR: _("Works like an officer, reads private concerns, opens addresses."),
    Role.DISPATCHER: _("Sorts what comes in and gives it to officers; publishes nothing."),
    Role.MODERATOR: _("Decides which words become public; works on no concern."),
    Role.CUSTODIAN: _("Answers court orders and records requests; may open an address."),
    Role.ORGANISER: _("Plans meetings and reads who comes; may be from outside the police."),
    Role.PARTNER: _("Sees only what was shared with them, and never the desk."),
    Role.AGENCY_ADMIN: _("Invites people, gives and ends roles; reads no private concern."),
    Role.OPERATOR: _("Runs the installation: agencies, places, accounts; opens no concern."),
    Role.READER: _("Reads the agency's ordinary concerns and changes nothing."),
}
