from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class KeysConfig(AppConfig):
    name = "engagement.keys"
    label = "keys"
    verbose_name = _("Keys")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.keys.checks import keys_are_there

        register(keys_are_there)
