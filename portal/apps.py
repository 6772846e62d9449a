from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.checks import cache_keeps_nothing, database_log_is_quiet


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every process that can ring the bell must know the broker.
        import_string("portal.celery.app")

        register(database_log_is_quiet, deploy=True)
        register(cache_keeps_nothing, deploy=True)

        from portal.account_mails import register_account_mails

        register_account_mails()
