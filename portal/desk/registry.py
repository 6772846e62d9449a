"""The right to open the desk; what stands on it follows from the other rights."""

from django.utils.translation import gettext_lazy as _

from engagement.people.registry import Permission, register_permission
from engagement.people.roles import DESK_ROLES

OPEN = "desk.open"


def register_names() -> None:
    """Called once, when the apps are ready."""
    register_permission(Permission(OPEN, _("Open the desk"), DESK_ROLES))
