from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "engagement.places"
    label = "places"
    verbose_name = _("Places")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.audit.registry import Event, register_event
        from engagement.places import events
        from engagement.places.registry import register_furnisher
        from engagement.places.usual_hotlines import give_hotlines

        register_event(Event(events.ADDRESSES_IMPORTED, _("Imported the addresses")))
        register_event(Event(events.AGENCY_CREATED, _("Created the agency")))
        register_event(Event(events.BOUNDARIES_IMPORTED, _("Imported the areas of a layer")))
        register_event(Event(events.STREETS_IMPORTED, _("Imported the streets")))
        register_furnisher(give_hotlines)
