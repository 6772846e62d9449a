from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "engagement.audit"
    label = "audit"
    verbose_name = _("Audit")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.audit.actions import PAYLOAD_DESTROYED, PAYLOADS, destroy_again
        from engagement.audit.erasures import Replay, register_replay
        from engagement.audit.registry import Event, register_event

        register_event(Event(PAYLOAD_DESTROYED, _("Destroyed the details of a history entry")))
        register_event(Event("BACKUP_RESTORED", _("Restored everything from a backup")))
        register_replay(Replay(PAYLOADS, destroy_again))
