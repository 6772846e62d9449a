from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "engagement.outbox"
    label = "outbox"
    verbose_name = _("Outbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.audit.registry import Event, register_event

        register_event(
            Event(name="MESSAGE_REQUEUED", sentence=_("Put a message back to be sent again"))
        )
