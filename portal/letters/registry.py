"""Who looks after mails and texts that got stuck."""

from django.utils.translation import gettext_lazy as _

from engagement.people.registry import Permission, register_permission
from engagement.people.roles import Role

RESEND = "message.resend"
ROLES = frozenset({Role.SUPERVISOR, Role.AGENCY_ADMIN})


def register_names() -> None:
    """Called once, when the apps are ready."""
    words = _("See which mails and texts did not arrive, and send them again")
    register_permission(Permission(RESEND, words, ROLES))
