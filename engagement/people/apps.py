from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "engagement.people"
    label = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.people.registrations import register
        from engagement.people.staffing_registrations import register_staffing

        register()
        register_staffing()
