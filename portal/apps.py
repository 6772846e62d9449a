from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every process that can ring the bell must know the broker.
        import_string("portal.celery.app")

        from portal.account_mails import register_account_mails
        from portal.checks import CHECKS
        from portal.desk.registry import register_names
        from portal.letters.registry import register_names as register_letters
        from portal.people.notices import register_notices
        from portal.sheets.mails import register_kinds
        from portal.sheets.registry import register_names as register_sheets

        for check in CHECKS:
            register(check, deploy=True)

        register_account_mails()
        register_names()
        register_letters()
        register_notices()
        register_sheets()
        register_kinds()
