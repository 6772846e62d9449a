"""Names of events and permissions about other systems, visits, wrong doors and services."""

from django.utils.translation import gettext_lazy as _

from engagement.audit.registry import Event
from engagement.people.registry import Permission
from engagement.people.roles import Role

DUTY = "duty.manage"

PROTECTING = _(
    "Numbers in the police's other systems, and steps to protect somebody: not told here, whether "
    "there are any or not. Ask the records custodian."
)
# Not told in the export of a report: whoever reads it may be the one who must not know.
PROTECTING_EVENTS = [
    Event("OUTSIDE_NUMBER_ADDED", _("A number of another system was added")),
    Event("OUTSIDE_NUMBER_REMOVED", _("A number of another system was removed")),
    Event("WRONG_DOOR_MARKED", _("The case was marked for somebody who acts at once")),
    Event("WRONG_DOOR_ACCEPTED", _("A supervisor took over what was marked")),
    Event("WRONG_DOOR_CALLED", _("Staff wrote down whom they called")),
    Event("WRONG_DOOR_ENDED", _("The mark was ended")),
    Event("WRONG_DOOR_EXPLAINED", _("Staff said why a crime has no report number")),
]
EVENTS = [
    *PROTECTING_EVENTS,
    Event("VISIT_MADE", _("An officer was there")),
    Event("VISIT_TAKEN_BACK", _("A visit was taken back")),
    Event("DUTY_CHANGED", _("The duty list was changed")),
    Event("CALLS_READ", _("A file of calls was read")),
    Event("CALLS_MAPPING_CHANGED", _("How the file of calls is read was changed")),
    Event("SERVICE_PLANNED", _("A service was planned")),
    Event("SERVICE_SURVEYED", _("A security survey was written")),
    Event("SERVICE_DATES_DELETED", _("What was kept of an absence was deleted")),
]
PERMISSIONS = [
    Permission(
        DUTY,
        _("Keep the duty list, and take over what must be acted on at once"),
        frozenset({Role.SUPERVISOR}),
    ),
]
