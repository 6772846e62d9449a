from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishedConfig(AppConfig):
    name = "concerns.published"
    label = "published"
    verbose_name = _("Published concerns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from concerns.published.prevention import give_prevention
        from engagement.places.registry import register_furnisher

        register_furnisher(give_prevention)
