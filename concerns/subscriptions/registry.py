"""The names that subscriptions bring to the floor: events of the history."""

from django.utils.translation import gettext_lazy as _

from engagement.audit.registry import Event, register_event

EVENTS = [
    Event("SUBSCRIPTION_CONFIRMED", _("Somebody follows what is published")),
    Event("SUBSCRIPTION_CHANGED", _("A follower changed what they hear, and how often")),
    Event("SUBSCRIPTIONS_FORGOTTEN", _("Addresses of people who follow no more were destroyed")),
]


def register_names() -> None:
    """Called once, when the apps are ready."""
    for event in EVENTS:
        register_event(event)
