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
