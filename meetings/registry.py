"""The names that meetings bring to the floor: events of the history, and permissions."""

from django.utils.translation import gettext_lazy as _

from engagement.audit.registry import Event, register_event
from engagement.people.registry import Permission, register_permission
from engagement.people.roles import Role
from meetings.querysets import READ

PLAN = "meeting.plan"
ANSWERS = "meeting.answers"

EVENTS = [
    Event("MEETING_DRAFTED", _("A meeting was drafted")),
    Event("MEETING_EDITED", _("The words about the meeting were changed")),
    Event("MEETING_DISCARDED", _("The draft of a meeting was thrown away")),
    Event("MEETING_ANNOUNCED", _("The meeting was announced")),
    Event("MEETING_MOVED", _("The meeting got another time or place")),
    Event("MEETING_CANCELLED", _("The meeting was cancelled")),
    Event("MEETING_ANSWERED", _("Somebody said that they are coming")),
    Event("MEETING_ANSWER_CHANGED", _("Somebody changed their answer")),
    Event("MEETING_ANSWER_WITHDRAWN", _("Somebody said that they are not coming")),
    Event("MEETING_NEEDS_READ", _("Staff read what people need in order to take part")),
    Event("MEETING_ANSWERS_FORGOTTEN", _("Who came was forgotten, some time after the meeting")),
]

PERMISSIONS = [
    Permission(
        READ,
        _("Read meetings, drafts among them"),
        frozenset({Role.ORGANISER, Role.SUPERVISOR, Role.OFFICER, Role.AGENCY_ADMIN, Role.READER}),
    ),
    Permission(
        PLAN,
        _("Draft, announce, move and cancel meetings"),
        frozenset({Role.ORGANISER, Role.SUPERVISOR, Role.AGENCY_ADMIN}),
    ),
    Permission(
        ANSWERS,
        _("Read what people need in order to take part"),
        frozenset({Role.ORGANISER, Role.SUPERVISOR}),
    ),
]


def register_names() -> None:
    """Make them known; called once, when the apps are ready."""
    for event in EVENTS:
        register_event(event)
    for permission in PERMISSIONS:
        register_permission(permission)
