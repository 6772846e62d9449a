from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class DoorsConfig(AppConfig):
    name = "engagement.doors"
    label = "doors"
    verbose_name = _("Doors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.audit.registry import Event, register_event
        from engagement.doors.pictures.checks import photos_can_be_decoded

        register_event(Event("ADMIN_CHANGED", _("Changed reference data")))
        register(photos_can_be_decoded, deploy=True)
