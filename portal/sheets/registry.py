"""Who may print the beat sheet, who reads the commander's week, and what history keeps of both."""

from django.utils.translation import gettext_lazy as _

from engagement.audit.registry import Event, register_event
from engagement.people.registry import Permission, register_permission
from engagement.people.roles import Role

BEAT = "sheet.beat"
WEEK = "sheet.week"
BEAT_ROLES = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER})
WEEK_ROLES = frozenset({Role.SUPERVISOR})


def register_names() -> None:
    """Called once, when the apps are ready."""
    register_event(Event("SHEET_ORDERED", _("A sheet was ordered by mail")))
    register_event(Event("SHEET_ENDED", _("A sheet by mail was ended")))
    register_event(Event("SHIFTS_CHANGED", _("The times at which shifts begin were changed")))
    register_permission(Permission(BEAT, _("Print beat sheets and get them by mail"), BEAT_ROLES))
    register_permission(Permission(WEEK, _("Read the week of the agency in numbers"), WEEK_ROLES))
